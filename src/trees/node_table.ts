/** The splits of an ensemble as walking through them needs them. */

import type { TreeEnsemble } from "./ensemble.ts";

/**
 * Splits without leaves in shared memory, so that threads read them without a
 * copy. A reference to a node is its place in `splits`, or −1 − its leaf row
 * where it is a leaf.
 */
export interface NodeTable {
  /**
   * Four numbers for each split, in one line of the cache: the threshold as
   * {@link orderedBits} plus `turn`, the feature, where rows above the threshold
   * go and where the others do. The feature is 2 × its number + `turn`, which is
   * 1 where missing values go left, see {@link orderedBits}.
   */
  readonly splits: Int32Array<SharedArrayBuffer>;
  /** Reference to each tree's root, shape [trees]. */
  readonly roots: Int32Array;
  /** Leaf values, shape [leaf rows × leafWidth]. */
  readonly leaves: Float32Array<SharedArrayBuffer>;
}

const tables = new WeakMap<TreeEnsemble, NodeTable>();

/** The table of an ensemble; it is made once, ensembles do not change. */
export function nodeTable(trees: TreeEnsemble): NodeTable {
  let table = tables.get(trees);
  if (table === undefined) {
    table = makeTable(trees);
    tables.set(trees, table);
  }
  return table;
}

function makeTable(trees: TreeEnsemble): NodeTable {
  const { feature, threshold, left, right, missingLeft, roots } = trees;
  const reference = new Int32Array(feature.length);
  let count = 0;
  for (let node = 0; node < feature.length; node++) {
    reference[node] = feature[node] < 0 ? -1 - left[node] : 4 * count++;
  }
  const splits = new Int32Array(new SharedArrayBuffer(16 * count));
  const bits = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
  for (let node = 0; node < feature.length; node++) {
    const at = reference[node];
    if (at < 0) continue;
    splits[at] = orderedBits(bits[node]) + missingLeft[node];
    splits[at + 1] = 2 * feature[node] + missingLeft[node];
    splits[at + 2] = reference[right[node]];
    splits[at + 3] = reference[left[node]];
  }
  const leaves = new Float32Array(new SharedArrayBuffer(trees.leaves.byteLength));
  leaves.set(trees.leaves);
  return { splits, roots: roots.map((root) => reference[root]), leaves };
}

/** What every NaN becomes: above all numbers, and one more wraps around to below them. */
const missing = 2 ** 31 - 1;

/**
 * The bits of a Float32 as a whole number that compares as the Float32 does,
 * the highest of all for NaN.
 *
 * With that, `((value + turn) | 0) <= threshold + turn` is the whole test of a
 * split: a missing value is above every threshold, unless `turn` is 1 and it
 * wraps around to the lowest number.
 */
export function orderedBits(bits: number): number {
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return missing;
  return bits < 0 ? -magnitude : magnitude;
}

/** Where the row that starts at `row` of `block`, in ordered bits, goes from the split at `node`. */
export function nextNode(splits: Int32Array, node: number, block: Int32Array, row: number): number {
  const test = splits[node + 1];
  const value = (block[row + (test >> 1)] + (test & 1)) | 0;
  return splits[node + 2 + Number(value <= splits[node])];
}

/** `next`, or `node` where next is a leaf: in bits, as a branch is often mispredicted. */
export function stayAtLeaf(node: number, next: number): number {
  const leaf = next >> 31;
  return (node & leaf) | (next & ~leaf);
}
