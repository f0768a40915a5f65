/** Weights as whole numbers, whose sums are exact in any order. */

/** Sums stay below this, within Int32. */
const totalLimit = 2 ** 30;

/**
 * Writes the weights of `rows[0]` to `rows[count − 1]` as whole multiples of
 * the unit that it gives, a power of two. Whole weights of a reasonable sum are
 * kept as they are; others are rounded to about 30 bits of their sum, and none
 * to zero.
 */
export function wholeWeights(
  weights: Float64Array,
  rows: Int32Array,
  count: number,
  whole: Int32Array,
): number {
  let total = 0;
  let allWhole = true;
  for (let i = 0; i < count; i++) {
    const weight = weights[rows[i]];
    total += weight;
    allWhole &&= Number.isInteger(weight);
  }
  const exact = allWhole && total < totalLimit;
  const unit = exact ? 1 : 2 ** Math.ceil(Math.log2(total / totalLimit));
  for (let i = 0; i < count; i++) {
    whole[rows[i]] = exact ? weights[rows[i]] : Math.max(1, Math.round(weights[rows[i]] / unit));
  }
  return unit;
}
