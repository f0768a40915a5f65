/** From one row of raw values to its features: what predicts rows as they come. */

import { kindOf } from "./columns/kinds.ts";
import { numberFeatureNames } from "./columns/number_features.ts";
import { derivedWriter } from "./derived.ts";
import { featuresOf } from "./feature_names.ts";
import type { FeatureState } from "./state.ts";

/**
 * Makes what imputes, caps and encodes single rows: the features that
 * {@linkcode transform} makes of the same values.
 *
 * @returns A function of the raw values of a row, in the order of the state's
 * columns, a number with NaN for missing or a text with "" for missing. It
 * writes the features, shape [features].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clean, featureSet, fit, number, oneHot, rowTransformer } from "./mod.ts";
 * const set = featureSet({
 *   target: { column: "Score", classes: ["Poor", "Good"] },
 *   columns: { Age: number(), Job: oneHot() },
 * });
 * const table = { rows: 3, columns: { Age: [20, null, 40], Job: ["Cook", "Cook", "Smith"] } };
 * const state = fit(set, clean(set, table, { target: "none" }));
 * const features = new Float32Array(state.features.length);
 * rowTransformer(state)([NaN, "Smith"], features);
 * assertEquals([...features], [30, 0, 1]);
 * ```
 */
export function rowTransformer(
  state: FeatureState,
): (values: readonly (number | string)[], features: Float32Array) => void {
  let first = 0;
  const writers = state.columns.map((column) => {
    const write = kindOf(column).writer(column, first);
    first += featuresOf(column).length;
    return write;
  });
  const derived = (state.derived ?? []).map((column) => {
    const write = derivedWriter(column, state.columns, first);
    first += numberFeatureNames(column).length;
    return write;
  });
  return (values, features) => {
    features.fill(0);
    for (let at = 0; at < writers.length; at++) writers[at](values[at], features);
    for (const write of derived) write(values, features);
  };
}
