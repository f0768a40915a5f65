/** Rows that a tree is grown on. */

import type { Random } from "../base/mod.ts";

/** `count` of `rows` row numbers without repetition, in random order (Floyd's algorithm, then a shuffle). */
export function rowsWithoutRepetition(rows: number, count: number, random: Random): Int32Array {
  const taken = new Set<number>();
  for (let last = rows - count; last < rows; last++) {
    const drawn = random.int(last + 1);
    taken.add(taken.has(drawn) ? last : drawn);
  }
  return random.shuffle(Int32Array.from(taken));
}
