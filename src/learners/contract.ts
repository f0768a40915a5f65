/** What every learner takes and gives. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { TreeEnsemble } from "../trees/mod.ts";
import type { LearningCurve } from "./learning_curve.ts";

/** The parameters that a model was fitted with, defaults filled in; plain data. */
export type LearnerParams = Readonly<
  Record<string, number | string | boolean | null | readonly number[]>
>;

/** How any fit is seeded, spread, watched and stopped. */
export interface RegressionOptions {
  /** Seed of everything random in the fit. */
  readonly seed: number;
  /** Weight of each row, shape [rows]; 1 if it is left out. */
  readonly sampleWeight?: Float32Array;
  /**
   * Group of each row, as its customer, shape [rows]: where a fit holds rows out
   * (early stopping, calibration), groups stay whole.
   */
  readonly groups?: Int32Array;
  /** Workers to spread the work over; the result does not depend on it. */
  readonly pool?: WorkerPool;
  /** Stops the fit. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
  /**
   * Hears the validation metric after each round, from 0, of a boosting that is given validation
   * rows; what it throws ends the fit.
   */
  readonly onRound?: (round: number, metric: number) => void;
}

/** How the fit of a classifier is seeded, spread, watched and stopped. */
export interface FitOptions extends RegressionOptions {
  /** Number of classes; labels are 0 to classes − 1. */
  readonly classes: number;
}

/** A fitted tree classifier as plain data: it survives a thread border, JSON and a file. */
export interface TreeClassifier {
  /** Which learner made it. */
  readonly kind: "RandomForest" | "ExtraTrees" | "GradientBoosting" | "Dummy";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** Number of classes. */
  readonly classes: number;
  /** The trees. */
  readonly trees: TreeEnsemble;
  /** Share of the total split gain that each feature brought, sums to 1 unless no tree splits, shape [features]. */
  readonly featureImportances: Float64Array;
  /** How the error fell, of a boosting that was fitted with validation rows. */
  readonly curve?: LearningCurve;
}

/** What the terms of a column of bags do to the scores of a linear model. */
export interface BagPlanes {
  /** Which column of the matrix. */
  readonly column: number;
  /** Number of terms. */
  readonly terms: number;
  /** Change of each score with each term, term by term, shape [terms × scores]. */
  readonly coefficients: Float32Array;
}

/** A fitted linear classifier as plain data. */
export interface LinearClassifier {
  /** Which learner made it. */
  readonly kind: "LogisticRegression" | "LinearSvm";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** Number of classes. */
  readonly classes: number;
  /** What each column is measured from; a missing value counts as this, shape [features]. */
  readonly centre: Float64Array;
  /**
   * Change of each score with each feature, score by score, shape [scores ×
   * features]: one score, the log odds of class 1, for two classes, else one
   * for each class.
   */
  readonly coefficients: Float64Array;
  /** Change of each score with each term of the columns that hold bags; absent without such columns. */
  readonly bags?: readonly BagPlanes[];
  /** Scores of a row at the centre, with empty bags, shape [scores]. */
  readonly intercepts: Float64Array;
  /** Steps that the fit took. */
  readonly iterations: number;
  /** Whether the fit reached its tolerance; if not, raise `maxIter` or scale the columns. */
  readonly converged: boolean;
  /** Share of each feature's |coefficient| × standard deviation, sums to 1, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** Training rows that are kept to be compared with, as plain data. */
export interface Neighbors {
  /** What each column is measured from; a missing value counts as this, shape [features]. */
  readonly centre: Float64Array;
  /** Whole numbers to one unit of each column, shape [features]. */
  readonly scale: Float64Array;
  /** The rows in whole numbers, row by row, shape [rows × features]. */
  readonly places: Float32Array;
  /** How much each row says, above 0, shape [rows]. */
  readonly weights: Float32Array;
  /** How many of the nearest are asked. */
  readonly neighbors: number;
}

/** A classifier that asks the nearest training rows. */
export interface NeighborClassifier extends Neighbors {
  /** Which learner made it. */
  readonly kind: "KNeighbors";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** Number of classes. */
  readonly classes: number;
  /** Class of each row, shape [rows]. */
  readonly labels: Int32Array;
  /** Zeros: neighbours say nothing of features, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** A classifier that can be calibrated. */
export type UncalibratedClassifier = TreeClassifier | LinearClassifier | NeighborClassifier;

/** From a score to the probability of a class, as plain data. */
export type Calibrator =
  | {
    /** A logistic curve: 1 / (1 + exp(−(slope × score + intercept))). */
    readonly method: "sigmoid";
    /** Slope at the score. */
    readonly slope: number;
    /** Log odds at score 0. */
    readonly intercept: number;
  }
  | {
    /** A rising line through points, level beyond its ends. */
    readonly method: "isotonic";
    /** Scores of the points, rising. */
    readonly scores: readonly number[];
    /** Their probabilities, not falling. */
    readonly probabilities: readonly number[];
  };

/** A classifier and what turns its scores into truer probabilities, as plain data. */
export interface CalibratedClassifier {
  /** Says that it is calibrated. */
  readonly kind: "Calibrated";
  /** The parameters of the calibration and of the classifier under it. */
  readonly params: LearnerParams;
  /** Number of classes. */
  readonly classes: number;
  /** The classifier that gives the scores. */
  readonly base: UncalibratedClassifier;
  /** One for two classes, which tells the probability of class 1; else one for each class. */
  readonly calibrators: readonly Calibrator[];
  /** Those of the classifier that gives the scores, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** Any fitted classifier: what `predict`, `predictProba`, `saveModel` and the ONNX export take. */
export type Classifier = UncalibratedClassifier | CalibratedClassifier;

/** Trees fitted to numbers, as plain data: `task` tells them from a classifier. */
export interface TreeRegressor {
  /** Which learner made it. */
  readonly kind: "RandomForest" | "ExtraTrees" | "GradientBoosting" | "Dummy";
  /** Says that it predicts numbers. */
  readonly task: "regression";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** The trees: one output, link "identity". */
  readonly trees: TreeEnsemble;
  /** Share of the total split gain that each feature brought, sums to 1 unless no tree splits, shape [features]. */
  readonly featureImportances: Float64Array;
  /** How the error fell, of a boosting that was fitted with validation rows. */
  readonly curve?: LearningCurve;
}

/** A fitted linear regression as plain data. */
export interface LinearRegressor {
  /** Which learner made it. */
  readonly kind: "LinearRegression" | "ElasticNet";
  /** Says that it predicts numbers. */
  readonly task: "regression";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** What each column is measured from; a missing value counts as this, shape [features]. */
  readonly centre: Float64Array;
  /** Change of the prediction with each feature, shape [features]. */
  readonly coefficients: Float64Array;
  /** Prediction of a row at the centre, shape [1]. */
  readonly intercepts: Float64Array;
  /** Share of each feature's |coefficient| × standard deviation, sums to 1, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** A regression that asks the nearest training rows. */
export interface NeighborRegressor extends Neighbors {
  /** Which learner made it. */
  readonly kind: "KNeighbors";
  /** Says that it predicts numbers. */
  readonly task: "regression";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** Target of each row, shape [rows]. */
  readonly targets: Float64Array;
  /** Zeros: neighbours say nothing of features, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** Any fitted regression: what `predictValues`, `saveModel` and the ONNX export take. */
export type RegressionModel = TreeRegressor | LinearRegressor | NeighborRegressor;

/** A classifier before it is fitted: parameters and the way to fit them. */
export interface Learner<Model extends Classifier = TreeClassifier> {
  /** Name in reports and file names, as `RandomForest`. */
  readonly name: string;
  /** The parameters that a fit uses, defaults filled in. */
  readonly params: LearnerParams;
  /**
   * Fits the learner to `X` (NaN is a missing value) and labels `y`.
   *
   * @throws {DataError} if the data cannot be learned from; the message names why.
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
   * @throws {DataError} if the data cannot be learned from; the message names why.
   */
  fit(X: Matrix, y: Float32Array | Float64Array, options: RegressionOptions): Promise<Model>;
}
