/** The whole job of the train pipeline on prepared features and folds. */

import type { Suite } from "../suite.ts";

const suite: Suite = {
  name: "job",
  description: "Five samplers with two learners on five folds, the best fitted to all rows.",
  prepare: [{ script: "sides/credit_data.ts" }],
  cases: [{
    name: "job: 10 combinations x 5 folds",
    ours: { script: "sides/job.ts" },
    peers: {
      "scikit-learn + imbalanced-learn + XGBoost": {
        command: { script: "python/job.py" },
        packages: ["scikit-learn", "imbalanced-learn", "xgboost"],
      },
    },
    quality: "best macro-F1",
    target: {
      timeRatio: 5,
      memoryShare: 0.5,
      quality: {
        wanted: "at most 0.005 lower",
        holds: (ours, [theirs]) => ours >= theirs - 0.005,
      },
    },
    rounds: 3,
    maxRows: 100_000,
  }],
};

export default suite;
