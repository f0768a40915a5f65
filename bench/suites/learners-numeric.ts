/** Random forest on 25 continuous columns, where exact splits have most to sort. */

import type { Suite } from "../suite.ts";

const suite: Suite = {
  name: "learners-numeric",
  description: "Fit on 25 continuous columns.",
  prepare: [{ script: "sides/numeric_data.ts" }],
  cases: [{
    name: "RandomForest fit",
    ours: {
      script: "sides/learner.ts",
      options: {
        ...{ data: "numeric", task: "fit", learner: "RandomForest" },
        params: { nEstimators: 100 },
      },
    },
    peers: {
      "scikit-learn": {
        command: {
          script: "python/learner.py",
          options: {
            ...{ data: "numeric", library: "scikit-learn", task: "fit", quality: "macro-F1" },
            params: { n_estimators: 100 },
          },
        },
        packages: ["scikit-learn"],
      },
    },
    quality: "macro-F1",
    target: {
      timeRatio: 8,
      quality: {
        wanted: "at most 0.005 lower",
        holds: (ours, peers) => ours >= Math.max(...peers) - 0.005,
      },
    },
  }],
};

export default suite;
