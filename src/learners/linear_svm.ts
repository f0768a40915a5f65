/** Linear support vector machine: the strongest plain model of texts. */

import { fillSettings, Random, YieldingLoop } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { checkClassWeight, type ClassWeight, weighRows } from "./class_weight.ts";
import type { FitOptions, Learner, LinearClassifier } from "./contract.ts";
import { descendDual, type DualSettings } from "./dual_descent.ts";
import { checkRanges, refuseParameter } from "./parameters.ts";
import { fittedPlanes, sparseRows } from "./sparse_rows.ts";
import { checkTrainingData } from "./training_data.ts";

/** Parameters of {@link linearSvm}, named as scikit-learn's. */
export interface LinearSvmParams {
  /** Inverse strength of the L2 penalty, above 0 to 1e6; default 1. */
  readonly C?: number;
  /** What a row beyond its margin costs: its square, or itself ("hinge"); default "squaredHinge". */
  readonly loss?: "squaredHinge" | "hinge";
  /** Weights of the classes; default null. */
  readonly classWeight?: ClassWeight;
  /** By how much the gradient may still differ between rows at the end, above 0 to 1; default 1e-3. */
  readonly tol?: number;
  /** Most passes over the rows for each class, 1 to 100,000; default 1000. */
  readonly maxIter?: number;
}

/**
 * A linear support vector machine with the loss and the C of scikit-learn's
 * `LinearSVC`: one plane for two classes, else one for each class against all
 * others; the penalty is on the intercept too. Class weights count for each row
 * as if it came so often, against all planes. Scale columns of numbers first.
 *
 * It decides by the plane that a row lies highest above. What it gives as
 * probabilities is the softmax (logistic curve) of those heights, which knows
 * nothing of how often they are right: calibrate it if they are to be believed.
 *
 * A missing number counts as the column's mean over the training rows. If the fit
 * ends before its tolerance, the model says `converged: false`. It runs on one
 * thread and leaves the pool to other fits.
 *
 * Source: Hsieh et al., 2008, "A dual coordinate descent method for large-scale
 * linear SVM", with shrinking, as liblinear.
 *
 * @throws {UsageError} if a parameter is out of its range.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * import { predict } from "./model.ts";
 *
 * const X = matrixFromRows([[-3], [-2], [-1], [1], [2], [3]]);
 * const y = Int32Array.of(0, 0, 0, 1, 1, 1);
 * const model = await linearSvm().fit(X, y, { classes: 2, seed: 42 });
 * assertEquals([...await predict(model, matrixFromRows([[-9], [9]]))], [0, 1]);
 * ```
 */
export function linearSvm(params: LinearSvmParams = {}): Learner<LinearClassifier> {
  const name = "LinearSvm";
  const defaults: Required<LinearSvmParams> = {
    ...{ C: 1, loss: "squaredHinge", classWeight: null, tol: 1e-3, maxIter: 1000 },
  };
  const filled = fillSettings<Required<LinearSvmParams>>(name, defaults, params);
  checkRanges(name, filled, {
    C: { min: Number.MIN_VALUE, max: 1e6 },
    tol: { min: Number.MIN_VALUE, max: 1 },
    maxIter: { min: 1, max: 100_000, whole: true },
  });
  if (filled.loss !== "squaredHinge" && filled.loss !== "hinge") {
    refuseParameter(name, "loss", filled.loss, '"squaredHinge" or "hinge"');
  }
  checkClassWeight(name, filled.classWeight);
  return { name, params: { ...filled }, fit: (X, y, options) => fit(filled, X, y, options) };
}

/** A class without rows lies far below all others, wherever a row is. */
function neverSeen(features: number): Float64Array {
  const plane = new Float64Array(features + 1);
  plane[features] = -30;
  return plane;
}

async function fit(
  params: Required<LinearSvmParams>,
  X: Matrix,
  y: Int32Array,
  options: FitOptions,
): Promise<LinearClassifier> {
  checkTrainingData(X, y, { ...options, bags: true });
  const { classes, seed } = options;
  const sampleWeight = weighRows(y, params.classWeight, options);
  const sparse = sparseRows(X, sampleWeight, false);
  const outputs = classes === 2 ? 1 : classes;
  const planes: Float64Array[] = [];
  let iterations = 0;
  let converged = true;
  const pace = new YieldingLoop({
    signal: options.signal,
    onProgress: (done) => options.onProgress?.((planes.length + done) / outputs),
  });
  const settings: Omit<DualSettings, "random"> = {
    ...{ C: params.C, squared: params.loss === "squaredHinge" },
    ...{ tolerance: params.tol, maxPasses: params.maxIter, sampleWeight },
  };
  for (let k = 0; k < outputs; k++) {
    const own = outputs === 1 ? 1 : k;
    if (outputs > 1 && !y.includes(own)) {
      planes.push(neverSeen(sparse.features));
      continue;
    }
    const signs = Int8Array.from(y, (label) => label === own ? 1 : -1);
    const random = new Random(seed + k);
    const descent = descendDual(sparse, signs, { ...settings, random });
    let step = descent.next();
    for (; !step.done; step = descent.next()) await pace.step(step.value / params.maxIter);
    planes.push(step.value.plane);
    iterations = Math.max(iterations, step.value.passes);
    converged &&= step.value.converged;
  }
  await pace.step(0);
  const { centre } = sparse.filled;
  const fitted = fittedPlanes(sparse, outputs, (k, feature) => planes[k][feature]);
  return {
    kind: "LinearSvm",
    params: { ...params },
    classes,
    centre,
    ...fitted,
    // Planes are kept by their height above the columns' means.
    intercepts: Float64Array.from(
      planes,
      (plane) =>
        centre.reduce((sum, middle, j) => sum + middle * plane[j], plane[sparse.features]) + 0,
    ),
    ...{ iterations, converged },
  };
}
