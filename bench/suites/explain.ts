/**
 * Shapley values of the features for held-out rows, on the peer's own trees:
 * XGBoost's (100 rounds, depth 6, three classes) and a forest of scikit-learn
 * (100 trees, depth 8). The quality is the largest difference to the peer's values.
 */

import type { BenchCase, Suite } from "../suite.ts";

const explained = (name: string, model: string, packageName: string): BenchCase => ({
  name,
  ours: { script: "sides/tree_shap.ts", options: { model } },
  peers: {
    [`shap (${packageName})`]: {
      command: { script: "python/tree_shap.py", options: { model } },
      packages: ["shap", packageName],
    },
  },
  quality: "difference",
  target: {
    timeRatio: 1,
    quality: { wanted: "at most 0.0001", holds: (ours) => ours <= 1e-4 },
  },
  rounds: 3,
  maxRows: 100_000,
});

const suite: Suite = {
  name: "explain",
  description: "Exact Shapley values on the same trees.",
  prepare: [{ script: "sides/credit_data.ts" }, { script: "python/shap_models.py" }],
  cases: [
    explained("TreeSHAP", "shap_boosting", "xgboost"),
    { ...explained("TreeSHAP (forest)", "shap_forest", "scikit-learn"), maxRows: 10_000 },
  ],
};

export default suite;
