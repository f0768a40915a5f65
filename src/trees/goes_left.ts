/** The test of a split. */

import { isMember } from "./category_sets.ts";
import type { TreeEnsemble } from "./ensemble.ts";

/** Whether a value goes left at a split, by its set of categories or by its threshold. */
export function goesLeft(
  { threshold, missingLeft, sets }: Pick<TreeEnsemble, "threshold" | "missingLeft" | "sets">,
  node: number,
  value: number,
): boolean {
  if (sets !== undefined && sets.of[node] >= 0) return isMember(sets, sets.of[node], value);
  return value !== value ? missingLeft[node] === 1 : value <= threshold[node];
}
