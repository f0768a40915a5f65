/** Whether a row reaches what its case aims at. */

import type { BenchRow } from "./results.ts";
import type { Suite, Target } from "./suite.ts";

/** A row held against its target. */
export interface Verdict {
  /** Whether everything that is aimed at is reached. */
  readonly reached: boolean;
  /** The time that is aimed at, and whether all is reached or what is not. */
  readonly text: string;
}

/**
 * Judges `row` by the target of its case.
 *
 * @param rows All rows, for the quality of the case's other peers.
 * @returns undefined if the case is unknown or aims at nothing.
 */
export function verdict(
  row: BenchRow,
  rows: readonly BenchRow[],
  suites: readonly Suite[],
): Verdict | undefined {
  const target = suites.find(({ name }) => name === row.suite)?.cases
    .find(({ name }) => name === row.name)?.target;
  if (target === undefined) return undefined;
  const missed = misses(target, row, rows);
  const reached = missed.length === 0;
  const end = reached ? "reached" : `not reached (${missed.join(", ")})`;
  return { reached, text: `≥ ${target.timeRatio}: ${end}` };
}

function misses(target: Target, row: BenchRow, rows: readonly BenchRow[]): string[] {
  const missed: string[] = [];
  if (row.time_ratio < target.timeRatio) missed.push("time");
  if (target.memoryShare !== undefined) {
    if (row.ours_mb === null || row.peer_mb === null) missed.push("memory unknown");
    else if (row.ours_mb >= target.memoryShare * row.peer_mb) missed.push("memory");
  }
  if (target.quality !== undefined) {
    const peers = rows
      .filter(({ suite, name, rows: size }) =>
        suite === row.suite && name === row.name && size === row.rows
      )
      .map(({ peer_quality }) => peer_quality).filter((quality) => quality !== null);
    if (row.ours_quality === null || peers.length === 0) missed.push("quality unknown");
    else if (!target.quality.holds(row.ours_quality, peers)) missed.push("quality");
  }
  return missed;
}
