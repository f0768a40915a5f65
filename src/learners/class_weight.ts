/** Weights of classes, which multiply into the weights of rows. */

import { UsageError } from "../base/mod.ts";
import type { FitOptions } from "./contract.ts";
import { refuseParameter } from "./parameters.ts";

/**
 * How much each class counts: all rows alike (null), a weight of 0 or more for
 * each class, or so that each class with rows counts the same in total.
 */
export type ClassWeight = "balanced" | readonly number[] | null;

/**
 * Checks what a user set as `classWeight`, before the number of classes is known.
 *
 * @throws {UsageError} naming learner and value.
 */
export function checkClassWeight(learner: string, classWeight: unknown): void {
  if (classWeight === null || classWeight === "balanced") return;
  const weights = Array.isArray(classWeight) && classWeight.length > 0 &&
    classWeight.every((weight) => typeof weight === "number" && weight >= 0 && weight < Infinity);
  if (weights) return;
  const wanted = '"balanced", null or a list with a weight of 0 or more for each class';
  refuseParameter(learner, "classWeight", classWeight, wanted);
}

/**
 * The weight of each row: its own times that of its class. Balanced, a class
 * weighs total / (classes with rows × its own total), if totals are sums of
 * row weights, so that a row of weight 2 still equals two rows.
 *
 * Source: scikit-learn `compute_class_weight`.
 *
 * @param y Labels from 0 to classes − 1.
 * @returns Weights, shape [rows]; what was given if no class weight is set.
 * @throws {UsageError} if a list of weights has another length than there are classes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const y = Int32Array.of(0, 0, 0, 1);
 * assertEquals(weighRows(y, "balanced", { classes: 2 })?.at(-1), 2);
 * ```
 */
export function weighRows(
  y: ArrayLike<number>,
  classWeight: ClassWeight,
  { classes, sampleWeight }: Pick<FitOptions, "classes" | "sampleWeight">,
): Float32Array | undefined {
  if (classWeight === null) return sampleWeight;
  const ofClass = classWeight === "balanced" ? balanced(y, classes, sampleWeight) : classWeight;
  if (ofClass.length !== classes) {
    throw new UsageError(
      `Cannot weigh the classes: there are ${classes} classes and ${ofClass.length} weights`,
      { next: 'give one weight for each class, or "balanced"' },
    );
  }
  return Float32Array.from(y, (label, i) => ofClass[label] * (sampleWeight?.[i] ?? 1));
}

function balanced(
  y: ArrayLike<number>,
  classes: number,
  sampleWeight: Float32Array | undefined,
): Float64Array {
  const totals = new Float64Array(classes);
  for (let i = 0; i < y.length; i++) totals[y[i]] += sampleWeight ? sampleWeight[i] : 1;
  const total = totals.reduce((sum, weight) => sum + weight, 0);
  const present = totals.filter((weight) => weight > 0).length;
  return totals.map((weight) => weight > 0 ? total / (present * weight) : 0);
}
