/**
 * Boosting of many rows of 50 columns, from Parquet files to the model, reading included. Ours holds
 * slices. LightGBM is given one array of Float32, filled batch by batch, and slices, as its
 * `Sequence`. `--rows 10000000` for ten million.
 */

import type { Peer, Suite } from "../suite.ts";

const peer = (way: "matrix" | "slices"): Peer => ({
  command: {
    script: "python/growth.py",
    options: { way, params: { n_estimators: 50, num_leaves: 31, learning_rate: 0.1 } },
  },
  packages: ["lightgbm", "pyarrow"],
});

const suite: Suite = {
  name: "growth",
  description: "Boosted trees from Parquet files of 50 columns, reading included.",
  requirements: "requirements-growth.txt",
  sizes: [1_000_000],
  prepare: [{ script: "sides/growth_data.ts" }],
  cases: [{
    name: "GradientBoosting fit from Parquet (31 leaves)",
    ours: {
      script: "sides/growth.ts",
      options: { params: { nEstimators: 50, numLeaves: 31, learningRate: 0.1 } },
    },
    peers: { "LightGBM, array": peer("matrix"), "LightGBM, slices": peer("slices") },
    quality: "log loss",
    target: {
      timeRatio: 1.5,
      memoryShare: 1,
      quality: {
        wanted: "within 1 % of the best peer",
        holds: (ours, peers) => ours <= 1.01 * Math.min(...peers),
      },
    },
    rounds: 1,
  }],
};

export default suite;
