/** What held-out predictions of several models are worth as a reference for those of one more. */

import type { EffectiveCounts } from "./column_statistics.ts";
import { effectiveCounts, worthOf } from "./effective_sample_size.ts";
import type { ColumnStatistics, ColumnValues } from "./sample.ts";

/**
 * Tells a test that the values came from several models, as the folds of a
 * cross-validation have one each, and will be compared with those of another
 * one. Models fitted to other rows predict a little differently, so that their
 * predictions are as alike within a model as rows of a cluster are. With a
 * correlation of ρ within a model, K models and n values, a mean over the
 * reference less that of a further model varies by
 *
 *   1 / n + ρ (1 + 1 / K) + 1 / m
 *
 * times the variance of one value, where m counts the further model's values: the
 * reference is worth 1 / (1 / n + ρ (1 + 1 / K)) values. ρ is had from one-way
 * analysis of variance over the models, of ranks if values are numbers, and is
 * 0 if they differ no more than chance lets them.
 *
 * Source: Kish, 1965, "Survey sampling" (clusters); Nadeau and Bengio, 2003,
 * "Inference for the generalization error" (models of other training rows vary).
 *
 * @param statistics Those of `column`.
 * @param models The model that each value came from, from 0 on, shape [values].
 * @throws {RangeError} if models and values are not one to one.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { numericStatistics } from "./reference_statistics.ts";
 * const values = Float64Array.from({ length: 90 }, (_, i) => i % 30 + (i < 45 ? 0 : 15));
 * const models = Int32Array.from({ length: 90 }, (_, i) => i < 45 ? 0 : 1);
 * const one = numericStatistics(values);
 * const two = ofSeveralModels(one, { kind: "number", values }, models);
 * assert(two.effective!.values < 3); // two models that disagree
 * ```
 */
export function ofSeveralModels<Statistics extends ColumnStatistics>(
  statistics: Statistics,
  column: ColumnValues,
  models: ArrayLike<number>,
): Statistics & { readonly effective?: EffectiveCounts } {
  const own = worthOf(statistics);
  const between = effectiveCounts(column, models);
  const { count } = statistics;
  // Of one model, or of models that all say the same, nothing is known or nothing varies.
  if (between.groups < 2 || isConstant(column)) return statistics;
  const size = count / between.groups;
  const correlation = Math.max(0, count / between.values - 1) / Math.max(1, size - 1);
  const values = 1 / (1 / own.values + correlation * (1 + 1 / between.groups));
  return values === own.values ? statistics : { ...statistics, effective: { ...own, values } };
}

function isConstant(column: ColumnValues): boolean {
  const values: ArrayLike<unknown> = column.kind === "category" ? column.codes : column.values;
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}
