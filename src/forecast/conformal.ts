/** How far forecasts may be off, by how far they were. */

/** Errors of the past by which intervals are drawn. */
export interface ConformalErrors {
  /** Whether errors count as shares of the forecast. */
  readonly relative: boolean;
  /** Usual size of the error at each horizon, above 0, shape [horizon]. */
  readonly sizes: readonly number[];
  /** Errors over the sizes that the other earlier times tell, without sign, rising. */
  readonly ratios: readonly number[];
}

/** Forecasts from earlier times, with what came. */
export interface PastErrors {
  /** Forecasts by origin, shape [origins][horizon]. */
  readonly said: readonly Float64Array[];
  /** What came, of the same shape. */
  readonly came: readonly Float64Array[];
}

/** Share of the overall size that no horizon falls below. */
const LEAST_SIZE = 0.2;

/** Earlier times by which intervals are drawn: errors of a crisis that is long past say little. */
export const latestOrigins = 12;

/** Earlier times before a change of the size of errors can be told from chance. */
const FEWEST_CHANGING = 7;

/** Earlier times, the latest of all, that tell how a size that changes was foreseen. */
const CHANGING = 16;

/** What an error counts for from one earlier time to the next, in a size that changes. */
const FADING = 0.9;

/** Ratios that are kept of series that share them. */
const MOST_RATIOS = 200;

/**
 * Takes errors in: their usual size grows along a line with the horizon, and what remains is
 * pooled over horizons, as a few origins say little of each. The errors of an origin are held to
 * the size that the others tell, as those to come will be: held to their own they would seem
 * smaller than they are, the more so the fewer origins there are.
 *
 * Source: Vovk (2015) and Barber et al. (2021) for residuals of what was left out.
 */
export function conformalErrors(
  { said, came }: PastErrors,
  relative: boolean,
): ConformalErrors {
  const errors = errorsOf({ said, came }, relative);
  const sizes = sizesOf(errors);
  const least = LEAST_SIZE * meanOf(errors);
  const ratios = errors.flatMap((own, k) => {
    const others = errors.length < 2 ? sizes : sizesOf(errors.toSpliced(k, 1), least);
    return Array.from(own, (error, h) => error / others[h]);
  });
  return { relative, sizes, ratios: ratios.sort((a, b) => a - b) };
}

/**
 * Takes the errors of one series in, the latest last. Whether their size stays or changes, as after
 * a crisis, few origins do not tell: intervals lie in the middle (geometric mean) of those that take
 * the latest for alike, as {@linkcode conformalErrors} does, and those that hold each to the fading
 * size of the ones before it.
 */
export function latestConformalErrors(past: PastErrors, relative: boolean): ConformalErrors {
  const steady = conformalErrors(
    { said: past.said.slice(-latestOrigins), came: past.came.slice(-latestOrigins) },
    relative,
  );
  const errors = errorsOf(past, relative);
  if (errors.length < FEWEST_CHANGING) return steady;
  const least = LEAST_SIZE * meanOf(errors);
  const fading = (before: readonly Float64Array[]) => {
    const weights = before.map((_, k) => FADING ** (before.length - 1 - k));
    return sizesOf(before, least, weights);
  };
  const first = Math.max(2, errors.length - CHANGING);
  const ratios = errors.slice(first).flatMap((own, k) => {
    const sizes = fading(errors.slice(0, first + k));
    return Array.from(own, (error, h) => error / sizes[h]);
  }).sort((a, b) => a - b);
  const sizes = fading(errors);
  const middle = (a: number, b: number) => Math.sqrt(a * b);
  const { length } = steady.ratios;
  return {
    relative,
    sizes: steady.sizes.map((size, h) => middle(size, sizes[h])),
    ratios: steady.ratios.map((ratio, i) =>
      middle(ratio, ratios[placeOf(ratios.length, (i + 1) / (length + 1))])
    ),
  };
}

/**
 * Takes the errors of series in that are alike, as shares of their forecasts: ratios are pooled over
 * all of them, and the size of each is half its own, half what is usual among them (their
 * geometric mean). A few origins of one series hardly tell how large its errors are, nor how often
 * one is far larger.
 *
 * @param past Forecasts above 0 of one horizon, at least one origin of each series.
 * @returns For each series, in their order.
 */
export function pooledConformalErrors(past: readonly PastErrors[]): ConformalErrors[] {
  if (past.length < 2) return past.map((own) => conformalErrors(own, true));
  const all = past.map((own) => errorsOf(own, true));
  const floor = 1e-12;
  const means = all.map((errors) => Math.max(floor, meanOf(errors)));
  const usual = Math.exp(means.reduce((sum, mean) => sum + Math.log(mean) / means.length, 0));
  const profile = sizesOf(
    all.flatMap((errors, i) => errors.map((own) => own.map((error) => error / means[i]))),
  );
  const level = profile.reduce((sum, size) => sum + size / profile.length, 0);
  const sizesBy = (mean: number) =>
    profile.map((size) => Math.sqrt(usual * Math.max(floor, mean)) * size / level);
  const ratios = all.flatMap((errors) =>
    errors.flatMap((own, k) => {
      const sizes = sizesBy(meanOf(errors.length < 2 ? errors : errors.toSpliced(k, 1)));
      return Array.from(own, (error, h) => error / sizes[h]);
    })
  );
  const shared = evenlyThinned(ratios.sort((a, b) => a - b));
  return means.map((mean) => ({ relative: true, sizes: sizesBy(mean), ratios: shared }));
}

/** At most 200 of rising values, from the first to the last. */
export function evenlyThinned(rising: readonly number[]): readonly number[] {
  if (rising.length <= MOST_RATIOS) return rising;
  const step = (rising.length - 1) / (MOST_RATIOS - 1);
  return Array.from({ length: MOST_RATIOS }, (_, i) => rising[Math.round(i * step)]);
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
  const ratio = ratios[placeOf(ratios.length, level)];
  // A forecast of nothing is not surer than the others.
  const least = LEAST_SIZE * forecast.reduce((sum, value) => sum + Math.abs(value), 0) /
    forecast.length;
  return forecast.map((value, h) => {
    const beyond = sizes[Math.min(h, sizes.length - 1)];
    return ratio * beyond * (relative ? Math.max(least, Math.abs(value)) : 1);
  });
}

/** Place among rising errors of the one that a share of those to come does not exceed. */
function placeOf(count: number, level: number): number {
  return Math.min(count, Math.ceil((count + 1) * level - 1e-9)) - 1;
}

function errorsOf({ said, came }: PastErrors, relative: boolean): Float64Array[] {
  return said.map((own, origin) =>
    own.map((value, h) => Math.abs(came[origin][h] - value) / (relative ? Math.abs(value) : 1))
  );
}

/** Mean over all origins and horizons. */
function meanOf(errors: readonly Float64Array[]): number {
  let [sum, count] = [0, 0];
  for (const own of errors) {
    for (const error of own) sum += error;
    count += own.length;
  }
  return sum / count;
}

/** The usual size at each horizon, along a line that does not fall. */
function sizesOf(
  errors: readonly Float64Array[],
  least = 0,
  weights: readonly number[] = errors.map(() => 1),
): number[] {
  const horizon = Math.max(...errors.map(({ length }) => length));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const means = Float64Array.from(
    { length: horizon },
    (_, h) => errors.reduce((sum, own, k) => sum + weights[k] * own[h] / all, 0),
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
  const floor = Math.max(LEAST_SIZE * overall, least, 1e-12);
  return Array.from(means, (_, h) => Math.max(floor, overall + slope * (h - middle)));
}
