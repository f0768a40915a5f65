/** What growing a forest's tree asks of the search for splits, whatever the target is. */

import type { Random } from "../base/mod.ts";
import type { CodeBlock, NodeRows } from "./code_block.ts";

/** Looks for the best split of one node at a time. */
export interface NodeSplitter {
  /** Total weight of the node. */
  readonly weight: number;
  /** Feature of the best split so far, −1 if there is none. */
  readonly feature: number;
  /** 1 for each bin that goes left, if the feature holds categories; see `CategoryOrder`. */
  readonly members: Uint8Array | undefined;
  /** Last occupied bin that goes left. */
  readonly leftBin: number;
  /** First occupied bin that goes right, `missingCode` if only missing values do. */
  readonly rightBin: number;
  /** The cut, if it was drawn; midway between the two bins where not. */
  readonly threshold: number | undefined;
  /** Whether the node has missing values of the feature. */
  readonly hasMissing: boolean;
  /** Whether missing values go left, if the node has any. */
  readonly missingLeft: boolean;
  /** Score of the best split, greater is purer. */
  readonly score: number;

  /**
   * Starts a tree on the first `count` of `rows`, whose weights are at
   * `weights[row]`, and writes to `carried` what each row carries along.
   */
  startTree(rows: Int32Array, count: number, weights: Int32Array, carried: Int32Array): void;
  /** Where set, each feature is cut at one place that this draws. */
  random: Random | undefined;
  /** Reads the bins of the next nodes in `block`. */
  useBlock(block: CodeBlock): void;
  /** Starts a node of `rows`, `start` to `end − 1`; gives whether a split cannot improve it. */
  startNode(rows: NodeRows, start: number, end: number): boolean;
  /**
   * Tries all splits of the node on `feature` and keeps the best of all
   * features; of equally good ones the first. Gives false if the feature is
   * constant in the node.
   */
  tryFeature(feature: number): boolean;
  /** Whether no split can be better than the best so far. */
  isPerfect(): boolean;
  /** The score of the node without a split. */
  nodeScore(): number;
  /** The values of the node as a leaf; the array is used again for the next. */
  leafValues(): Float64Array;
}
