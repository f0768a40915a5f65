/** How the counts of two samples are tested, by their size. */

import { Random } from "../base/mod.ts";
import type { Finding, Rules } from "./finding.ts";
import { chiSquareContingency } from "./statistics/chi_square_contingency.ts";
import { fisherExact } from "./statistics/fisher_exact.ts";
import { permutationTail } from "./statistics/permutation_tail.ts";
import { shares } from "./statistics/shares.ts";
import { whole } from "./weigh_counts.ts";

/** Up to so many values on both sides, chi-square is permuted. */
const PERMUTED_ROWS = 1000;
/** Values expected of a category on either side, below which it counts as other. */
const LEAST_EXPECTED = 5;

/**
 * Tests the counts of the same categories in two samples, neither empty: two
 * categories exactly, more by permuting small samples, and in large ones, or
 * where groups leave parts of a value, by chi-square with rare categories taken
 * together.
 *
 * @param reference Counts, or what they are worth if groups repeat values.
 */
export function measureCounts(
  reference: Float64Array,
  current: Float64Array,
  { seed }: Pick<Rules, "seed">,
): Omit<Finding, "distribution"> {
  const occurs = reference.map((count, i) => count + current[i]);
  const [allR, allC] = [keep(reference, occurs), keep(current, occurs)];
  const effect = massMoved(allR, allC);
  const rows = sum(allR) + sum(allC);
  if (allR.length <= 2) {
    const pValue = allR.length < 2 ? 1 : fisherExact.measure(whole(allR), whole(allC)).pValue;
    return { test: fisherExact.name, pValue, effect, note: null };
  }
  const test = chiSquareContingency.name;
  // What groups leave of rare categories is no whole number, and rounded it would be noise.
  if (rows <= PERMUTED_ROWS && [...allR, ...allC].every(Number.isInteger)) {
    return { test, pValue: permutationTail(allR, allC, new Random(seed)), effect, note: null };
  }
  const [r, c] = pooled(allR, allC);
  if (r.length < 2) {
    const note = "each value is too rare to compare its share";
    return { test: null, pValue: null, effect: null, note };
  }
  return { test, pValue: chiSquareContingency.measure(r, c).pValue, effect, note: null };
}

/**
 * Half the sum of differences of shares (the total variation distance), in
 * [0, 1], less what chance makes of it: with many categories and few rows
 * shares differ a lot without drift.
 */
export function massMoved(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [sum(reference), sum(current)];
  const [r, c] = [shares(reference), shares(current)];
  let [moved, byChance] = [0, 0];
  for (let i = 0; i < r.length; i++) {
    const both = (reference[i] + current[i]) / (n + m);
    moved += Math.abs(r[i] - c[i]) / 2;
    // The mean absolute value of a normal variable is √(2/π) of its deviation.
    byChance += Math.sqrt(both * (1 - both) * (1 / n + 1 / m) / (2 * Math.PI));
  }
  return Math.sqrt(Math.max(0, moved * moved - byChance * byChance));
}

/** Takes rare categories together. */
function pooled(reference: Float64Array, current: Float64Array): [Float64Array, Float64Array] {
  const [n, m] = [sum(reference), sum(current)];
  const smaller = Math.min(n, m) / (n + m);
  const [r, c]: [number[], number[]] = [[], []];
  let [restR, restC] = [0, 0];
  for (let i = 0; i < reference.length; i++) {
    if ((reference[i] + current[i]) * smaller >= LEAST_EXPECTED) {
      r.push(reference[i]);
      c.push(current[i]);
    } else {
      restR += reference[i];
      restC += current[i];
    }
  }
  if ((restR + restC) * smaller >= LEAST_EXPECTED) {
    r.push(restR);
    c.push(restC);
  }
  return [Float64Array.from(r), Float64Array.from(c)];
}

function keep(counts: Float64Array, occurs: Float64Array): Float64Array {
  return counts.filter((_, i) => occurs[i] > 0);
}

function sum(counts: Float64Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
