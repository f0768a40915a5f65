/** Shallow trees as full ones, in which a node's place tells where its children are. */

import { firstLevels } from "../kernels/mod.ts";
import { membersOf } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import { orderedBits } from "./node_table.ts";

/**
 * Trees of one value at a leaf, each filled up to the same depth in all of its branches: walking
 * down takes no look at a child's place and no question whether a leaf is reached.
 */
export interface ShallowTable {
  /** What splits read; a feature whose missing values go left here and right there is two of them. */
  readonly columns: readonly ShallowColumn[];
  /**
   * Of each split twice its place among `columns`, and its threshold in ordered bits; of one that
   * asks for a set that place + 1, and the place of its first word. The children of node `p`, which
   * starts at 1, are `2p` and `2p + 1`. Shape [trees' ends × 2].
   */
  readonly splits: Int32Array<SharedArrayBuffer>;
  /** Value at each end, from the left, tree by tree. */
  readonly values: Float32Array<SharedArrayBuffer>;
  /** Sets of categories: bit c % 32 of word ⌊c / 32⌋ is 1 if category c goes left. */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Where each tree's ends begin, which its splits do at twice that, shape [trees]. */
  readonly starts: Int32Array;
  /** Splits from the root to each end, 3 or more, shape [trees]. */
  readonly depths: Uint8Array;
  /** 1 if one of a tree's splits asks for a set, shape [trees]. */
  readonly asks: Uint8Array;
}

/** A column of a block that walks read. */
export type ShallowColumn =
  | {
    readonly feature: number;
    /** What stands for a missing value, above or below all thresholds. */
    readonly missing: number;
  }
  | {
    readonly feature: number;
    /** What stands for a value that no set holds: above all categories that one does. */
    readonly others: number;
  };

/** Deeper trees are left as they are: most of a full one would be made up. */
const DEEPEST = 10;

/** Ends of full trees to each leaf, at most, beside those that all trees have. */
const MOST_FILL = 6;

/** Words of sets at most: more would be looked for outside of all caches. */
const MOST_WORDS = 1 << 18;

/** Above all numbers in ordered bits: all rows go left, or missing values right. */
const HIGHEST = 2 ** 31 - 1;

/** Below all numbers in ordered bits. */
const LOWEST = -(2 ** 31);

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
  const { roots, feature, threshold, left, right, missingLeft, leaves, leafWidth } = trees;
  if (leafWidth !== 1) return undefined;
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
  const sets = setsOf(trees);
  if (sets.words.length > MOST_WORDS) return undefined;
  const splits = new Int32Array(new SharedArrayBuffer(8 * size));
  const values = new Float32Array(new SharedArrayBuffer(4 * size));
  const asks = new Uint8Array(roots.length);
  const bits = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
  const columns: ShallowColumn[] = [];
  const places = new Map<string, number>();
  const placeOf = (key: string, column: ShallowColumn) => {
    if (!places.has(key)) places.set(key, columns.push(column) - 1);
    return 2 * places.get(key)!;
  };
  const fill = (t: number, node: number, place: number, depth: number): void => {
    const own = feature[node];
    if (depth === depths[t]) {
      values[starts[t] + place - (1 << depth)] = leaves[left[node]];
      return;
    }
    const at = 2 * (starts[t] + place);
    const word = sets.firstWords.get(node);
    if (own < 0) splits[at + 1] = HIGHEST;
    else if (word !== undefined) {
      asks[t] = 1;
      splits[at] = placeOf(`${own}`, { feature: own, others: sets.others.get(own)! }) + 1;
      splits[at + 1] = word;
    } else {
      const missing = missingLeft[node] === 1 ? LOWEST : HIGHEST;
      splits[at] = placeOf(`${own} ${missing}`, { feature: own, missing });
      splits[at + 1] = orderedBits(bits[node]);
    }
    fill(t, own < 0 ? node : left[node], 2 * place, depth + 1);
    fill(t, own < 0 ? node : right[node], 2 * place + 1, depth + 1);
  };
  roots.forEach((root, t) => fill(t, root, 1, 0));
  // Splits that are made up read the first column, whatever it holds.
  if (columns.length === 0) columns.push({ feature: 0, missing: HIGHEST });
  return { columns, splits, values, words: sets.words, starts, depths, asks };
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

/** The sets of nodes in words, as many for each of a column. */
function setsOf({ feature, sets }: TreeEnsemble): {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Where the words of a node that asks begin. */
  readonly firstWords: ReadonlyMap<number, number>;
  /** Of each column of categories the first category that no set holds, nor any above it. */
  readonly others: ReadonlyMap<number, number>;
} {
  const members = new Map<number, number[]>();
  const others = new Map<number, number>();
  feature.forEach((own, node) => {
    if (sets === undefined || own < 0 || sets.of[node] < 0) return;
    const found = membersOf(sets, sets.of[node]);
    members.set(node, found);
    others.set(own, Math.max(others.get(own) ?? 0, (found.at(-1) ?? -1) + 1));
  });
  const firstWords = new Map<number, number>();
  let count = 0;
  for (const node of members.keys()) {
    firstWords.set(node, count);
    count += (others.get(feature[node])! >> 5) + 1;
  }
  const words = new Int32Array(new SharedArrayBuffer(4 * count));
  for (const [node, categories] of members) {
    for (const category of categories) {
      words[firstWords.get(node)! + (category >> 5)] |= 1 << (category & 31);
    }
  }
  return { words, firstWords, others };
}
