/** The splits of an ensemble as walking through them needs them. */

import { isCategory, membersOf } from "./category_sets.ts";
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
   * 1 if missing values go left, see {@link orderedBits}.
   *
   * A set of categories is a few such splits: a search among the ends of its
   * runs, all of which lead to the same two nodes.
   */
  readonly splits: Int32Array<SharedArrayBuffer>;
  /** Reference to each tree's root, shape [trees]. */
  readonly roots: Int32Array;
  /** Columns of categories, where what is no category is a missing value; see {@link codeBits}. */
  readonly coded: readonly number[];
  /** Leaf values, shape [leaf rows × leafWidth]. */
  readonly leaves: Float32Array<SharedArrayBuffer>;
}

const tables = /* @__MEMO__ */ new WeakMap<TreeEnsemble, NodeTable>();

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
  const { feature, threshold, left, right, missingLeft, sets, roots } = trees;
  const reference = new Int32Array(feature.length);
  const coded = new Set<number>();
  /** Of each node with a set where the answer turns from one side to the other. */
  const turns = new Map<number, readonly number[]>();
  let count = 0;
  for (let node = 0; node < feature.length; node++) {
    reference[node] = feature[node] < 0 ? -1 - left[node] : 4 * count;
    if (feature[node] < 0) continue;
    if (sets && sets.of[node] >= 0) {
      const ends = turnsOf(membersOf(sets, sets.of[node]));
      coded.add(feature[node]);
      turns.set(node, ends);
      count += ends.length;
    } else count++;
  }
  const splits = new Int32Array(new SharedArrayBuffer(16 * count));
  const bits = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
  for (let node = 0; node < feature.length; node++) {
    const at = reference[node];
    if (at < 0) continue;
    const ends = turns.get(node);
    if (ends) {
      writeSearch(splits, at, feature[node], ends, reference[left[node]], reference[right[node]]);
      continue;
    }
    splits[at] = orderedBits(bits[node]) + missingLeft[node];
    splits[at + 1] = 2 * feature[node] + missingLeft[node];
    splits[at + 2] = reference[right[node]];
    splits[at + 3] = reference[left[node]];
  }
  const leaves = new Float32Array(new SharedArrayBuffer(trees.leaves.byteLength));
  leaves.set(trees.leaves);
  return { splits, roots: roots.map((root) => reference[root]), coded: [...coded], leaves };
}

/** Between which categories a set begins and ends, in turn, rising. */
function turnsOf(members: readonly number[]): number[] {
  const ends: number[] = [];
  members.forEach((category, i) => {
    if (category !== members[i - 1] + 1) ends.push(category - 0.5);
    if (category !== members[i + 1] - 1) ends.push(category + 0.5);
  });
  return ends;
}

/** Writes a search among `ends` from place `at` on: runs in turn go right and left. */
function writeSearch(
  splits: Int32Array,
  at: number,
  feature: number,
  ends: readonly number[],
  left: number,
  right: number,
): void {
  const bits = new Int32Array(Float32Array.from(ends).buffer);
  let next = at;
  /** Reference to what tells the runs `from` to `to` apart. */
  const write = (from: number, to: number): number => {
    if (from === to) return from % 2 === 1 ? left : right;
    const middle = (from + to) >> 1;
    const own = next;
    next += 4;
    splits[own] = orderedBits(bits[middle]);
    splits[own + 1] = 2 * feature;
    splits[own + 3] = write(from, middle);
    splits[own + 2] = write(middle + 1, to);
    return own;
  };
  write(0, ends.length);
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

/** {@link orderedBits} of a value in a column of categories: what is no category is missing. */
export function codeBits(value: number, bits: number): number {
  return isCategory(value) ? orderedBits(bits) : missing;
}

/** Where the row that starts at `row` of `block`, in ordered bits, goes from the split at `node`. */
export function nextNode(splits: Int32Array, node: number, block: Int32Array, row: number): number {
  const test = splits[node + 1];
  const value = (block[row + (test >> 1)] + (test & 1)) | 0;
  return splits[node + 2 + Number(value <= splits[node])];
}

/** `next`, or `node` if next is a leaf: in bits, as a branch is often mispredicted. */
export function stayAtLeaf(node: number, next: number): number {
  const leaf = next >> 31;
  return (node & leaf) | (next & ~leaf);
}
