/** What leaves are worth by second-order gain. */

import type { PackedUnits } from "./packed_gradients.ts";

/** Limits of the leaves, named as XGBoost's. */
export interface Regularisation {
  /** L2 penalty on leaf values. */
  readonly regLambda: number;
  /** L1 penalty on leaf values. */
  readonly regAlpha: number;
  /** Least gain of a split. */
  readonly gamma: number;
  /** Least hessian sum of a leaf. */
  readonly minChildWeight: number;
}

/** What is known of a node before its split is sought, all in packed units. */
export interface SearchedNode {
  /** Packed sum of its rows. */
  readonly sum: number;
  /** Least hessian on each side, at least 1. */
  readonly minHessian: number;
  /** What a row has of the hessian on average. */
  readonly perRow: number;
  /** Lowest and highest value that monotone constraints above leave to its leaves. */
  readonly lowest: number;
  readonly highest: number;
}

/** The penalties on leaf values in packed units. */
export interface Penalties {
  readonly lambda: number;
  readonly alpha: number;
}

/** The penalties as the units of a tree count them. */
export function penaltiesIn(units: PackedUnits, limits: Regularisation): Penalties {
  return { lambda: limits.regLambda / units.hessian, alpha: limits.regAlpha / units.gradient };
}

/** The value of a leaf of these sums, before bounds and the learning rate. */
export function leafValue(gradient: number, hessian: number, { lambda, alpha }: Penalties): number {
  const divisor = hessian + lambda;
  return divisor > 0 ? -shrink(gradient, alpha) / divisor : 0;
}

/** What a leaf of `value` lowers the loss by, twice over. */
export function leafGain(
  gradient: number,
  hessian: number,
  value: number,
  { lambda, alpha }: Penalties,
): number {
  return -(2 * shrink(gradient, alpha) + (hessian + lambda) * value) * value;
}

/** Soft thresholding by the L1 penalty. */
function shrink(gradient: number, alpha: number): number {
  if (gradient > alpha) return gradient - alpha;
  return gradient < -alpha ? gradient + alpha : 0;
}

/** `value` within the bounds of a node. */
export function bounded(value: number, { lowest, highest }: SearchedNode): number {
  return value < lowest ? lowest : value > highest ? highest : value;
}
