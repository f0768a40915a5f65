/** Which rows count for which moments, so that each customer tells once what it has to tell. */

import type { EvidenceState } from "./evidence.ts";
import type { SeenGroups } from "./seen_groups.ts";

/** Rows that count for the same moments. */
export interface Counting {
  /** They count for the moments after this one. */
  readonly after: number;
  /** Whether each row counts, shape [rows]; all do if it is left out. */
  readonly counts?: Uint8Array;
}

/**
 * Rows by the moments for which they are the first of their group. A row
 * without a group is one of its own.
 */
export function countingRows(
  groups: readonly (string | undefined)[],
  rows: number,
  seen: SeenGroups,
  { begun, starts }: EvidenceState,
): { groups: Int32Array; countings: Counting[]; worth: number } {
  const byMoment = new Map<number, Uint8Array>();
  const codes = new Map<string, number>();
  const numbered = new Int32Array(rows);
  let [worth, count] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const group = groups[row];
    let before = 0;
    if (group === undefined) numbered[row] = count++;
    else {
      const code = codes.get(group) ?? count++;
      codes.set(group, code);
      numbered[row] = code;
      before = seen.count(group, begun);
      if (before >= begun) continue;
    }
    worth++;
    // Between two moments that are followed it makes no difference when that was.
    const after = starts.findLast(({ moment }) => moment <= before)?.moment ?? 0;
    let counts = byMoment.get(after);
    if (counts === undefined) byMoment.set(after, counts = new Uint8Array(rows));
    counts[row] = 1;
  }
  const countings = [...byMoment].map(([after, counts]) => ({ after, counts }));
  return { groups: numbered, countings, worth };
}
