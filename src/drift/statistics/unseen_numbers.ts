/** The tests whether numbers turned up that the reference does not have. */

import { logBinomial } from "./special_functions.ts";

/**
 * The chance that `outside` or more of `m` current values lie below the least or
 * above the greatest of `n` reference values, if all came from one continuous
 * source; where values repeat, it is smaller.
 *
 * Of the ways to place n reference values among n + m ranks, those that leave u
 * ranks outside are (u + 1) C(n + m − u − 2, n − 2); their sum has a closed form.
 *
 * Source: Wilks, 1942, "Statistical prediction with special reference to the
 * problem of tolerance limits"; SciPy's `betabinom(m, 2, n - 1).sf(outside - 1)`.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * // Of two and two values, the current ones lie within the reference's in 1 of 6 orders.
 * assertAlmostEquals(outsideTail(2, 2, 1), 5 / 6);
 * ```
 */
export function outsideTail(n: number, m: number, outside: number): number {
  if (n < 2 || outside === 0) return 1;
  const rows = n + m;
  const none = Math.exp(logBinomial(rows - outside, n) - logBinomial(rows, n));
  return Math.min(1, none * (1 + outside * n / (rows - outside)));
}

/**
 * The chance that a value which occurs as often as the most frequent one without
 * a single reference row is in the current rows alone: each value of t rows is
 * with a chance of at most (m / (n + m))^t.
 *
 * @param reference Rows of each value, shape [values].
 * @param current The same of the current data.
 */
export function unseenValueTail(
  reference: Float64Array,
  current: Float64Array,
): { readonly index: number; readonly pValue: number } {
  let [n, m, index] = [0, 0, -1];
  for (let i = 0; i < reference.length; i++) {
    n += reference[i];
    m += current[i];
    if (reference[i] === 0 && current[i] > (current[index] ?? 1)) index = i;
  }
  if (index < 0) return { index, pValue: 1 };
  const share = m / (n + m);
  let pValue = 0;
  for (let i = 0; i < reference.length; i++) {
    // What groups leave of a value is no whole number: then it counts for less.
    const both = Math.floor(reference[i] + current[i]);
    if (both >= Math.floor(current[index])) pValue += share ** both;
  }
  return { index, pValue: Math.min(1, pValue) };
}
