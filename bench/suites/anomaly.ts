/** Isolation forest and ECOD beside scikit-learn and pyod, on 25 continuous columns without labels. */

import type { BenchCase, Suite } from "../suite.ts";

function forest(task: "fit" | "score"): BenchCase {
  return {
    name: `IsolationForest ${task}`,
    ours: {
      script: "sides/detector.ts",
      options: { task, detector: { kind: "isolationForest", params: { nEstimators: 100 } } },
    },
    peers: {
      "scikit-learn": {
        command: { script: "python/detector.py", options: { task, trees: 100 } },
        packages: ["scikit-learn"],
      },
    },
    quality: "mean score",
    target: {
      timeRatio: 5,
      quality: {
        wanted: "within 0.01",
        holds: (ours, peers) => Math.abs(ours - peers[0]) <= 0.01,
      },
    },
  };
}

const suite: Suite = {
  name: "anomaly",
  description: "Fit and score 100 isolation trees on 25 continuous columns.",
  prepare: [{ script: "sides/numeric_data.ts" }],
  cases: [forest("fit"), forest("score")],
};

export default suite;
