/** Minimises a smooth function plus the sum of absolute values with OWL-QN. */

import {
  type Correction,
  descent,
  displacement,
  innerProduct,
  type Minimum,
  type Objective,
} from "../lbfgs.ts";

/** When a descent ends. */
export interface OrthantStop {
  /** Weight of the sum of absolute values, above 0. */
  readonly l1: number;
  /** Most steps. */
  readonly maxIterations: number;
  /** It ends when {@linkcode PERIOD} steps lower the value by less than this share of it. */
  readonly tolerance: number;
}

/** Steps over which the value is watched. */
const PERIOD = 10;
/** Corrections kept. */
const MEMORY = 6;
/** Share of the promised decrease that a step has to bring. */
const SUFFICIENT = 1e-4;
/** Halvings of one step. */
const HALVINGS = 30;

/**
 * Steps from `start` to a minimum of `objective` plus `l1` × Σ|x|, yielding the number of steps
 * after each. A step stays in the orthant that it starts in, so that parameters become 0 exactly.
 *
 * Source: Andrew and Gao, 2007, "Scalable training of L1-regularized log-linear models".
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { minimum, type Objective } from "../lbfgs.ts";
 * const bowl: Objective = ([x, y], gradient) => {
 *   gradient.set([2 * (x - 3), 2 * (y - 0.1)]);
 *   return (x - 3) ** 2 + (y - 0.1) ** 2;
 * };
 * const stop = { l1: 1, maxIterations: 50, tolerance: 1e-12 };
 * const { point } = minimum(owlqn(bowl, new Float64Array(2), stop));
 * assertAlmostEquals(point[0], 2.5);
 * assertAlmostEquals(point[1], 0);
 * ```
 */
export function* owlqn(
  objective: Objective,
  start: Float64Array,
  { l1, maxIterations, tolerance }: OrthantStop,
): Generator<number, Minimum> {
  const corrections: Correction[] = [];
  // Made once: new vectors for each step would cost as much as what is reckoned with them.
  const vector = () => new Float64Array(start.length);
  const [steepest, direction] = [vector(), vector()];
  let [point, moved, gradient, slopes] = [start.slice(), vector(), vector(), vector()];
  let value = objective(point, gradient) + l1 * norm1(point);
  const values = [value];
  for (let iterations = 0; iterations < maxIterations;) {
    const steepness = pseudoGradient(point, gradient, l1, steepest);
    if (steepness === 0) return { point, iterations, converged: true };
    descent(steepest, corrections, direction);
    let step = corrections.length > 0 ? 1 : 1 / Math.sqrt(steepness);
    let isLower = false;
    for (let halving = 0; halving < HALVINGS && !isLower; halving++, step /= 2) {
      const promised = project(point, direction, step, steepest, moved);
      const found = objective(moved, slopes) + l1 * norm1(moved);
      isLower = found <= value + SUFFICIENT * promised;
      if (isLower) value = found;
    }
    // No step leads further down: the rest is rounding.
    if (!isLower) return { point, iterations, converged: true };
    const oldest = corrections.length < MEMORY ? undefined : corrections.shift();
    const move = displacement(moved, point, oldest?.move);
    const change = displacement(slopes, gradient, oldest?.change);
    const curvature = innerProduct(move, change);
    if (curvature > 0) corrections.push({ move, change, curvature });
    [point, moved, gradient, slopes] = [moved, point, slopes, gradient];
    yield ++iterations;
    values.push(value);
    const before = values[values.length - 1 - PERIOD];
    if (before !== undefined && (before - value) <= tolerance * Math.abs(value)) {
      return { point, iterations, converged: true };
    }
  }
  return { point, iterations: maxIterations, converged: false };
}

/** Writes the steepest slope where the absolute value has a corner; gives its square's sum. */
function pseudoGradient(
  point: Float64Array,
  gradient: Float64Array,
  l1: number,
  slopes: Float64Array,
): number {
  let steepness = 0;
  for (let i = 0; i < slopes.length; i++) {
    const slope = gradient[i];
    if (point[i] < 0) slopes[i] = slope - l1;
    else if (point[i] > 0) slopes[i] = slope + l1;
    else slopes[i] = slope + l1 < 0 ? slope + l1 : slope - l1 > 0 ? slope - l1 : 0;
    steepness += slopes[i] * slopes[i];
  }
  return steepness;
}

/**
 * Writes where a step ends that goes no way but down and stays in the orthant of the point; gives
 * what the slope promises of it.
 */
function project(
  point: Float64Array,
  direction: Float64Array,
  step: number,
  steepest: Float64Array,
  moved: Float64Array,
): number {
  let promised = 0;
  for (let i = 0; i < moved.length; i++) {
    const isDown = direction[i] * steepest[i] < 0;
    const to = point[i] + (isDown ? step * direction[i] : 0);
    const orthant = point[i] === 0 ? -steepest[i] : point[i];
    moved[i] = to * orthant > 0 ? to : 0;
    promised += steepest[i] * (moved[i] - point[i]);
  }
  return promised;
}

function norm1(point: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < point.length; i++) sum += Math.abs(point[i]);
  return sum;
}
