/**
 * Over-sampling of the generated credit-score data with synthetic rows. The
 * quality is the number of rows afterwards, which must be the same; how the new
 * rows are distributed is tested in tests/samplers.
 */

import type { BenchCase, Suite } from "../suite.ts";

const sampler = (name: string): BenchCase => ({
  name,
  ours: { script: "sides/sampler.ts", options: { sampler: name } },
  peers: {
    "imbalanced-learn": {
      command: { script: "python/sampler.py", options: { sampler: name } },
      packages: ["imbalanced-learn", "scikit-learn"],
    },
  },
  quality: "rows",
  target: {
    timeRatio: 1,
    quality: { wanted: "the same", holds: (ours, [theirs]) => ours === theirs },
  },
  // Exact neighbours: a million rows are a hundred times the work of 100,000.
  maxRows: 100_000,
});

const suite: Suite = {
  name: "samplers",
  description: "Synthetic rows for the smaller classes, with exact nearest neighbours.",
  prepare: [{ script: "sides/credit_data.ts" }],
  cases: ["SMOTE", "ADASYN", "BorderlineSMOTE"].map(sampler),
};

export default suite;
