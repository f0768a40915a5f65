/** Counts turned into shares. */

/** Evidently's filling: a share that stands for 0. */
const FILLING = 0.0001;

/** Each count divided by their sum. */
export function shares(counts: Float64Array): Float64Array {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => count / sum);
}

/**
 * The same without zeros, for logarithms: an empty bin gets 0.0001, or a
 * millionth of the least share if that is not more.
 *
 * Source: Evidently `get_binned_data`.
 */
export function filledShares(counts: Float64Array): Float64Array {
  const found = shares(counts);
  const least = found.reduce((low, share) => share > 0 ? Math.min(low, share) : low, 1);
  const filling = least <= FILLING ? least / 1e6 : FILLING;
  return found.map((share) => share === 0 ? filling : share);
}
