/**
 * Random forest and gradient boosting on the generated credit-score data, about
 * 50 numeric and one-hot columns, three classes.
 *
 * Rounds, depth or leaves, learning rate, L2 penalty and least hessian of a leaf
 * mean the same on all sides; whatever else a peer has stays at its default.
 */

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

/**
 * Hessian of a class beside XGBoost's, 2 p (1 − p), as is ours depth-wise.
 * LightGBM's is p (1 − p) K / (K − 1), as is ours leaf-wise: of three classes
 * three quarters of it. The same numbers would make steps a third longer there,
 * and 10,000 rows be learned by heart.
 */
const hessian = { XGBoost: 1, LightGBM: 3 / 4 };

/**
 * Boosting of 100 rounds that grows trees as each side's parameters say.
 *
 * @param like Whose hessian ours is.
 */
function boosting(
  task: "fit" | "predict",
  name: string,
  like: keyof typeof hessian,
  growth: Record<"ours" | keyof typeof hessian, Options>,
): BenchCase {
  const fits = task === "fit";
  const theirs = (library: keyof typeof hessian) =>
    peer(library, library.toLowerCase(), {
      ...{ task, quality: fits ? "log loss" : "macro-F1" },
      params: {
        n_estimators: 100,
        learning_rate: 0.1 * hessian[library],
        reg_lambda: hessian[library],
        min_child_weight: hessian[library],
        ...growth[library],
      },
    });
  return {
    name: `GradientBoosting ${task} (${name})`,
    ours: ours({
      ...{ task, learner: "GradientBoosting" },
      params: {
        nEstimators: 100,
        learningRate: 0.1 * hessian[like],
        regLambda: hessian[like],
        minChildWeight: hessian[like],
        ...growth.ours,
      },
    }),
    peers: { "XGBoost hist": theirs("XGBoost"), LightGBM: theirs("LightGBM") },
    quality: fits ? "log loss" : "macro-F1",
    target: { timeRatio: fits ? 1 : 3, quality: fits ? sameLoss : sameF1 },
  };
}

const depthWise = (task: "fit" | "predict") =>
  boosting(task, "depth 6", "XGBoost", {
    ours: { maxDepth: 6 },
    XGBoost: { max_depth: 6 },
    // All 64 leaves that depth 6 has room for.
    LightGBM: { max_depth: 6, num_leaves: 64 },
  });

const leafWise = (task: "fit" | "predict") =>
  boosting(task, "31 leaves", "LightGBM", {
    ours: { numLeaves: 31, maxDepth: 30 },
    XGBoost: { grow_policy: "lossguide", max_leaves: 31, max_depth: 0 },
    LightGBM: { num_leaves: 31 },
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
    depthWise("fit"),
    leafWise("fit"),
    depthWise("predict"),
    leafWise("predict"),
  ],
};

export default suite;
