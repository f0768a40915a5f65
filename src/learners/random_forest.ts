/** Random forest for classes: deep trees, each on its own draw of the rows, that vote by their shares. */

import { fillSettings } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "./class_weight.ts";
import type { FitOptions, Learner, TreeClassifier } from "./contract.ts";
import { growForest } from "./forest_growth.ts";
import {
  bootstraps,
  checkForestParams,
  forestDefaults,
  type ForestKind,
  type ForestParams,
} from "./forest_params.ts";
import { type OutOfBag, outOfBagClasses } from "./out_of_bag.ts";
import { refuseParameter } from "./parameters.ts";
import { type Criterion, shared, shareUnitsFor } from "../tree_growth/mod.ts";
import { checkTrainingData } from "./training_data.ts";

/** Parameters of {@link randomForest}; `maxFeatures` is "sqrt" unless set. */
export interface RandomForestParams extends ForestParams {
  /** Measure of impurity; default "gini". */
  readonly criterion?: Criterion;
  /** How much each class counts; default null, all rows alike. */
  readonly classWeight?: ClassWeight;
}

type Params = Required<RandomForestParams>;

/** A fitted forest that votes for classes. */
export interface ForestClassifier extends TreeClassifier {
  /**
   * How well trees do on rows that they have not seen, if `oobScore` asked
   * for it: `score` is the accuracy, `predictions` are probabilities, class by
   * class, shape [classes × rows]. It tells about the fit and is not saved.
   */
  readonly outOfBag?: OutOfBag;
}

const criteria: readonly unknown[] = ["gini", "entropy", "log_loss"] satisfies Criterion[];

/**
 * A random forest classifier with the parameters and defaults of scikit-learn's
 * `RandomForestClassifier` (Breiman, 2001, "Random Forests"). Splits are sought
 * on at most 255 bins of each column; missing values go to the side that
 * separates the classes better. Leaves hold the shares of the classes, a
 * prediction is their mean over the trees.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11], [12]]);
 * const y = Int32Array.of(0, 0, 0, 1, 1, 1);
 * const model = await randomForest({ nEstimators: 10 }).fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function randomForest(params: RandomForestParams = {}): Learner<ForestClassifier> {
  return forestClassifier("RandomForest", params);
}

/** A forest of either kind. */
export function forestClassifier(
  name: ForestKind,
  params: RandomForestParams,
): Learner<ForestClassifier> {
  const defaults: Params = {
    ...forestDefaults,
    bootstrap: bootstraps(name),
    maxFeatures: "sqrt",
    criterion: "gini",
    classWeight: null,
  };
  const filled = fillSettings(name, defaults, params);
  checkForestParams(name, filled);
  if (!criteria.includes(filled.criterion)) {
    refuseParameter(name, "criterion", filled.criterion, '"gini" or "entropy"');
  }
  checkClassWeight(name, filled.classWeight);
  return {
    name,
    params: { ...filled },
    fit: (X, y, options) => fit(name, filled, X, y, options),
  };
}

async function fit(
  kind: ForestKind,
  params: Params,
  X: Matrix,
  y: Int32Array,
  options: FitOptions,
): Promise<ForestClassifier> {
  checkTrainingData(X, y, options);
  const { classes } = options;
  const weighed = { ...options, sampleWeight: weighRows(y, params.classWeight, options) };
  checkTrainingData(X, y, weighed);
  const target = {
    labels: shared(y),
    classes,
    criterion: params.criterion,
    shareUnits: shareUnitsFor(params.nEstimators),
  };
  const shape = { outputs: classes, base: new Float32Array(classes) };
  const forest = await growForest(kind, params, X, target, shape, weighed);
  const model: ForestClassifier = {
    kind,
    params: { ...params },
    classes,
    ...forest,
  };
  if (!params.oobScore) return model;
  return { ...model, outOfBag: await outOfBagClasses(forest.trees, params, X, y, weighed) };
}
