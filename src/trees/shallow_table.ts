/** Shallow trees as full ones, in which a node's place tells where its children are. */

import { firstLevels } from "../kernels/mod.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import { orderedBits } from "./node_table.ts";

/**
 * Trees of one value at a leaf and without sets of categories, each filled up to the same depth in
 * all of its branches: walking down takes no look at a child's place and no question whether a leaf
 * is reached. Missing values are not provided for.
 */
export interface ShallowTable {
  /**
   * Feature and threshold in ordered bits of each split; the children of node `p`, which starts
   * at 1, are `2p` and `2p + 1`. Shape [trees' ends × 2].
   */
  readonly splits: Int32Array<SharedArrayBuffer>;
  /** Value at each end, from the left, tree by tree. */
  readonly values: Float32Array<SharedArrayBuffer>;
  /** Where each tree's ends begin, which its splits do at twice that, shape [trees]. */
  readonly starts: Int32Array;
  /** Splits from the root to each end, 3 or more, shape [trees]. */
  readonly depths: Uint8Array;
}

/** Deeper trees are left as they are: most of a full one would be made up. */
const DEEPEST = 10;

/** Ends of full trees to each leaf, at most, beside those that all trees have. */
const MOST_FILL = 6;

/** Above all numbers in ordered bits: all rows go left. */
const HIGHEST = 2 ** 31 - 1;

const tables = /* @__MEMO__ */ new WeakMap<TreeEnsemble, ShallowTable | "deep">();

/** The table of an ensemble, undefined if its trees do not suit; it is made once. */
export function shallowTable(trees: TreeEnsemble): ShallowTable | undefined {
  let table = tables.get(trees);
  if (table === undefined) {
    table = makeTable(trees) ?? "deep";
    tables.set(trees, table);
  }
  return table === "deep" ? undefined : table;
}

function makeTable(trees: TreeEnsemble): ShallowTable | undefined {
  const { roots, feature, threshold, left, right, leaves, leafWidth, sets } = trees;
  if (sets !== undefined || leafWidth !== 1) return undefined;
  const depths = depthsOf(trees);
  if (depths === undefined) return undefined;
  const starts = new Int32Array(roots.length);
  let size = 0;
  depths.forEach((depth, t) => {
    starts[t] = size;
    size += 1 << depth;
  });
  const count = feature.reduce((sum, own) => sum + Number(own < 0), 0);
  if (size > MOST_FILL * count + (roots.length << firstLevels)) return undefined;
  const splits = new Int32Array(new SharedArrayBuffer(8 * size));
  const values = new Float32Array(new SharedArrayBuffer(4 * size));
  const bits = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
  const fill = (t: number, node: number, place: number, depth: number): void => {
    const isLeaf = feature[node] < 0;
    if (depth === depths[t]) {
      values[starts[t] + place - (1 << depth)] = leaves[left[node]];
      return;
    }
    const at = 2 * (starts[t] + place);
    splits[at] = isLeaf ? 0 : feature[node];
    splits[at + 1] = isLeaf ? HIGHEST : orderedBits(bits[node]);
    fill(t, isLeaf ? node : left[node], 2 * place, depth + 1);
    fill(t, isLeaf ? node : right[node], 2 * place + 1, depth + 1);
  };
  roots.forEach((root, t) => fill(t, root, 1, 0));
  return { splits, values, starts, depths };
}

/** Depth of each tree; undefined if one is too deep. Parents come before their children. */
function depthsOf({ roots, feature, left, right }: TreeEnsemble): Uint8Array | undefined {
  const depths = new Uint8Array(roots.length).fill(firstLevels);
  const own = new Uint8Array(feature.length);
  for (let t = 0; t < roots.length; t++) {
    const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
    for (let node = roots[t]; node < end; node++) {
      if (own[node] > DEEPEST) return undefined;
      depths[t] = Math.max(depths[t], own[node]);
      if (feature[node] < 0) continue;
      own[left[node]] = own[node] + 1;
      own[right[node]] = own[node] + 1;
    }
  }
  return depths;
}
