/** A learner whose probabilities are calibrated. */

import { fillSettings, Random, type WorkerPool } from "../../base/mod.ts";
import { type Matrix, stratifiedGroupKFold, stratifiedKFold, takeRows } from "../../dataset/mod.ts";
import type {
  CalibratedClassifier,
  FitOptions,
  Learner,
  UncalibratedClassifier,
} from "../contract.ts";
import { checkRanges, refuseParameter } from "../parameters.ts";
import { pick } from "../pick.ts";
import { checkTrainingData } from "../training_data.ts";
import { type CalibrationMethod, decisionScores, fitCalibrators } from "./calibrate.ts";

/** How {@link calibrated} calibrates, named as scikit-learn's. */
export interface CalibrationParams {
  /** Platt's logistic curve (default), or a rising line, which needs some thousand rows. */
  readonly method?: CalibrationMethod;
  /** Folds whose held-out scores the calibration is fitted to, 2 to 100; default 5. */
  readonly folds?: number;
}

/**
 * A learner that fits `learner` to all rows and calibrates it on scores of rows
 * that were held out: those that each fold gets from a fit to the other folds.
 *
 * Source: scikit-learn `CalibratedClassifierCV(ensemble=False)`.
 *
 * Its fit throws {@link DataError} where a class has fewer rows than there are folds.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { matrixFromRows } from "../../dataset/mod.ts";
 * import { logisticRegression } from "../logistic_regression.ts";
 * import { predictProba } from "../model.ts";
 *
 * const X = matrixFromRows(Array.from({ length: 40 }, (_, i) => [i % 10]));
 * const y = Int32Array.from({ length: 40 }, (_, i) => Number(i % 10 > 4));
 * const model = await calibrated(logisticRegression()).fit(X, y, { classes: 2, seed: 42 });
 * const [no, yes] = await predictProba(model, matrixFromRows([[9]]));
 * assertAlmostEquals(no + yes, 1, 1e-6);
 * ```
 */
export function calibrated(
  learner: Learner<UncalibratedClassifier>,
  calibration: CalibrationParams = {},
): Learner<CalibratedClassifier> {
  const name = `Calibrated${learner.name}`;
  const defaults: Required<CalibrationParams> = { method: "sigmoid", folds: 5 };
  const { method, folds } = fillSettings(name, defaults, calibration);
  checkRanges(name, { folds }, { folds: { min: 2, max: 100, whole: true } });
  checkMethod(name, method);
  const params = { ...learner.params, calibration: method, calibrationFolds: folds };
  return { name, params, fit };

  async function fit(X: Matrix, y: Int32Array, options: FitOptions): Promise<CalibratedClassifier> {
    // The learner itself refuses what it cannot read.
    checkTrainingData(X, y, { ...options, bags: true });
    const { sampleWeight, groups, seed, onProgress } = options;
    let fitted = 0;
    const fitRows = (rows: Int32Array) =>
      learner.fit(takeRows(X, rows), pick(y, rows), {
        ...options,
        sampleWeight: sampleWeight && pick(sampleWeight, rows),
        groups: groups && pick(groups, rows),
        onProgress: (done) => onProgress?.((fitted + done) / (folds + 1)),
      });
    const scoreCount = options.classes === 2 ? 1 : options.classes;
    const heldOut = new Float32Array(scoreCount * X.rows);
    const kFold = { folds, random: new Random(seed) };
    const divided = groups ? stratifiedGroupKFold(y, groups, kFold) : stratifiedKFold(y, kFold);
    for (const { train, test } of divided) {
      const model = await fitRows(train);
      const values = await decisionScores(model, takeRows(X, test), options.pool);
      values.forEach((value, at) => {
        const k = Math.floor(at / test.length);
        heldOut[k * X.rows + test[at % test.length]] = value;
      });
      fitted++;
    }
    const base = await fitRows(Int32Array.from(y.keys()));
    return withCalibrators(base, fitCalibrators(method, heldOut, y, sampleWeight), params);
  }
}

/** What {@link calibrateClassifier} calibrates with. */
export interface CalibrateOptions {
  /** Platt's logistic curve (default), or a rising line, which needs some thousand rows. */
  readonly method?: CalibrationMethod;
  /** Weight of each row, shape [rows]; 1 if it is left out. */
  readonly sampleWeight?: Float32Array;
  /** Workers to predict with; the result does not depend on it. */
  readonly pool?: WorkerPool;
}

/**
 * Calibrates a fitted classifier on rows that it was not fitted on.
 *
 * Source: scikit-learn `CalibratedClassifierCV(FrozenEstimator(…))`.
 *
 * @throws {UsageError} if the method is none.
 * @throws {DataError} if the rows cannot be learned from.
 * @throws {ModelError} if X has another number of columns than the model was fitted on.
 */
export async function calibrateClassifier(
  base: UncalibratedClassifier,
  X: Matrix,
  y: Int32Array,
  { method = "sigmoid", sampleWeight, pool }: CalibrateOptions = {},
): Promise<CalibratedClassifier> {
  checkMethod("calibrateClassifier", method);
  checkTrainingData(X, y, { classes: base.classes, seed: 0, sampleWeight, bags: true });
  const values = await decisionScores(base, X, pool);
  const params = { ...base.params, calibration: method };
  return withCalibrators(base, fitCalibrators(method, values, y, sampleWeight), params);
}

function withCalibrators(
  base: UncalibratedClassifier,
  calibrators: CalibratedClassifier["calibrators"],
  params: CalibratedClassifier["params"],
): CalibratedClassifier {
  const { classes, featureImportances } = base;
  return { kind: "Calibrated", params, classes, base, calibrators, featureImportances };
}

function checkMethod(name: string, method: unknown): void {
  if (method === "sigmoid" || method === "isotonic") return;
  refuseParameter(name, "method", method, '"sigmoid" or "isotonic"');
}
