/** Minimises a smooth function with limited-memory BFGS. */

/** A smooth function: writes its gradient at `point` into `gradient` and gives its value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** Where a descent ended. */
export interface Minimum {
  /** The last point. */
  readonly point: Float64Array;
  /** Number of steps taken. */
  readonly iterations: number;
  /** Whether no component of the gradient is larger than the tolerance. */
  readonly converged: boolean;
}

/** When a descent ends. */
export interface Stop {
  /** Largest component of the gradient at a minimum. */
  readonly tolerance: number;
  /** Most steps. */
  readonly maxIterations: number;
}

/** The function on a line through the point of departure. */
interface Probe {
  readonly step: number;
  readonly value: number;
  /** Derivative along the line. */
  readonly slope: number;
  readonly point: Float64Array;
  readonly gradient: Float64Array;
}

/** A step and the change of the gradient along it. */
export interface Correction {
  /** The step. */
  readonly move: Float64Array;
  readonly change: Float64Array;
  /** Their inner product. */
  readonly curvature: number;
}

/** Corrections kept: more bring little. */
const memory = 10;
/** Share of the promised decrease that a step has to bring (Armijo). */
const sufficientDecrease = 1e-4;
/** Values closer than this share of themselves count as equal: sums of many rows are rounded. */
const rounding = 1e-14;
/** Share of the slope that a step may leave over (strong Wolfe). */
const leftoverSlope = 0.9;
/** Trials of one line search. */
const mostTrials = 40;

/**
 * Steps from `start` to a minimum, yielding the number of steps after each; it
 * returns where it ended. The caller drives it, and so can watch and stop it.
 *
 * Source: Nocedal and Wright, 2006, "Numerical Optimization", algorithms 7.5
 * (two loops), 3.5 and 3.6 (line search for the strong Wolfe conditions).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * const bowl: Objective = ([x], gradient) => {
 *   gradient[0] = 2 * (x - 3);
 *   return (x - 3) ** 2;
 * };
 * const { point } = minimum(lbfgs(bowl, Float64Array.of(0), { tolerance: 1e-9, maxIterations: 9 }));
 * assertAlmostEquals(point[0], 3);
 * ```
 */
export function* lbfgs(
  objective: Objective,
  start: Float64Array,
  { tolerance, maxIterations }: Stop,
): Generator<number, Minimum> {
  const corrections: Correction[] = [];
  const gradient = new Float64Array(start.length);
  let at: Pick<Probe, "point" | "value" | "gradient"> = {
    point: start,
    value: objective(start, gradient),
    gradient,
  };
  let iterations = 0;
  while (largest(at.gradient) > tolerance && iterations < maxIterations) {
    const direction = descent(at.gradient, corrections);
    // Nothing is known of the scale before the first step: it has length 1 at most.
    const first = corrections.length > 0
      ? 1
      : Math.min(1, 1 / Math.sqrt(innerProduct(direction, direction)));
    const next = lineSearch(objective, at, direction, first);
    // No step leads further down: the rest is rounding.
    if (next === undefined) break;
    const move = displacement(next.point, at.point);
    const change = displacement(next.gradient, at.gradient);
    corrections.push({ move, change, curvature: innerProduct(move, change) });
    if (corrections.length > memory) corrections.shift();
    at = next;
    yield ++iterations;
  }
  return { point: at.point, iterations, converged: largest(at.gradient) <= tolerance };
}

/** What `a` has more than `b`, element by element, written to `found`. */
export function displacement(
  a: Float64Array,
  b: Float64Array,
  found: Float64Array = new Float64Array(a.length),
): Float64Array {
  for (let i = 0; i < a.length; i++) found[i] = a[i] - b[i];
  return found;
}

/** Drives a descent to its end. */
export function minimum(descent: Generator<number, Minimum>): Minimum {
  while (true) {
    const { done, value } = descent.next();
    if (done) return value;
  }
}

/**
 * The direction −H × gradient, H being the inverse Hessian that the corrections tell.
 *
 * @param direction Where it is written.
 */
export function descent(
  gradient: Float64Array,
  corrections: readonly Correction[],
  direction: Float64Array = new Float64Array(gradient.length),
): Float64Array {
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i];
  const last = corrections.at(-1);
  if (last === undefined) return direction;
  // Each product is made while its vector is written: vectors are too long for the caches.
  const shares = new Float64Array(corrections.length);
  let product = innerProduct(last.move, direction);
  for (let c = corrections.length - 1; c >= 0; c--) {
    const { change, curvature } = corrections[c];
    shares[c] = product / curvature;
    product = add(direction, change, -shares[c], (corrections[c - 1] ?? last).move);
  }
  const scale = last.curvature / innerProduct(last.change, last.change);
  product = 0;
  for (let i = 0; i < direction.length; i++) {
    direction[i] *= scale;
    product += direction[i] * corrections[0].change[i];
  }
  for (let c = 0; c < corrections.length; c++) {
    const { move, curvature } = corrections[c];
    const next = (corrections[c + 1] ?? last).change;
    product = add(direction, move, shares[c] - product / curvature, next);
  }
  return direction;
}

/** The first probe found that satisfies the strong Wolfe conditions, if any does. */
function lineSearch(
  objective: Objective,
  from: { point: Float64Array; value: number; gradient: Float64Array },
  direction: Float64Array,
  first: number,
): Probe | undefined {
  const origin: Probe = { ...from, step: 0, slope: innerProduct(from.gradient, direction) };
  const probe = (step: number): Probe => {
    const point = from.point.map((value, i) => value + step * direction[i]);
    const gradient = new Float64Array(point.length);
    const value = objective(point, gradient);
    return { step, value, slope: innerProduct(gradient, direction), point, gradient };
  };
  const noise = rounding * Math.abs(origin.value);
  // Written so that NaN and infinite values count as too high.
  const lowEnough = ({ step, value }: Probe) =>
    value <= origin.value + sufficientDecrease * step * origin.slope + noise;
  const flatEnough = ({ slope }: Probe) => Math.abs(slope) <= -leftoverSlope * origin.slope;
  let low = origin;
  // The step lies between low and high once high is known.
  let high: Probe | undefined;
  let step = first;
  for (let trial = 0; trial < mostTrials; trial++) {
    const now = probe(step);
    if (!lowEnough(now) || (low.step > 0 && now.value >= low.value + noise)) {
      high = now;
    } else if (flatEnough(now)) {
      return now;
    } else {
      const upwards = high ? now.slope * (high.step - low.step) >= 0 : now.slope >= 0;
      if (upwards) high = low;
      low = now;
    }
    step = high ? between(low, high) : 2 * step;
  }
  return low.step > 0 ? low : undefined;
}

/** Where the cubic through two probes is lowest, kept off the ends of the interval. */
function between(low: Probe, high: Probe): number {
  const width = high.step - low.step;
  const bend = low.slope + high.slope - 3 * (high.value - low.value) / width;
  const root = Math.sign(width) * Math.sqrt(bend * bend - low.slope * high.slope);
  const share = 1 - (high.slope + root - bend) / (high.slope - low.slope + 2 * root);
  // NaN if the cubic has no minimum or a value is infinite.
  return low.step + width * (share >= 0.1 && share <= 0.9 ? share : share > 0.9 ? 0.9 : 0.3);
}

/** Adds a multiple of a vector, and gives the inner product of the sum and another one. */
function add(
  target: Float64Array,
  values: Float64Array,
  factor: number,
  other: Float64Array,
): number {
  let product = 0;
  for (let i = 0; i < target.length; i++) {
    target[i] += factor * values[i];
    product += target[i] * other[i];
  }
  return product;
}

/** The inner product of two points. */
export function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The largest size of a value. */
export function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
