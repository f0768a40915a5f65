/** The normal distribution in logarithms, which hold far into its tails. */

const LOG_ROOT_2PI = 0.5 * Math.log(2 * Math.PI);

/** Below this the continued fraction of the tail is used, above it a series. */
const TAIL = -3;

/** The most terms of either; some dozens are enough. */
const MOST_TERMS = 500;

/** Steps of Newton's method, which needs about five. */
const MOST_STEPS = 100;

/** Logarithm of the standard normal density. */
export function logDensity(x: number): number {
  return -0.5 * x * x - LOG_ROOT_2PI;
}

/**
 * The standard normal distribution function.
 *
 * Source: Marsaglia (2004), "Evaluating the Normal Distribution", Journal of
 * Statistical Software 11(4).
 */
export function cumulative(x: number): number {
  if (x < TAIL) return Math.exp(logCumulative(x));
  if (x > -TAIL) return 1 - Math.exp(logCumulative(-x));
  let term = x;
  let sum = x;
  for (let i = 3; i < 2 * MOST_TERMS; i += 2) {
    term *= x * x / i;
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return 0.5 + sum * Math.exp(logDensity(x));
}

/** Logarithm of {@link cumulative}, exact to a dozen digits as far down as numbers go. */
export function logCumulative(x: number): number {
  if (x > -TAIL) return Math.log1p(-Math.exp(logCumulative(-x)));
  if (x >= TAIL) return Math.log(cumulative(x));
  // Laplace's continued fraction z + 1/(z + 2/(z + …)), by Lentz's method.
  const z = -x;
  let fraction = z;
  let c = z;
  let d = 0;
  for (let i = 1; i < MOST_TERMS; i++) {
    d = 1 / (z + i * d);
    c = z + i / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return logDensity(x) - Math.log(fraction);
}

/** Logarithm of the probability between `low` and `high`, which may lie far in one tail. */
export function logMass(low: number, high: number): number {
  if (low > 0) return logMass(-high, -low);
  if (high > 0) return Math.log1p(-cumulative(low) - cumulative(-high));
  const [less, more] = [logCumulative(low), logCumulative(high)];
  return more + Math.log1p(-Math.exp(less - more));
}

/**
 * The standard normal number cut to [low, high] at `share` of its probability, in (0, 1):
 * uniform shares give numbers of the cut distribution.
 */
export function cutNormal(share: number, low: number, high: number): number {
  if (low > 0) return -cutNormal(1 - share, -high, -low);
  const mass = Math.log(share) + logMass(low, high);
  const less = logCumulative(low);
  const most = Math.max(less, mass);
  const wanted = most + Math.log1p(Math.exp(Math.min(less, mass) - most));
  return Math.min(Math.max(quantileOfLog(wanted), low), high);
}

/** The number whose {@link logCumulative} is `log`, by Newton's method. */
function quantileOfLog(log: number): number {
  // Close to 0 the upper tail says more.
  if (log > -0.01) return -quantileOfLog(Math.log(-Math.expm1(log)));
  let x = log < -5
    ? -Math.sqrt(-2 * (log + LOG_ROOT_2PI))
    : -Math.sqrt(3) / Math.PI * Math.log(Math.expm1(-log));
  for (let step = 0; step < MOST_STEPS; step++) {
    const now = logCumulative(x);
    const move = (now - log) * Math.exp(now - logDensity(x));
    x -= move;
    if (!(Math.abs(move) > 1e-9 * Math.abs(x))) break;
  }
  return x;
}
