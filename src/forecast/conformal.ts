/** How far forecasts may be off, by how far they were. */

/** Errors of the past by which intervals are drawn. */
export interface ConformalErrors {
  /** Whether errors count as shares of the forecast. */
  readonly relative: boolean;
  /** Usual size of the error at each horizon, above 0, shape [horizon]. */
  readonly sizes: readonly number[];
  /** Errors over those sizes, without sign, rising. */
  readonly ratios: readonly number[];
}

/**
 * Takes errors in: their usual size grows along a line with the horizon, and what remains is
 * pooled over horizons, as a few origins say little of each.
 *
 * @param said Forecasts by origin, shape [origins][horizon].
 * @param came What came, of the same shape.
 */
export function conformalErrors(
  said: readonly Float64Array[],
  came: readonly Float64Array[],
  relative: boolean,
): ConformalErrors {
  const horizon = Math.max(...said.map(({ length }) => length));
  const errors = said.map((own, origin) =>
    own.map((value, h) => Math.abs(came[origin][h] - value) / (relative ? Math.abs(value) : 1))
  );
  const means = Float64Array.from(
    { length: horizon },
    (_, h) => errors.reduce((sum, own) => sum + own[h] / errors.length, 0),
  );
  const overall = means.reduce((sum, value) => sum + value / horizon, 0);
  const middle = (horizon - 1) / 2;
  let [over, under] = [0, 0];
  means.forEach((value, h) => {
    over += (h - middle) * (value - overall);
    under += (h - middle) ** 2;
  });
  // What is known less of later steps is never known better.
  const slope = under > 0 ? Math.max(0, over / under) : 0;
  const least = Math.max(0.2 * overall, 1e-12);
  const sizes = Array.from(means, (_, h) => Math.max(least, overall + slope * (h - middle)));
  const ratios = errors.flatMap((own) => Array.from(own, (error, h) => error / sizes[h]));
  return { relative, sizes, ratios: ratios.sort((a, b) => a - b) };
}

/**
 * Half the width of the interval around each forecast: of n past errors the
 * ⌈(n + 1) × level⌉-th, the last if that is beyond.
 *
 * @param level Share of true values that are to lie within, in (0, 1).
 */
export function conformalWidths(
  { relative, sizes, ratios }: ConformalErrors,
  forecast: Float64Array,
  level: number,
): Float64Array {
  const place = Math.min(ratios.length, Math.ceil((ratios.length + 1) * level));
  const ratio = ratios[place - 1];
  return forecast.map((value, h) => {
    const beyond = sizes[Math.min(h, sizes.length - 1)];
    return ratio * beyond * (relative ? Math.abs(value) : 1);
  });
}
