/** A whole search of 50 trials on five folds, beside Optuna with LightGBM. */

import type { Peer, Suite, Target } from "../suite.ts";

const quality: Target["quality"] = {
  wanted: "AUC at most 0.003 lower",
  holds: (ours, peers) => ours >= Math.max(...peers) - 0.003,
};

const peer = (options: Readonly<Record<string, unknown>>): Peer => ({
  command: { script: "python/search.py", options },
  packages: ["optuna", "lightgbm", "scikit-learn"],
});

const suite: Suite = {
  name: "search",
  description:
    "50 trials of boosting by TPE on five folds of rows of two classes, with and without pruning.",
  requirements: "requirements-search.txt",
  prepare: [{ script: "sides/credit_data.ts" }],
  sizes: [1_000, 10_000],
  cases: ["none", "median"].map((pruner) => ({
    name: `50 trials x 5 folds, pruner ${pruner}`,
    ours: { script: "sides/search.ts", options: { pruner } },
    peers: {
      "Optuna + LightGBM": peer({ pruner, bins: "each fit" }),
      "Optuna + LightGBM, bins kept": peer({ pruner, bins: "kept" }),
    },
    quality: "best AUC",
    target: { timeRatio: 5, quality },
    rounds: 3,
  })),
};

export default suite;
