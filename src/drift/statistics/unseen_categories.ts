/** The test whether categories turned up that the reference does not have. */

import type { Statistic } from "./contract.ts";

/** Each narrows the search by a third. */
const STEPS = 60;

/**
 * How likely so many current values of categories without a single reference
 * value are, if both samples came from one source. In a column where nearly
 * every value is new (names, identifiers) new ones are expected and no alarm.
 *
 * Given the counts of both samples together, a category of t values falls into
 * the current sample alone with a chance of at most (m / (n + m))^t, and never
 * more often jointly than if categories fell independently. So the p-value is
 * bounded from above: by the chance that one category larger than what was seen
 * falls so, and Chernoff's inequality for the sum of the smaller ones.
 *
 * Source: Chernoff, 1952; Joag-Dev and Proschan, 1983, "Negative association".
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * // Three values of a new category: 1 in 8 that all of them fall into the second half.
 * const { score } = unseenCategories.measure(Float64Array.of(97, 0), Float64Array.of(94, 3));
 * assertAlmostEquals(score, 1 / 8, 0.01);
 * ```
 */
export const unseenCategories: Statistic<Float64Array> = {
  name: "unseen_categories",
  kinds: ["category"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "new categories that a model has never learned",
  measure(reference, current) {
    let [n, m, unseen] = [0, 0, 0];
    for (let i = 0; i < reference.length; i++) {
      n += reference[i];
      m += current[i];
      if (reference[i] === 0) unseen += current[i];
    }
    const logShare = Math.log(m / (n + m));
    // Categories by their number of values on both sides: there are few different ones.
    const sizes = new Map<number, number>();
    for (let i = 0; i < reference.length; i++) {
      const both = reference[i] + current[i];
      if (both > 0) sizes.set(both, (sizes.get(both) ?? 0) + 1);
    }
    if (unseen === 0) return { score: 1, pValue: 1 };
    let larger = 0;
    for (const [size, categories] of sizes) {
      if (size <= unseen) continue;
      larger += categories * Math.exp(size * logShare);
      sizes.delete(size);
    }
    const pValue = Math.min(1, larger + Math.exp(chernoff(sizes, logShare, unseen)));
    return { score: pValue, pValue };
  },
};

/** The least over s ≥ 0 of ln E[exp(s U)] − s × unseen, a convex function of s. */
function chernoff(sizes: ReadonlyMap<number, number>, logShare: number, unseen: number): number {
  const bound = (s: number) => {
    let sum = -s * unseen;
    for (const [size, categories] of sizes) {
      // ln(1 − p + p exp(s × size)) without overflow.
      const falls = size * (logShare + s);
      const stays = Math.log1p(-Math.exp(size * logShare));
      const top = Math.max(falls, stays);
      sum += categories * (top + Math.log(Math.exp(falls - top) + Math.exp(stays - top)));
    }
    return sum;
  };
  // Where s is 40 above −ln share, even a single value falls into the sample for certain.
  let [low, high] = [0, 40 - logShare];
  for (let step = 0; step < STEPS; step++) {
    const third = (high - low) / 3;
    if (bound(low + third) < bound(high - third)) high -= third;
    else low += third;
  }
  return bound((low + high) / 2);
}
