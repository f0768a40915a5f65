/** Classical decomposition: the seasons of a series by moving averages. */

/**
 * The seasonal part of each value: the mean of each place in the season after a centred moving
 * average of one season is taken away, or divided by; its mean is 0, or 1.
 *
 * Source: statsmodels `seasonal_decompose` with its defaults.
 *
 * @param y At least two seasons of values, above 0 if multiplicative.
 */
export function classicalSeason(
  y: Float64Array,
  season: number,
  kind: "additive" | "multiplicative",
): Float64Array {
  const half = season >> 1;
  const even = season % 2 === 0;
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  for (let t = half; t < y.length - half; t++) {
    let trend = 0;
    for (let k = -half; k <= half; k++) {
      const weight = even && Math.abs(k) === half ? 0.5 : 1;
      trend += weight * y[t + k] / season;
    }
    sums[t % season] += kind === "additive" ? y[t] - trend : y[t] / trend;
    counts[t % season]++;
  }
  const means = sums.map((sum, place) => sum / counts[place]);
  const mean = means.reduce((sum, value) => sum + value / season, 0);
  return Float64Array.from(
    y,
    (_, t) => kind === "additive" ? means[t % season] - mean : means[t % season] / mean,
  );
}
