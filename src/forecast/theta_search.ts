/** The weights of a dynamic theta model under which a series is likeliest. */

/** What the recursion carries. */
export interface ThetaState {
  /** Smoothed value. */
  readonly level: number;
  /** Mean of all values. */
  readonly mean: number;
  /** Of the line through all values. */
  readonly intercept: number;
  /** Of that line. */
  readonly slope: number;
}

/** Range of the weight of news, and where its search begins. */
const [LEAST, MOST] = [0.1, 0.99];
const FIRST = 16;

/** Narrowings of the range around the best of the first. */
const NARROWINGS = 24;

/** Least 1 / theta. */
const LEAST_INVERSE = 1e-10;

/** Values that are predicted before errors count. */
const SETTLING = 3;

const golden = (Math.sqrt(5) - 1) / 2;

/** What was found. */
interface LikeliestTheta {
  /** Weight of news. */
  readonly alpha: number;
  /** How much of the curvature is kept, 1 or more. */
  readonly theta: number;
  /** Smoothed value before the first one. */
  readonly initial: number;
}

interface Fit extends LikeliestTheta {
  readonly cost: number;
}

/**
 * The weights with the least squared errors. Forecasts are linear in the first level and in
 * 1 − 1 / theta: the two follow from the weight of news, which alone is searched.
 *
 * @param y At least five values.
 */
export function likeliestTheta(y: Float64Array): LikeliestTheta {
  const lines = movingLines(y);
  const at = (alpha: number) => fitGiven(y, lines, alpha);
  const grid = Array.from(
    { length: FIRST },
    (_, k) => at(LEAST + (MOST - LEAST) * k / (FIRST - 1)),
  );
  let best = grid.reduce((best, fit) => fit.cost < best.cost ? fit : best);
  const width = (MOST - LEAST) / (FIRST - 1);
  let [low, high] = [Math.max(LEAST, best.alpha - width), Math.min(MOST, best.alpha + width)];
  let [left, right] = [at(high - golden * (high - low)), at(low + golden * (high - low))];
  for (let k = 0; k < NARROWINGS; k++) {
    if (left.cost < right.cost) {
      high = right.alpha;
      right = left;
      left = at(high - golden * (high - low));
    } else {
      low = left.alpha;
      left = right;
      right = at(low + golden * (high - low));
    }
  }
  for (const fit of [left, right]) if (fit.cost < best.cost) best = fit;
  return best;
}

/** Intercept and slope of the line through the first values, shape [steps] each. */
interface Lines {
  readonly intercepts: Float64Array;
  readonly slopes: Float64Array;
}

function movingLines(y: Float64Array): Lines {
  const n = y.length;
  const [intercepts, slopes] = [new Float64Array(n), new Float64Array(n)];
  let [mean, slope] = [y[0], 0];
  intercepts[0] = mean;
  for (let k = 1; k < n; k++) {
    const t = k + 1;
    slope = ((t - 2) * slope + 6 * (y[k] - mean) / t) / (t + 1);
    mean = ((t - 1) * mean + y[k]) / t;
    slopes[k] = slope;
    intercepts[k] = mean - (t + 1) / 2 * slope;
  }
  return { intercepts, slopes };
}

/** The first level and theta that suit a weight of news best, by least squares. */
function fitGiven(y: Float64Array, { intercepts, slopes }: Lines, alpha: number): Fit {
  const n = y.length;
  const fade = 1 - alpha;
  // The level without the first one; what that adds is `left`.
  let level = alpha * y[0];
  let left = fade;
  let aa = 0;
  let ab = 0;
  let bb = 0;
  let ar = 0;
  let br = 0;
  let rr = 0;
  for (let t = 1; t < n; t++) {
    const line = left * intercepts[t - 1] + (1 - left * fade) / alpha * slopes[t - 1];
    const rest = y[t] - level;
    if (t >= SETTLING) {
      aa += left * left;
      ab += left * line;
      bb += line * line;
      ar += left * rest;
      br += line * rest;
      rr += rest * rest;
    }
    level = alpha * y[t] + fade * level;
    left *= fade;
  }
  const most = 1 - LEAST_INVERSE;
  const determinant = aa * bb - ab * ab;
  let share = determinant > 1e-12 * aa * bb ? (aa * br - ab * ar) / determinant : 0;
  // Beyond its range the nearest end is best: the sum is a parabola.
  share = share > 0 ? Math.min(most, share) : 0;
  const initial = aa > 0 ? (ar - share * ab) / aa : y[0];
  const cost = rr - 2 * (initial * ar + share * br) + initial * initial * aa +
    2 * initial * share * ab + share * share * bb;
  return { alpha, theta: 1 / (1 - share), initial, cost: Math.max(cost, 0) };
}

/** The state after the last value. */
export function runTheta(y: Float64Array, initial: number, alpha: number): ThetaState {
  let level = initial;
  let [mean, slope] = [y[0], 0];
  for (let k = 0; k < y.length; k++) {
    const t = k + 1;
    level = alpha * y[k] + (1 - alpha) * level;
    if (k === 0) continue;
    slope = ((t - 2) * slope + 6 * (y[k] - mean) / t) / (t + 1);
    mean = ((t - 1) * mean + y[k]) / t;
  }
  return { level, mean, slope, intercept: mean - (y.length + 1) / 2 * slope };
}
