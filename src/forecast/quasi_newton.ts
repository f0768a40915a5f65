/** The lowest point of a smooth function of a few numbers, by its slopes. */

/** What was found. */
export interface Lowest {
  /** Where. */
  readonly x: Float64Array;
  /** The function there. */
  readonly value: number;
}

/** A function that writes its slopes beside giving its value; Infinity where it is not defined. */
export type SmoothFunction = (x: Float64Array, slopes: Float64Array) => number;

/** When to stop, and how much to try. */
export interface DescentOptions {
  /** Most steps; default 200. */
  readonly most?: number;
  /** A step that gains less than this is as good as none; default 1e-4. */
  readonly least?: number;
}

/** Halvings of a step at most. */
const HALVINGS = 20;

/** Share of the promised gain that a step has to bring. */
const ENOUGH = 1e-4;

/** Steps of hardly any gain, one after the other, that end the search. */
const STALLED = 2;

/**
 * Goes downhill by Newton steps, whose curvature is learned from how the slopes change (BFGS).
 * Coordinates should move the function about equally: the first step is as long in all of them.
 *
 * Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 6.1, steps by backtracking.
 */
export function quasiNewton(
  f: SmoothFunction,
  start: ArrayLike<number>,
  { most = 200, least = 1e-4 }: DescentOptions = {},
): Lowest {
  const n = start.length;
  let x: Float64Array = Float64Array.from(start);
  let [slopes, next, nextSlopes] = [0, 0, 0].map((): Float64Array => new Float64Array(n));
  const [way, moved, change, product] = [0, 0, 0, 0].map(() => new Float64Array(n));
  const inverse = new Float64Array(n * n);
  let value = f(x, slopes);
  if (!Number.isFinite(value)) return { x, value: Infinity };
  let fresh = true;
  let stalled = 0;
  for (let step = 0; step < most; step++) {
    let promised = fresh ? 0 : -along(inverse, slopes, way);
    if (!(promised < 0)) {
      // Straight down, no farther than one unit.
      let squares = 0;
      for (let j = 0; j < n; j++) squares += slopes[j] * slopes[j];
      if (!(squares > 0)) break;
      const shorter = Math.min(1, 1 / Math.sqrt(squares));
      for (let j = 0; j < n; j++) way[j] = -shorter * slopes[j];
      promised = -shorter * squares;
      fresh = true;
    }
    let length = 1;
    let reached = Infinity;
    for (let halved = 0; halved <= HALVINGS; halved++) {
      for (let j = 0; j < n; j++) next[j] = x[j] + length * way[j];
      reached = f(next, nextSlopes);
      if (reached <= value + ENOUGH * length * promised) break;
      // Where the parabola through what is known is lowest.
      const lowest = -0.5 * promised * length * length / (reached - value - promised * length);
      length = lowest > 0.1 * length && lowest < 0.5 * length ? lowest : 0.3 * length;
    }
    if (!(reached < value)) {
      if (fresh) break;
      fresh = true;
      continue;
    }
    const gain = value - reached;
    for (let j = 0; j < n; j++) {
      moved[j] = next[j] - x[j];
      change[j] = nextSlopes[j] - slopes[j];
    }
    learnCurvature(inverse, moved, change, product, fresh);
    fresh = false;
    [x, next, slopes, nextSlopes, value] = [next, x, nextSlopes, slopes, reached];
    stalled = gain < least ? stalled + 1 : 0;
    if (stalled === STALLED) break;
  }
  return { x, value };
}

/** Writes −inverse · slopes; gives slopes · inverse · slopes. */
function along(inverse: Float64Array, slopes: Float64Array, way: Float64Array): number {
  const n = slopes.length;
  let sum = 0;
  for (let i = 0, at = 0; i < n; i++) {
    let own = 0;
    for (let j = 0; j < n; j++) own += inverse[at++] * slopes[j];
    way[i] = -own;
    sum += own * slopes[i];
  }
  return sum;
}

/** Brings the inverse curvature to what the last step has shown of it. */
function learnCurvature(
  inverse: Float64Array,
  moved: Float64Array,
  change: Float64Array,
  product: Float64Array,
  fresh: boolean,
): void {
  const n = moved.length;
  let bent = 0;
  let squares = 0;
  for (let j = 0; j < n; j++) {
    bent += change[j] * moved[j];
    squares += change[j] * change[j];
  }
  if (fresh) {
    inverse.fill(0);
    const size = bent > 0 ? bent / squares : 1;
    for (let j = 0; j < n; j++) inverse[j * n + j] = size;
  }
  // Slopes that fall along a step tell of no valley.
  if (!(bent > 1e-12 * squares)) return;
  let whole = 0;
  for (let i = 0, at = 0; i < n; i++) {
    let own = 0;
    for (let j = 0; j < n; j++) own += inverse[at++] * change[j];
    product[i] = own;
    whole += own * change[i];
  }
  const factor = (1 + whole / bent) / bent;
  for (let i = 0, at = 0; i < n; i++) {
    const first = factor * moved[i] - product[i] / bent;
    const second = moved[i] / bent;
    for (let j = 0; j < n; j++, at++) inverse[at] += first * moved[j] - second * product[j];
  }
}
