/**
 * Random forest and gradient boosting on the generated credit-score data, about
 * 50 numeric and one-hot columns, three classes.
 *
 * Rounds, depth or leaves, learning rate, L2 penalty and least hessian of a leaf
 * are the same on all sides; whatever else a peer has stays at its default.
 */

import { gradientBoosting } from "../../src/learners/mod.ts";
import type { BenchCase, Command, Peer, Suite, Target } from "../suite.ts";

type Options = Readonly<Record<string, unknown>>;

const ours = (options: Options): Command => ({
  script: "sides/learner.ts",
  options: { data: "credit", ...options },
});

const peer = (library: string, packageName: string, options: Options): Peer => ({
  command: { script: "python/learner.py", options: { data: "credit", library, ...options } },
  packages: [packageName],
});

const forest = { learner: "RandomForest", params: { nEstimators: 100 } };
const scikitLearn = (task: "fit" | "predict") =>
  peer("scikit-learn", "scikit-learn", {
    ...{ task, quality: "macro-F1" },
    params: { n_estimators: 100 },
  });

// A seed each round: the mean of five rounds is the mean over five seeds.
const sameF1: Target["quality"] = {
  wanted: "at most 0.005 lower",
  holds: (ours, peers) => ours >= Math.max(...peers) - 0.005,
};

const sameLoss: Target["quality"] = {
  wanted: "within 1 % of the best peer",
  holds: (ours, peers) => ours <= 1.01 * Math.min(...peers),
};

/** Boosting of 100 rounds that grows trees as each side's parameters say. */
function boosting(
  name: string,
  growth: Record<"ours" | "xgboost" | "lightgbm", Options>,
): BenchCase {
  const peers = {
    n_estimators: 100,
    learning_rate: 0.1,
    reg_lambda: 1,
    min_child_weight: 1,
  };
  const task = { task: "fit", quality: "log loss" };
  return {
    name,
    ours: ours({
      ...{ task: "fit", learner: "GradientBoosting" },
      params: {
        nEstimators: 100,
        learningRate: 0.1,
        regLambda: 1,
        minChildWeight: 1,
        ...growth.ours,
      },
    }),
    peers: {
      "XGBoost hist": peer("XGBoost", "xgboost", {
        ...task,
        params: { ...peers, ...growth.xgboost },
      }),
      LightGBM: peer("LightGBM", "lightgbm", { ...task, params: { ...peers, ...growth.lightgbm } }),
    },
    quality: "log loss",
    target: { timeRatio: 1, quality: sameLoss },
  };
}

const depthWise = boosting("GradientBoosting fit (depth 6)", {
  ours: { maxDepth: 6 },
  xgboost: { max_depth: 6 },
  // All 64 leaves that depth 6 has room for.
  lightgbm: { max_depth: 6, num_leaves: 64 },
});

const leafWise = boosting("GradientBoosting fit (31 leaves)", {
  ours: { numLeaves: 31, maxDepth: 30 },
  xgboost: { grow_policy: "lossguide", max_leaves: 31, max_depth: 0 },
  lightgbm: { num_leaves: 31 },
});

const suite: Suite = {
  name: "learners",
  description: "Fit and predict on credit-score rows with about 50 numeric and one-hot columns.",
  prepare: [{ script: "sides/credit_data.ts" }],
  cases: [
    {
      name: "RandomForest fit",
      ours: ours({ ...forest, task: "fit" }),
      peers: { "scikit-learn": scikitLearn("fit") },
      quality: "macro-F1",
      target: { timeRatio: 5, quality: sameF1 },
    },
    {
      name: "RandomForest predict",
      ours: ours({ ...forest, task: "predict" }),
      peers: { "scikit-learn": scikitLearn("predict") },
      quality: "macro-F1",
      target: { timeRatio: 2, quality: sameF1 },
    },
    depthWise,
    // Left out, not measured as something else, while the learner grows by depth alone.
    ...("numLeaves" in gradientBoosting().params ? [leafWise] : []),
  ],
};

export default suite;
