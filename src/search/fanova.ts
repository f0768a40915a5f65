/** How much of a forest's variance each parameter explains alone. */

import type { TreeEnsemble } from "../trees/mod.ts";
import type { Axis } from "./encode.ts";

/** A leaf: its value, and of each parameter the part of the range that leads to it. */
interface Leaf {
  readonly value: number;
  /** Share of each parameter's range, shape [axes]. */
  readonly shares: Float64Array;
  /** Bounds of each number, allowed choices of each category. */
  readonly parts: readonly Part[];
}

type Part = { readonly low: number; readonly high: number } | { readonly allowed: Uint8Array };

/**
 * Functional analysis of variance: the share of each tree's variance over the whole space
 * that the marginal of one parameter has, as a mean over the trees; what is missing to 1
 * is due to parameters together. Choices of a category count alike.
 *
 * Source: Hutter, Hoos and Leyton-Brown (2014), "An Efficient Approach for Assessing
 * Hyperparameter Importance".
 *
 * @param trees A forest that was fitted to encoded trials: one output, no missing values.
 * @returns The share of each axis, in [0, 1]; all 0 if the forest is flat.
 */
export function fanova(trees: TreeEnsemble, axes: readonly Axis[]): number[] {
  const sums = axes.map(() => 0);
  let counted = 0;
  for (const root of trees.roots) {
    const leaves = leavesOf(trees, root, axes);
    const weights = leaves.map(({ shares }) => shares.reduce((product, s) => product * s, 1));
    const total = weights.reduce((sum, w) => sum + w, 0);
    const mean = leaves.reduce((sum, { value }, i) => sum + weights[i] * value, 0) / total;
    const variance = leaves.reduce((sum, { value }, i) =>
      sum + weights[i] * (value - mean) ** 2, 0) /
      total;
    if (!(variance > 0)) continue;
    counted++;
    axes.forEach((axis, a) => {
      const marginal = marginalVariance(leaves, weights, axis, a, mean);
      sums[a] += Math.min(Math.max(marginal / variance, 0), 1);
    });
  }
  return sums.map((sum) => counted === 0 ? 0 : sum / counted);
}

function leavesOf(trees: TreeEnsemble, root: number, axes: readonly Axis[]): Leaf[] {
  const owner = new Map<number, number>();
  axes.forEach((axis, a) => {
    const width = "choices" in axis ? axis.choices : 1;
    for (let j = 0; j < width; j++) owner.set(axis.column + j, a);
  });
  const whole: Part[] = axes.map((axis) =>
    "choices" in axis
      ? { allowed: new Uint8Array(axis.choices).fill(1) }
      : { low: axis.low, high: axis.high }
  );
  const open: [number, readonly Part[]][] = [[root, whole]];
  const leaves: Leaf[] = [];
  while (open.length > 0) {
    const [node, parts] = open.pop()!;
    const feature = trees.feature[node];
    if (feature < 0) {
      const shares = Float64Array.from(parts, (part, a) => shareOf(part, axes[a]));
      const value = trees.leaves[trees.left[node] * trees.leafWidth];
      if (shares.every((share) => share > 0)) leaves.push({ value, shares, parts });
      continue;
    }
    const a = owner.get(feature)!;
    const [left, right] = cut(parts[a], feature - axes[a].column, trees.threshold[node]);
    open.push([trees.left[node], parts.with(a, left)], [trees.right[node], parts.with(a, right)]);
  }
  return leaves;
}

/** The parts on either side of a split; of a choice's column the left one is without it. */
function cut(part: Part, choice: number, threshold: number): [Part, Part] {
  if ("low" in part) {
    const at = Math.min(Math.max(threshold, part.low), part.high);
    return [{ low: part.low, high: at }, { low: at, high: part.high }];
  }
  return [
    { allowed: part.allowed.map((is, k) => k === choice ? 0 : is) },
    { allowed: part.allowed.map((is, k) => k === choice ? is : 0) },
  ];
}

function shareOf(part: Part, axis: Axis): number {
  if ("allowed" in part) {
    return part.allowed.reduce((sum, is) => sum + is, 0) / part.allowed.length;
  }
  const { low, high } = axis as { readonly low: number; readonly high: number };
  return (part.high - part.low) / (high - low);
}

function marginalVariance(
  leaves: readonly Leaf[],
  weights: readonly number[],
  axis: Axis,
  a: number,
  mean: number,
): number {
  const others = weights.map((weight, i) => weight / leaves[i].shares[a]);
  const square = (isIn: (part: Part) => boolean) => {
    let sum = 0;
    let share = 0;
    leaves.forEach(({ value, parts }, i) => {
      if (!isIn(parts[a])) return;
      sum += others[i] * value;
      share += others[i];
    });
    return share > 0 ? (sum / share - mean) ** 2 : 0;
  };
  if ("choices" in axis) {
    let total = 0;
    for (let k = 0; k < axis.choices; k++) {
      total += square((part) => (part as { allowed: Uint8Array }).allowed[k] === 1);
    }
    return total / axis.choices;
  }
  const bounds = new Set([axis.low, axis.high]);
  for (const { parts } of leaves) bounds.add((parts[a] as { low: number }).low);
  const sorted = [...bounds].sort((x, y) => x - y);
  let total = 0;
  for (let i = 1; i < sorted.length; i++) {
    const middle = (sorted[i - 1] + sorted[i]) / 2;
    const isIn = (part: Part) => {
      const { low, high } = part as { low: number; high: number };
      return low <= middle && middle < high;
    };
    total += square(isIn) * (sorted[i] - sorted[i - 1]);
  }
  return total / (axis.high - axis.low);
}
