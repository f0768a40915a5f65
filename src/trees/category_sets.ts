/** Sets of categories that splits send left. */

import { ModelError } from "../base/mod.ts";

/**
 * Sets of categories as bits, side by side. A category is the whole number 0 to
 * {@link highestCategory} that a column holds; any other value is a missing one.
 */
export interface CategorySets {
  /** Number of the set that each node asks for, −1 if it asks for none; shape [nodes]. */
  readonly of: Int32Array;
  /** First word of each set, and the number of words; shape [sets + 1]. */
  readonly bounds: Int32Array;
  /** Category c is in a set where bit c % 32 of its word ⌊c / 32⌋ is 1. */
  readonly words: Int32Array;
}

/** The highest category: a set has a bit for each up to its highest member. */
export const highestCategory = 65_535;

/** Whether a value is a category. */
export function isCategory(value: number): boolean {
  return value >= 0 && value <= highestCategory && Number.isInteger(value);
}

/** Whether a set holds a value, which may be no category at all. */
export function isMember({ bounds, words }: CategorySets, set: number, value: number): boolean {
  if (!isCategory(value)) return false;
  const word = bounds[set] + (value >> 5);
  return word < bounds[set + 1] && (words[word] >>> (value & 31) & 1) === 1;
}

/** The categories in a set, rising. */
export function membersOf({ bounds, words }: CategorySets, set: number): number[] {
  const members: number[] = [];
  for (let word = bounds[set]; word < bounds[set + 1]; word++) {
    for (let bits = words[word]; bits !== 0; bits &= bits - 1) {
      members.push(32 * (word - bounds[set]) + 31 - Math.clz32(bits & -bits));
    }
  }
  return members;
}

/**
 * The sets of a tree's nodes.
 *
 * @param members Of each node the categories that go left, or undefined if it asks for none.
 * @returns Nothing if no node asks.
 * @throws {ModelError} if a member is no category.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sets = categorySets([[2, 33], undefined, [0]])!;
 * assertEquals([...sets.of], [0, -1, 1]);
 * assertEquals([...sets.words], [4, 2, 1]);
 * assertEquals(membersOf(sets, 0), [2, 33]);
 * ```
 */
export function categorySets(
  members: readonly (Iterable<number> | undefined)[],
): CategorySets | undefined {
  if (members.every((set) => set === undefined)) return undefined;
  const of = new Int32Array(members.length).fill(-1);
  const bounds = [0];
  const words: number[] = [];
  members.forEach((set, node) => {
    if (set === undefined) return;
    of[node] = bounds.length - 1;
    const first = words.length;
    for (const category of set) {
      if (!isCategory(category)) {
        throw new ModelError(`Cannot make a set of categories: ${category} is none`, {
          next: `give whole numbers from 0 to ${highestCategory}`,
        });
      }
      const word = first + (category >> 5);
      while (words.length <= word) words.push(0);
      words[word] |= 1 << (category & 31);
    }
    bounds.push(words.length);
  });
  return { of, bounds: Int32Array.from(bounds), words: Int32Array.from(words) };
}

/** The sets of trees one after the other, those of nodes that ask for none left out. */
export function joinSets(
  trees: readonly { readonly feature: Int32Array; readonly sets?: CategorySets }[],
): CategorySets | undefined {
  if (trees.every(({ sets }) => sets === undefined)) return undefined;
  const total = (count: (sets: CategorySets) => number) =>
    trees.reduce((sum, { sets }) => sum + (sets ? count(sets) : 0), 0);
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const joined: CategorySets = {
    of: new Int32Array(nodes).fill(-1),
    bounds: new Int32Array(total(({ bounds }) => bounds.length - 1) + 1),
    words: new Int32Array(total(({ words }) => words.length)),
  };
  let node = 0;
  let set = 0;
  let word = 0;
  for (const { feature, sets } of trees) {
    if (sets) {
      for (let n = 0; n < feature.length; n++) {
        if (sets.of[n] >= 0) joined.of[node + n] = set + sets.of[n];
      }
      for (let s = 1; s < sets.bounds.length; s++) joined.bounds[set + s] = word + sets.bounds[s];
      joined.words.set(sets.words, word);
      set += sets.bounds.length - 1;
      word += sets.words.length;
    }
    node += feature.length;
  }
  return joined;
}

/** Whether two nodes ask for the same set, or both for none. */
export function sameSet(
  a: CategorySets | undefined,
  nodeOfA: number,
  b: CategorySets | undefined,
  nodeOfB: number,
): boolean {
  const [own, other] = [a ? a.of[nodeOfA] : -1, b ? b.of[nodeOfB] : -1];
  if (own < 0 || other < 0) return own === other;
  return membersOf(a!, own).join() === membersOf(b!, other).join();
}
