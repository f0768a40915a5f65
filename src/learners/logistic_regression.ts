/** Logistic regression: the linear baseline of classification. */

import { fillSettings, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "./class_weight.ts";
import type { FitOptions, Learner, LinearClassifier } from "./contract.ts";
import { filledColumns } from "./imputed_columns.ts";
import { lbfgs } from "./lbfgs.ts";
import { linearImportances } from "./linear_scores.ts";
import { logisticLoss, type LogisticProblem } from "./logistic_loss.ts";
import { orthantDescent } from "./orthant_descent.ts";
import { checkRanges } from "./parameters.ts";
import { sparseLogisticLoss } from "./sparse_logistic_loss.ts";
import { sparseRows } from "./sparse_rows.ts";
import { checkTrainingData } from "./training_data.ts";

/** Parameters of {@link logisticRegression}, named as scikit-learn's. */
export interface LogisticRegressionParams {
  /** Inverse strength of the penalty, above 0 to 1e12; default 1. */
  readonly C?: number;
  /**
   * Share of the L1 penalty, which sets coefficients to 0, beside the L2 penalty, from 0 (default)
   * to 1 (the L1 penalty alone).
   */
  readonly l1Ratio?: number;
  /** Weights of the classes; default null. */
  readonly classWeight?: ClassWeight;
  /** Largest component of the gradient at the end of the fit, above 0 to 1; default 1e-6. */
  readonly tol?: number;
  /** Most steps of the fit, 1 to 100,000; default 500. */
  readonly maxIter?: number;
}

/**
 * A logistic regression with the loss and the C of scikit-learn's
 * `LogisticRegression`: multinomial for several classes, a penalty of L2, L1 or
 * both (elastic net) that spares the intercept. The descent scales the columns for itself, so that they
 * need not be standardised to arrive; the penalty is on the coefficients of the
 * columns as they are.
 *
 * A missing value counts as the column's mean over the training rows. Where the
 * fit ends before its tolerance, the model says `converged: false`. It runs on
 * one thread and leaves the pool to other fits. Columns of texts are read too.
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
 * const model = await logisticRegression().fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-1], [20]]))], [0, 1]);
 * ```
 */
export function logisticRegression(
  params: LogisticRegressionParams = {},
): Learner<LinearClassifier> {
  const name = "LogisticRegression";
  const defaults = { C: 1, l1Ratio: 0, classWeight: null, tol: 1e-6, maxIter: 500 };
  const filled = fillSettings<Required<LogisticRegressionParams>>(name, defaults, params);
  checkRanges(name, filled, {
    C: { min: Number.MIN_VALUE, max: 1e12 },
    l1Ratio: { min: 0, max: 1 },
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
  checkTrainingData(X, y, { ...options, bags: true });
  const { C, l1Ratio, classWeight, tol, maxIter } = params;
  const { classes } = options;
  const pace = new YieldingLoop(options);
  const sampleWeight = weighRows(y, classWeight, options);
  const problem = { y, classes, sampleWeight, C, l1Ratio };
  const { centre, objective, start, l1, planes } = X.bags
    ? lossOfBags(X, problem)
    : lossOfNumbers(X, problem);
  const stop = { tolerance: tol, maxIterations: maxIter };
  const descent = l1 === undefined
    ? lbfgs(objective, start, stop)
    : orthantDescent(objective, start, l1, stop);
  let step = descent.next();
  for (; !step.done; step = descent.next()) await pace.step(step.value / (maxIter + 1));
  await pace.step(1);
  const { point, iterations, converged } = step.value;
  return {
    kind: "LogisticRegression",
    params: { ...params },
    classes,
    centre,
    ...planes(point),
    ...{ iterations, converged },
  };
}

function lossOfNumbers(X: Matrix, problem: Omit<LogisticProblem, "filled">) {
  const filled = filledColumns(X, problem.sampleWeight);
  const { planes, ...loss } = logisticLoss({ filled, ...problem });
  return {
    ...loss,
    centre: filled.centre,
    planes(point: Float64Array) {
      const { coefficients, intercepts } = planes(point);
      const featureImportances = linearImportances(coefficients, filled.spread);
      return { coefficients, intercepts, featureImportances };
    },
  };
}

function lossOfBags(X: Matrix, problem: Omit<LogisticProblem, "filled">) {
  const sparse = sparseRows(X, problem.sampleWeight, true);
  return { ...sparseLogisticLoss(sparse, problem), centre: sparse.filled.centre };
}
