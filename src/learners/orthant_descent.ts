/** Minimises a smooth function with an L1 penalty beside it. */

import {
  type Correction,
  descent,
  innerProduct,
  largest,
  type Minimum,
  type Objective,
  type Stop,
} from "./lbfgs.ts";

/** Corrections kept: more bring little. */
const memory = 10;
/** Share of the promised decrease that a step has to bring (Armijo). */
const sufficientDecrease = 1e-4;
/** Values closer than this share of themselves count as equal: sums of many rows are rounded. */
const rounding = 1e-14;
/** Halvings of one step. */
const mostTrials = 60;

/**
 * Steps from `start` to a minimum of `objective` + Σ `l1[i]` × |point[i]|, yielding the number of
 * steps after each, as `lbfgs` does. Coordinates whose penalty outweighs their slope end at exactly
 * 0: a step stops where it would change a sign.
 *
 * Source: Andrew and Gao, 2007, "Scalable Training of L1-Regularized Log-Linear Models" (OWL-QN).
 *
 * @param l1 Penalty of each coordinate, 0 or more, shape [coordinates].
 *
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { minimum, type Objective } from "./lbfgs.ts";
 * // Two bowls around 3 and 0.5; the penalty of 1 takes 0.5 from the first, and all of the second.
 * const bowls: Objective = ([x, y], gradient) => {
 *   gradient[0] = 2 * (x - 3);
 *   gradient[1] = 2 * (y - 0.5);
 *   return (x - 3) ** 2 + (y - 0.5) ** 2;
 * };
 * const stop = { tolerance: 1e-9, maxIterations: 20 };
 * const { point } = minimum(
 *   orthantDescent(bowls, new Float64Array(2), Float64Array.of(1, 1), stop),
 * );
 * assertAlmostEquals(point[0], 2.5);
 * assertEquals(point[1], 0);
 * ```
 */
export function* orthantDescent(
  objective: Objective,
  start: Float64Array,
  l1: Float64Array,
  { tolerance, maxIterations }: Stop,
): Generator<number, Minimum> {
  const corrections: Correction[] = [];
  const at = (point: Float64Array) => {
    const gradient = new Float64Array(point.length);
    let value = objective(point, gradient);
    for (let i = 0; i < point.length; i++) value += l1[i] * Math.abs(point[i]);
    return { point, value, gradient, slopes: steepest(point, gradient, l1) };
  };
  let now = at(start);
  let iterations = 0;
  while (largest(now.slopes) > tolerance && iterations < maxIterations) {
    const direction = descent(now.slopes, corrections);
    // Only coordinates that go down along the penalised function may move.
    direction.forEach((move, i) => {
      if (move * now.slopes[i] >= 0) direction[i] = 0;
    });
    const length = Math.sqrt(innerProduct(direction, direction));
    let step = corrections.length > 0 ? 1 : Math.min(1, 1 / length);
    let next: typeof now | undefined;
    for (let trial = 0; trial < mostTrials && next === undefined; trial++, step /= 2) {
      const probe = at(withinOrthant(now.point, now.slopes, direction, step));
      const promised = innerProduct(
        now.slopes,
        probe.point.map((value, i) => value - now.point[i]),
      );
      const noise = rounding * Math.abs(now.value);
      // Written so that NaN and infinite values count as too high.
      if (probe.value <= now.value + sufficientDecrease * promised + noise) next = probe;
    }
    if (next === undefined) {
      // What was kept of the way here may mislead: the slopes alone are tried once more.
      if (corrections.length === 0) break;
      corrections.length = 0;
      continue;
    }
    const move = next.point.map((value, i) => value - now.point[i]);
    const change = next.gradient.map((value, i) => value - now.gradient[i]);
    const curvature = innerProduct(move, change);
    if (curvature > 0) corrections.push({ move, change, curvature });
    if (corrections.length > memory) corrections.shift();
    now = next;
    yield ++iterations;
  }
  return { point: now.point, iterations, converged: largest(now.slopes) <= tolerance };
}

/** The slopes of the penalised function on the side where it falls; 0 where it rises on both. */
function steepest(point: Float64Array, gradient: Float64Array, l1: Float64Array): Float64Array {
  return gradient.map((slope, i) => {
    if (point[i] !== 0) return slope + Math.sign(point[i]) * l1[i];
    return Math.sign(slope) * Math.max(Math.abs(slope) - l1[i], 0);
  });
}

/** A step that stops at 0 where it would change a sign, or leave 0 against the slope. */
function withinOrthant(
  point: Float64Array,
  slopes: Float64Array,
  direction: Float64Array,
  step: number,
): Float64Array {
  return point.map((value, i) => {
    const sign = value !== 0 ? Math.sign(value) : -Math.sign(slopes[i]);
    const moved = value + step * direction[i];
    return moved * sign > 0 ? moved : 0;
  });
}
