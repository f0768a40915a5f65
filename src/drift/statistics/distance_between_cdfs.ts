/** Areas between two empirical distribution functions. */

/**
 * The integral of |F − G| raised to `power`, over all numbers.
 *
 * @param reference Rising numbers without NaN, shape [values].
 * @param current The same, of any length.
 * @param power 1 for the Wasserstein distance, 2 for the energy distance.
 */
export function areaBetween(
  reference: Float64Array,
  current: Float64Array,
  power: 1 | 2,
): number {
  const [n, m] = [reference.length, current.length];
  let [i, j, area] = [0, 0, 0];
  let before = Math.min(reference[0], current[0]);
  while (i < n || j < m) {
    const value = i === n
      ? current[j]
      : j === m
      ? reference[i]
      : Math.min(reference[i], current[j]);
    const apart = Math.abs(i / n - j / m);
    area += (power === 1 ? apart : apart * apart) * (value - before);
    before = value;
    while (i < n && reference[i] === value) i++;
    while (j < m && current[j] === value) j++;
  }
  return area;
}
