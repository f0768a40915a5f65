/** How columns go together. */

/**
 * Pearson's correlation of two columns over the rows in which both have a value;
 * NaN if fewer than two rows are left or a column is constant.
 *
 * Source: `numpy.corrcoef`, over pairwise complete rows as `pandas.DataFrame.corr`.
 *
 * @param x Numbers, NaN if missing, shape [rows].
 * @param y Numbers, NaN if missing, shape [rows].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(correlation([1, 2, 3, NaN], [2, 4, 6, 0]), 1);
 * ```
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [n, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  // Welford's updates: sums of squares of large numbers would lose all their digits.
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]) || Number.isNaN(y[i])) continue;
    n++;
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
    meanX += dx / n;
    meanY += dy / n;
    xx += dx * (x[i] - meanX);
    yy += dy * (y[i] - meanY);
    xy += dx * (y[i] - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : NaN;
}
