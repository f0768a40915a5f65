/** Logistic regression: the linear baseline of classification. */

import { fillSettings, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../table/mod.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "./class_weight.ts";
import type { FitOptions, Learner, LinearClassifier } from "./contract.ts";
import { filledColumns } from "./imputed_columns.ts";
import { lbfgs } from "./lbfgs.ts";
import { linearImportances } from "./linear_scores.ts";
import { logisticLoss } from "./logistic_loss.ts";
import { checkRanges } from "./parameters.ts";
import { checkTrainingData } from "./training_data.ts";

/** Parameters of {@link logisticRegression}, named as scikit-learn's. */
export interface LogisticRegressionParams {
  /** Inverse strength of the L2 penalty, above 0 to 1e12; default 1. */
  readonly C?: number;
  /** Weights of the classes; default null. */
  readonly classWeight?: ClassWeight;
  /** Largest component of the gradient at the end of the fit, above 0 to 1; default 1e-6. */
  readonly tol?: number;
  /** Most steps of the fit, 1 to 100,000; default 500. */
  readonly maxIter?: number;
}

/**
 * A logistic regression with the loss and the C of scikit-learn's
 * `LogisticRegression`: multinomial for several classes, an L2 penalty that
 * spares the intercept. The descent scales the columns for itself, so that they
 * need not be standardised to arrive; the penalty is on the coefficients of the
 * columns as they are.
 *
 * A missing value counts as the column's mean over the training rows. Where the
 * fit ends before its tolerance, the model says `converged: false`. It runs on
 * one thread and leaves the pool to other fits.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../table/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[0], [1], [2], [10], [11], [12]]);
 * const y = Int32Array.of(0, 0, 0, 1, 1, 1);
 * const model = await logisticRegression().fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function logisticRegression(
  params: LogisticRegressionParams = {},
): Learner<LinearClassifier> {
  const name = "LogisticRegression";
  const defaults = { C: 1, classWeight: null, tol: 1e-6, maxIter: 500 };
  const filled = fillSettings<Required<LogisticRegressionParams>>(name, defaults, params);
  checkRanges(name, filled, {
    C: { min: Number.MIN_VALUE, max: 1e12 },
    tol: { min: Number.MIN_VALUE, max: 1 },
    maxIter: { min: 1, max: 100_000, whole: true },
  });
  checkClassWeight(name, filled.classWeight);
  return { name, params: { ...filled }, fit: (X, y, options) => fit(filled, X, y, options) };
}

async function fit(
  params: Required<LogisticRegressionParams>,
  X: Matrix,
  y: Int32Array,
  options: FitOptions,
): Promise<LinearClassifier> {
  checkTrainingData(X, y, options);
  const { C, classWeight, tol, maxIter } = params;
  const { classes } = options;
  const pace = new YieldingLoop(options);
  const sampleWeight = weighRows(y, classWeight, options);
  const filled = filledColumns(X, sampleWeight);
  const { objective, start, planes } = logisticLoss({ filled, y, classes, sampleWeight, C });
  const descent = lbfgs(objective, start, { tolerance: tol, maxIterations: maxIter });
  let step = descent.next();
  for (; !step.done; step = descent.next()) await pace.step(step.value / (maxIter + 1));
  await pace.step(1);
  const { point, iterations, converged } = step.value;
  const { coefficients, intercepts } = planes(point);
  return {
    kind: "LogisticRegression",
    params: { ...params },
    classes,
    centre: filled.centre,
    ...{ coefficients, intercepts, iterations, converged },
    featureImportances: linearImportances(coefficients, filled.spread),
  };
}
