/** A tree of gradient boosting as it grows, and how it is written down. */

import type { Tree } from "../trees/mod.ts";
import { type BinnedMatrix, codes, highestFloat32, thresholdBetween } from "./binning.ts";
import type { TreeWriter } from "./tree_writer.ts";

/** A split of one node. */
export interface GrownSplit {
  readonly gain: number;
  readonly column: number;
  readonly bin: number;
  readonly missing: number;
  readonly left: number;
  /** Bins that go left, if the column holds categories. */
  readonly members?: readonly number[];
  /** Whether they were found by their order. */
  readonly ordered: boolean;
}

export interface GrownNode {
  readonly id: number;
  readonly depth: number;
  /** Packed sum of the rows. */
  readonly sum: number;
  readonly minHessian: number;
  readonly perRow: number;
  readonly lowest: number;
  readonly highest: number;
  /** Whether it is a side of an ordered set of categories, whose leaves are held back more. */
  readonly ordered: boolean;
  /** Index of its histogram, −1 if it has none. */
  histogram: number;
  split?: GrownSplit;
  children?: readonly [GrownNode, GrownNode];
}

/** The leaves below a node, from left to right. */
export function leavesOf(node: GrownNode): GrownNode[] {
  return node.children ? [...leavesOf(node.children[0]), ...leavesOf(node.children[1])] : [node];
}

/** What is known of a grown tree's leaves, from left to right. */
export interface GrownLeaves {
  /** Their values. */
  readonly leafValues: ArrayLike<number>;
  /** Sums of the hessian of their rows. */
  readonly hessians: readonly number[];
  /** Gain of all splits by column, to which those of the tree are added. */
  readonly gains: Float64Array;
}

/** Writes a tree down. */
export function writeTree(
  root: GrownNode,
  writer: TreeWriter,
  binned: BinnedMatrix,
  { leafValues, hessians, gains }: GrownLeaves,
): Tree {
  const covers = new Map<GrownNode, number>();
  let next = 0;
  const cover = (node: GrownNode): number => {
    const sum = node.children
      ? cover(node.children[0]) + cover(node.children[1])
      : hessians[next++];
    covers.set(node, sum);
    return sum;
  };
  cover(root);
  next = 0;
  const write = (node: GrownNode): void => {
    if (!node.children) {
      writer.leaf([leafValues[next++]], covers.get(node)!);
      return;
    }
    gains[node.split!.column] += node.split!.gain;
    const parent = writeSplit(node.split!, covers.get(node)!, writer, binned);
    write(node.children[0]);
    writer.nextIsRightOf(parent);
    write(node.children[1]);
  };
  write(root);
  return writer.finish();
}

function writeSplit(
  { column, bin, missing, members }: GrownSplit,
  cover: number,
  writer: TreeWriter,
  binned: BinnedMatrix,
): number {
  if (!members) return writer.split(column, threshold(binned, column, bin), missing === 1, cover);
  const { low } = binned;
  const categories = members.map((member) => low[column * codes + member]);
  return writer.splitSet(column, categories, cover);
}

function threshold(binned: BinnedMatrix, column: number, bin: number): number {
  if (bin === binned.bins[column] - 1) return highestFloat32;
  return thresholdBetween(binned, column, bin, bin + 1);
}
