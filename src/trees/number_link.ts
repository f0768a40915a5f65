/** From scores to the numbers that trees of one output predict. */

import type { TreeEnsemble } from "./ensemble.ts";

const numbers: Partial<Record<TreeEnsemble["link"], (score: number) => number>> = {
  identity: (score) => score,
  exp: Math.exp,
  exp2: (score) => 2 ** score,
};

/** Whether a link gives one number for a row, and no class. */
export function predictsNumber(link: TreeEnsemble["link"], outputs: number): boolean {
  return outputs === 1 && Object.hasOwn(numbers, link);
}

/**
 * The number that a score stands for: the score, or a power where the trees tell logarithms.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([numberOfScore("identity", 3), numberOfScore("exp2", 3)], [3, 8]);
 * ```
 */
export function numberOfScore(link: TreeEnsemble["link"], score: number): number {
  return numbers[link]?.(score) ?? score;
}
