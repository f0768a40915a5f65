/** The line through the first values of a series. */

/** Intercept at step 0 and slope of the line through `y`, of which the first value is at step 1. */
export function lineThrough(y: ArrayLike<number>): { level: number; slope: number } {
  const n = y.length;
  const middle = (n + 1) / 2;
  let [mean, over, under] = [0, 0, 0];
  for (let t = 0; t < n; t++) mean += y[t] / n;
  for (let t = 0; t < n; t++) {
    over += (t + 1 - middle) * (y[t] - mean);
    under += (t + 1 - middle) ** 2;
  }
  const slope = under > 0 ? over / under : 0;
  return { level: mean - slope * middle, slope };
}
