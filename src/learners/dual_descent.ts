/** The plane of a linear support vector machine, found row by row in the dual problem. */

import type { Random } from "../base/mod.ts";
import type { SparseRows } from "./sparse_rows.ts";

/** How a plane is looked for. */
export interface DualSettings {
  /** Inverse strength of the penalty. */
  readonly C: number;
  /** Whether a row beyond its margin costs the square of its distance. */
  readonly squared: boolean;
  /** By how much the gradient may still differ between rows. */
  readonly tolerance: number;
  /** Most passes over the rows. */
  readonly maxPasses: number;
  /** Weight of each row; 1 if it is left out. */
  readonly sampleWeight: Float32Array | undefined;
  /** Order of the rows in each pass. */
  readonly random: Random;
}

/** Where a descent ended. */
export interface DualResult {
  /** Slope along each feature, and the intercept after them, shape [features + 1]. */
  readonly plane: Float64Array;
  /** Passes over the rows. */
  readonly passes: number;
  /** Whether it reached its tolerance. */
  readonly converged: boolean;
}

/**
 * Coordinate descent in the dual of the L2-regularised hinge loss, with
 * shrinking, yielding the number of passes after each. The intercept is the slope
 * of a feature that is 1 everywhere.
 *
 * Source: Hsieh et al., 2008, algorithm 3.
 *
 * @param signs 1 or −1 for each row.
 */
export function* descendDual(
  { rows, features, offsets, places, values }: SparseRows,
  signs: Int8Array,
  { C, squared, tolerance, maxPasses, sampleWeight, random }: DualSettings,
): Generator<number, DualResult> {
  const plane = new Float64Array(features + 1);
  const alpha = new Float64Array(rows);
  const costOf = (row: number) => C * (sampleWeight ? sampleWeight[row] : 1);
  // A row without weight has no say.
  const order = Int32Array.from(alpha.keys()).filter((row) => costOf(row) > 0);
  const norms = new Float64Array(rows);
  for (const row of order) {
    let norm = 1 + (squared ? 0.5 / costOf(row) : 0);
    for (let at = offsets[row]; at < offsets[row + 1]; at++) norm += values[at] * values[at];
    norms[row] = norm;
  }
  let active = order.length;
  let highestBefore = Infinity;
  let lowestBefore = -Infinity;
  let passes = 0;
  let converged = false;
  while (passes < maxPasses && !converged) {
    let highest = -Infinity;
    let lowest = Infinity;
    for (let i = 0; i < active; i++) {
      const j = i + random.int(active - i);
      const row = order[j];
      order[j] = order[i];
      order[i] = row;
    }
    for (let i = 0; i < active; i++) {
      const row = order[i];
      const sign = signs[row];
      const [from, end] = [offsets[row], offsets[row + 1]];
      let height = plane[features];
      for (let at = from; at < end; at++) height += plane[places[at]] * values[at];
      const own = alpha[row];
      const most = squared ? Infinity : costOf(row);
      const gradient = sign * height - 1 + (squared ? own * 0.5 / costOf(row) : 0);
      let projected = gradient;
      if (own === 0 && gradient >= 0 || own === most && gradient <= 0) {
        // At its bound, and pressed against it: it is left out until all others are done.
        if (own === 0 ? gradient > highestBefore : gradient < lowestBefore) {
          active--;
          order[i] = order[active];
          order[active] = row;
          i--;
          continue;
        }
        projected = 0;
      }
      if (projected > highest) highest = projected;
      if (projected < lowest) lowest = projected;
      if (Math.abs(projected) < 1e-12) continue;
      const next = Math.min(Math.max(own - gradient / norms[row], 0), most);
      alpha[row] = next;
      const step = (next - own) * sign;
      for (let at = from; at < end; at++) plane[places[at]] += step * values[at];
      plane[features] += step;
    }
    passes++;
    if (highest - lowest <= tolerance) {
      if (active === order.length) converged = true;
      // What was left out gets its say again before it is called done.
      active = order.length;
      highestBefore = Infinity;
      lowestBefore = -Infinity;
    } else {
      highestBefore = highest > 0 ? highest : Infinity;
      lowestBefore = lowest < 0 ? lowest : -Infinity;
    }
    yield passes;
  }
  return { plane, passes, converged };
}
