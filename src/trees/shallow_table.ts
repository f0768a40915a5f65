/** Small trees without the places of children: full ones, or lists of splits. */

import { firstLevels, mostStruck } from "../kernels/mod.ts";
import { membersOf } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";
import { orderedBits } from "./node_table.ts";

/**
 * Trees of one value at a leaf. Most are filled up to the same depth in all of their branches, in
 * which a node's place tells where its children are: walking down takes no question whether a leaf
 * is reached. Those of few leaves far down are lists of splits that each strike leaves off.
 */
export interface ShallowTable {
  /** What splits read; a feature whose missing values go left here and right there is two of them. */
  readonly columns: readonly ShallowColumn[];
  /** How rows find their leaf in each tree, shape [trees]. */
  readonly ways: readonly ShallowWay[];
  /**
   * Of each split twice its place among `columns`, and its threshold in ordered bits; of one that
   * asks for a set that place + 1, and the place of its first word. In full trees the children of
   * node `p`, which starts at 1, are `2p` and `2p + 1`; in lists the leaves on the left side follow
   * as bits.
   */
  readonly splits: Int32Array<SharedArrayBuffer>;
  /** Value at each end, from the left, tree by tree. */
  readonly values: Float32Array<SharedArrayBuffer>;
  /**
   * Sets of categories: in full trees bit c % 32 of word ⌊c / 32⌋ is 1 if category c goes left, in
   * lists word c has as bits the leaves that category c strikes off.
   */
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Where each tree's splits begin, and where the last one's end; shape [trees + 1]. */
  readonly splitStarts: Int32Array;
  /** Where each tree's values begin, and where the last one's end; shape [trees + 1]. */
  readonly valueStarts: Int32Array;
  /** Splits from the root to each end of a full tree, 3 or more; all splits of a list. Shape [trees]. */
  readonly steps: Uint8Array;
}

/** Down a full tree whose splits ask for no sets, or for some; or through a list of splits. */
export type ShallowWay = "walk" | "ask" | "strike";

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

/** Deeper trees are lists if they can, else left as they are: most of a full one would be made up. */
const DEEPEST = 10;

/** Full trees of this depth or less that ask for no sets are sooner walked down than lists. */
const SOONER = 6;

/** Lists have a word for each category: sets of higher ones are left to full trees. */
const HIGHEST_LISTED = 1023;

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
  const shapes = shapesOf(trees);
  const ways = shapes.map(wayOf);
  const splitStarts = new Int32Array(roots.length + 1);
  const valueStarts = new Int32Array(roots.length + 1);
  let filled = 0;
  let most = 0;
  for (let t = 0; t < roots.length; t++) {
    const { depth, ends } = shapes[t];
    const size = ways[t] === "strike" ? ends : 1 << depth;
    splitStarts[t + 1] = splitStarts[t] + (ways[t] === "strike" ? 3 * (ends - 1) : 2 * size);
    valueStarts[t + 1] = valueStarts[t] + size;
    if (ways[t] === undefined) return undefined;
    if (ways[t] === "strike") continue;
    filled += size;
    most += MOST_FILL * ends + (1 << firstLevels);
  }
  const sets = setsOf(trees, ways);
  if (filled > most || sets.words.length > MOST_WORDS) return undefined;
  const splits = new Int32Array(new SharedArrayBuffer(4 * splitStarts[roots.length]));
  const values = new Float32Array(new SharedArrayBuffer(4 * valueStarts[roots.length]));
  const bits = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
  const columns: ShallowColumn[] = [];
  const places = new Map<string, number>();
  const placeOf = (key: string, column: ShallowColumn) => {
    if (!places.has(key)) places.set(key, columns.push(column) - 1);
    return 2 * places.get(key)!;
  };
  const write = (node: number, at: number) => {
    const own = feature[node];
    const word = sets.firstWords.get(node);
    if (own < 0) splits[at + 1] = HIGHEST;
    else if (word !== undefined) {
      splits[at] = placeOf(`${own}`, { feature: own, others: sets.others.get(own)! }) + 1;
      splits[at + 1] = word;
    } else {
      const missing = missingLeft[node] === 1 ? LOWEST : HIGHEST;
      splits[at] = placeOf(`${own} ${missing}`, { feature: own, missing });
      splits[at + 1] = orderedBits(bits[node]);
    }
  };
  const fill = (t: number, node: number, place: number, depth: number): void => {
    if (depth === shapes[t].depth) {
      values[valueStarts[t] + place - (1 << depth)] = leaves[left[node]];
      return;
    }
    const isLeaf = feature[node] < 0;
    write(node, splitStarts[t] + 2 * place);
    fill(t, isLeaf ? node : left[node], 2 * place, depth + 1);
    fill(t, isLeaf ? node : right[node], 2 * place + 1, depth + 1);
  };
  /** Lists the splits below a node, whose first leaf is the given one; gives where its leaves end. */
  const list = (t: number, node: number, leaf: number, next: { at: number }): number => {
    if (feature[node] < 0) {
      values[valueStarts[t] + leaf] = leaves[left[node]];
      return leaf + 1;
    }
    const { at } = next;
    next.at += 3;
    write(node, at);
    const middle = list(t, left[node], leaf, next);
    const below = (2 ** (middle - leaf) - 1) << leaf;
    splits[at + 2] = below;
    const members = sets.members.get(node);
    if (members) {
      const word = splits[at + 1];
      sets.words.fill(below, word, word + sets.others.get(feature[node])! + 1);
      for (const category of members) sets.words[word + category] = 0;
    }
    return list(t, right[node], middle, next);
  };
  roots.forEach((root, t) => {
    if (ways[t] === "strike") list(t, root, 0, { at: splitStarts[t] });
    else fill(t, root, 1, 0);
  });
  // Splits that are made up read the first column, whatever it holds.
  if (columns.length === 0) columns.push({ feature: 0, missing: HIGHEST });
  return {
    ...{ columns, splits, values, words: sets.words, splitStarts, valueStarts },
    ways: ways as ShallowWay[],
    steps: Uint8Array.from(shapes, ({ depth, ends }, t) => ways[t] === "strike" ? ends - 1 : depth),
  };
}

/** What a tree is like. */
interface Shape {
  /** Splits from the root to the farthest leaf, as a full tree has them. */
  readonly depth: number;
  /** Leaves. */
  readonly ends: number;
  /** No category of the sets that its splits ask for is higher; −1 if none asks. */
  readonly highest: number;
}

/** The shape of each tree. Parents come before their children. */
function shapesOf({ roots, feature, left, right, sets }: TreeEnsemble): Shape[] {
  const own = new Int32Array(feature.length);
  return Array.from(roots, (root, t) => {
    let [depth, ends, highest] = [firstLevels, 0, -1];
    const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
    for (let node = root; node < end; node++) {
      depth = Math.max(depth, own[node]);
      if (feature[node] < 0) {
        ends++;
        continue;
      }
      const set = sets?.of[node] ?? -1;
      if (set >= 0) {
        highest = Math.max(highest, 32 * (sets!.bounds[set + 1] - sets!.bounds[set]) - 1);
      }
      own[left[node]] = own[node] + 1;
      own[right[node]] = own[node] + 1;
    }
    return { depth, ends, highest };
  });
}

/** The way that takes least; undefined if there is none. */
function wayOf({ depth, ends, highest }: Shape): ShallowWay | undefined {
  const asks = highest >= 0;
  const isList = ends <= mostStruck && (asks ? highest <= HIGHEST_LISTED : depth > SOONER);
  if (isList) return "strike";
  if (depth > DEEPEST) return undefined;
  return asks ? "ask" : "walk";
}

/** The sets of nodes, and words for them, which those of full trees have already. */
function setsOf(
  { roots, feature, sets }: TreeEnsemble,
  ways: readonly (ShallowWay | undefined)[],
): {
  readonly words: Int32Array<SharedArrayBuffer>;
  /** The categories of each node that asks. */
  readonly members: ReadonlyMap<number, readonly number[]>;
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
  const full: number[] = [];
  let [count, tree] = [0, 0];
  for (const node of members.keys()) {
    while (roots[tree + 1] <= node) tree++;
    firstWords.set(node, count);
    const last = others.get(feature[node])!;
    count += 1 + (ways[tree] === "strike" ? last : last >> 5);
    if (ways[tree] !== "strike") full.push(node);
  }
  const words = new Int32Array(new SharedArrayBuffer(4 * count));
  for (const node of full) {
    for (const category of members.get(node)!) {
      words[firstWords.get(node)! + (category >> 5)] |= 1 << (category & 31);
    }
  }
  return { words, members, firstWords, others };
}
