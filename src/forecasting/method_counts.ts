/** Which methods series chose. */

import type { AutomaticModel } from "../forecast/mod.ts";

/** How often each method was chosen, the most frequent first; blends count as one. */
export function methodCounts(
  models: readonly Pick<AutomaticModel, "members">[],
): readonly (readonly [name: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { members } of models) {
    const name = members.length > 1 ? "a blend" : members[0].name;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
