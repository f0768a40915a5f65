/** Gradient boosting: shallow trees one after another, each against what is still wrong. */

import { DataError, UsageError } from "../base/mod.ts";
import type { Matrix, SlicedRows } from "../dataset/mod.ts";
import { type BoostingParams, fillBoosting, type FilledBoosting } from "./boosting_params.ts";
import { binFor, binSlicesFor, boost, type ValidationRows } from "./boosting_rounds.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "./class_weight.ts";
import type { FitOptions, Learner, TreeClassifier } from "./contract.ts";
import type { BinnedMatrix, LossSpec } from "../tree_growth/mod.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";
import { checkClassLabels, checkShapes, checkTrainingData } from "./training_data.ts";

/** Parameters of {@link gradientBoosting}, named as XGBoost's and LightGBM's. */
export interface GradientBoostingParams extends BoostingParams {
  /** How much each class counts; default null: all rows alike. */
  readonly classWeight?: ClassWeight;
  /** Factor on the weight of class 1 of two classes, above 0; default 1. */
  readonly scalePosWeight?: number;
  /** Whether the rarer of two classes is weighted up to the other; default false. */
  readonly isUnbalance?: boolean;
}

/** A fit of {@link gradientBoosting}, with rows to watch it by. */
export interface BoostingOptions extends FitOptions {
  /** Rows that are not learned from: they give the curve and stop the fit early. */
  readonly validation?: ValidationRows<Int32Array>;
}

/** A gradient boosting classifier before it is fitted. */
export interface BoostingLearner extends Learner {
  /**
   * Fits the boosting to `X` (NaN is a missing value) and labels `y`.
   *
   * @throws {DataError} if the data cannot be learned from; the message names why.
   */
  fit(X: Matrix, y: Int32Array, options: BoostingOptions): Promise<TreeClassifier>;
}

/** A boosting that need not hold its rows. */
export interface SlicedBoostingLearner extends BoostingLearner {
  /**
   * Fits the boosting to rows that need not fit in memory, whose targets are labels: they are read
   * twice, in slices, and held are two bytes for each value. Of more than 262,144 rows, the bins are
   * those of as many, spread over all.
   *
   * @throws {DataError} if the data cannot be learned from; the message names why.
   */
  fitSlices(rows: SlicedRows, options: BoostingOptions): Promise<TreeClassifier>;
}

type Params = FilledBoosting & Required<GradientBoostingParams>;

/**
 * A gradient boosting classifier with the parameters of XGBoost
 * (`tree_method="hist"`) and LightGBM and, for depth-wise growth, XGBoost's
 * defaults, for leaf-wise growth LightGBM's: second-order softmax for several
 * classes, logistic loss for two. Missing values learn at each split which way
 * to go; infinite values are refused.
 *
 * A large fit spreads over the pool's workers; the model does not depend on
 * their number. Monotone constraints hold for the probability of class 1.
 *
 * Sources: Chen and Guestrin (2016), "XGBoost"; Ke et al. (2017), "LightGBM".
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [3], [4], [10], [11], [12], [13], [14]]);
 * const y = Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 1, 1);
 * const model = await gradientBoosting({ nEstimators: 10 }).fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function gradientBoosting(params: GradientBoostingParams = {}): SlicedBoostingLearner {
  const own = { classWeight: null, scalePosWeight: 1, isUnbalance: false };
  const filled = fillBoosting<Omit<Params, keyof FilledBoosting>>(params, own);
  const { classWeight, scalePosWeight, isUnbalance } = filled;
  checkClassWeight("GradientBoosting", classWeight);
  checkRanges("GradientBoosting", filled, {
    scalePosWeight: { min: Number.MIN_VALUE, max: Number.MAX_VALUE },
  });
  if (typeof isUnbalance !== "boolean") {
    refuseParameter("GradientBoosting", "isUnbalance", isUnbalance, "true or false");
  }
  if (Number(isUnbalance) + Number(scalePosWeight !== 1) + Number(classWeight !== null) > 1) {
    throw new UsageError(
      "Cannot weigh classes in several ways: more than one of classWeight, scalePosWeight and isUnbalance is set",
      { next: "set one of them" },
    );
  }
  return {
    name: "GradientBoosting",
    params: { ...filled },
    fit: (X, y, options) => fit(filled, X, y, options),
    fitSlices: (rows, options) => fitSlices(filled, rows, options),
  };
}

async function fit(
  params: Params,
  X: Matrix,
  y: Int32Array,
  options: BoostingOptions,
): Promise<TreeClassifier> {
  checkTrainingData(X, y, options);
  checkOptions(params, X, options);
  const weighed = { ...options, sampleWeight: weighRows(y, params.classWeight, options) };
  return await boostClasses(params, binFor(params, X, weighed), y, weighed);
}

async function fitSlices(
  params: Params,
  rows: SlicedRows,
  options: BoostingOptions,
): Promise<TreeClassifier> {
  const labels = new Float64Array(rows.rows);
  const { sampleWeight: weights, classes } = options;
  checkShapes(rows, labels, "labels", { weights, groups: undefined });
  checkOptions(params, rows, options);
  let sampleWeight: Float32Array | undefined;
  const binned = await binSlicesFor(params, rows, labels, {
    ...options,
    weights: () => {
      checkClassLabels(labels, classes, weights);
      return sampleWeight = weighRows(labels, params.classWeight, options);
    },
  });
  return await boostClasses(params, binned, labels, { ...options, sampleWeight });
}

function checkOptions(
  params: Params,
  X: Pick<Matrix, "columns">,
  { classes, validation }: BoostingOptions,
): void {
  checkMonotone(params, X, classes);
  if (validation) checkValidation(validation, X, classes);
  if (params.earlyStoppingRounds !== null && !validation) refuseEarlyStopping();
}

async function boostClasses(
  params: Params,
  binned: BinnedMatrix,
  y: ArrayLike<number>,
  options: BoostingOptions,
): Promise<TreeClassifier> {
  const { classes } = options;
  const outputs = classes === 2 ? 1 : classes;
  const softmaxFactor = params.growth === "leafwise" ? classes / (classes - 1) : 2;
  const loss: LossSpec = { kind: classes === 2 ? "logistic" : "softmax", outputs, softmaxFactor };
  const boosted = await boost(params, loss, binned, Float32Array.from(y), {
    ...options,
    classFactors: classFactors(params, y, options),
  });
  return { kind: "GradientBoosting", params: { ...params }, classes, ...boosted };
}

/** The factors of two classes, if scalePosWeight or isUnbalance sets them. */
function classFactors(
  { scalePosWeight, isUnbalance }: Params,
  y: ArrayLike<number>,
  { classes, sampleWeight }: FitOptions,
): readonly number[] | undefined {
  if (scalePosWeight === 1 && !isUnbalance) return undefined;
  if (classes !== 2) {
    throw new UsageError(
      `Cannot weigh ${classes} classes by scalePosWeight or isUnbalance, which are for two`,
      { next: 'set classWeight, for example to "balanced"' },
    );
  }
  if (!isUnbalance) return [1, scalePosWeight];
  const totals = [0, 0];
  for (let i = 0; i < y.length; i++) totals[y[i]] += sampleWeight ? sampleWeight[i] : 1;
  const most = Math.max(...totals);
  return totals.map((total) => most / total);
}

function checkMonotone(
  { monotone }: FilledBoosting,
  X: Pick<Matrix, "columns">,
  classes: number,
): void {
  checkMonotoneWidth(monotone, X);
  if (classes > 2 && monotone?.some((direction) => direction !== 0)) {
    throw new UsageError(
      `Cannot keep predictions monotone for ${classes} classes: their probabilities share one sum`,
      { next: "fit two classes or a regression, or take the constraints away" },
    );
  }
}

/** @throws {UsageError} if there is not one constraint for each column. */
export function checkMonotoneWidth(
  monotone: readonly number[] | null,
  X: Pick<Matrix, "columns">,
): void {
  if (monotone && monotone.length !== X.columns) {
    throw new UsageError(
      `Cannot set ${monotone.length} monotone constraints on ${X.columns} columns`,
      { next: "give −1, 0 or 1 for each column" },
    );
  }
}

/**
 * Checks rows to watch a fit by: what they cannot measure would stop it at once.
 *
 * @param classes Number of classes; missing if the targets are numbers.
 * @throws {DataError} if they do not fit to the training rows, have a label,
 * target or weight out of its range, or no weight at all.
 */
export function checkValidation(
  validation: ValidationRows<ArrayLike<number>>,
  X: Pick<Matrix, "columns">,
  classes?: number,
): void {
  const { X: rows, y, sampleWeight } = validation;
  const fits = rows.columns === X.columns && rows.rows === y.length && rows.rows > 0 &&
    (!sampleWeight || sampleWeight.length === rows.rows);
  if (fits) {
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const weight = sampleWeight ? sampleWeight[i] : 1;
      const known = classes === undefined
        ? Number.isFinite(y[i])
        : Number.isInteger(y[i]) && y[i] >= 0 && y[i] < classes;
      if (known && weight >= 0 && weight < Infinity) {
        total += weight;
        continue;
      }
      const what = classes === undefined ? "target" : "label";
      throw new DataError(
        `Cannot validate: row ${i} has ${what} ${y[i]} and weight ${weight}`,
        { next: `give each row a ${what} as the training rows have, and a weight of 0 or more` },
      );
    }
    if (total > 0) return;
    throw new DataError("Cannot validate: all weights are 0", {
      next: "give at least one row of the validation set a positive weight",
    });
  }
  throw new DataError(
    `Cannot validate: the validation set has ${rows.rows} rows, ${rows.columns} columns, ` +
      `${y.length} labels or targets`,
    { next: `give ${X.columns} columns, and one label or target (and weight) for each row` },
  );
}

/** @throws {UsageError} always: there is nothing to stop by. */
export function refuseEarlyStopping(): never {
  throw new UsageError("Cannot stop early: there are no validation rows", {
    next: "give options.validation, or set earlyStoppingRounds to null",
  });
}
