/** What every learner takes and gives. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../table/mod.ts";
import type { TreeEnsemble } from "../trees/mod.ts";

/** The parameters that a model was fitted with, defaults filled in; plain data. */
export type LearnerParams = Readonly<
  Record<string, number | string | boolean | null | readonly number[]>
>;

/** How any fit is seeded, spread, watched and stopped. */
export interface RegressionOptions {
  /** Seed of everything random in the fit. */
  readonly seed: number;
  /** Weight of each row, shape [rows]; 1 where it is left out. */
  readonly sampleWeight?: Float32Array;
  /** Workers to spread the work over; the result does not depend on it. */
  readonly pool?: WorkerPool;
  /** Stops the fit. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** How the fit of a classifier is seeded, spread, watched and stopped. */
export interface FitOptions extends RegressionOptions {
  /** Number of classes; labels are 0 to classes − 1. */
  readonly classes: number;
}

/** A fitted tree classifier as plain data: it survives a thread border, JSON and a file. */
export interface TreeClassifier {
  /** Which learner made it. */
  readonly kind: "RandomForest" | "GradientBoosting";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** Number of classes. */
  readonly classes: number;
  /** The trees. */
  readonly trees: TreeEnsemble;
  /** Share of the total split gain that each feature brought, sums to 1, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** Any fitted classifier: what `predict`, `predictProba`, `saveModel` and the ONNX export take. */
export type Classifier = TreeClassifier;

/** Trees fitted to numbers, as plain data: `task` tells them from a classifier. */
export interface TreeRegressor {
  /** Which learner made it. */
  readonly kind: "RandomForest" | "GradientBoosting";
  /** Says that it predicts numbers. */
  readonly task: "regression";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** The trees: one output, link "identity". */
  readonly trees: TreeEnsemble;
  /** Share of the total split gain that each feature brought, sums to 1, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** Any fitted regression model: what `predictValues` takes. */
export type RegressionModel = TreeRegressor;

/** A classifier before it is fitted: parameters and the way to fit them. */
export interface Learner<Model extends Classifier = TreeClassifier> {
  /** Name in reports and file names, as `RandomForest`. */
  readonly name: string;
  /** The parameters that a fit uses, defaults filled in. */
  readonly params: LearnerParams;
  /**
   * Fits the learner to `X` (NaN is a missing value) and labels `y`.
   *
   * @throws {DataError} where the data cannot be learned from; the message names why.
   */
  fit(X: Matrix, y: Int32Array, options: FitOptions): Promise<Model>;
}

/** A regression before it is fitted: parameters and the way to fit them. */
export interface Regressor<Model extends RegressionModel = TreeRegressor> {
  /** Name in reports and file names, as `RandomForest`. */
  readonly name: string;
  /** The parameters that a fit uses, defaults filled in. */
  readonly params: LearnerParams;
  /**
   * Fits the learner to `X` (NaN is a missing value) and numbers `y`.
   *
   * @throws {DataError} where the data cannot be learned from; the message names why.
   */
  fit(X: Matrix, y: Float32Array | Float64Array, options: RegressionOptions): Promise<Model>;
}
