/** Values of a column class by class. */

import type { ValueSeries } from "../report/mod.ts";

/**
 * Parts values by the class of their row, for figures that compare classes.
 *
 * @param values Numbers, NaN if missing, shape [rows].
 * @param labels Class of each row, shape [rows].
 * @param classes Names of the classes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const parts = byClass([1, 2, 3], [0, 1, 0], ["Poor", "Good"]);
 * assertEquals(parts[0], { label: "Poor", values: [1, 3] });
 * ```
 */
export function byClass(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: readonly string[],
): ValueSeries[] {
  const parts = classes.map((label) => ({ label, values: [] as number[] }));
  for (let i = 0; i < values.length; i++) parts[labels[i]].values.push(values[i]);
  return parts;
}
