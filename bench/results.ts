/** The rows of `reports/bench.json`. */

import { ifPresent } from "../src/base/mod.ts";
import { DataError } from "../src/base/mod.ts";

/** One case at one size beside one peer. */
export interface BenchRow {
  readonly suite: string;
  readonly name: string;
  readonly rows: number;
  readonly peer: string;
  /** Median seconds over the rounds. */
  readonly ours_s: number;
  readonly peer_s: number;
  /** `peer_s / ours_s`: above 1 if ours is faster. */
  readonly time_ratio: number;
  /** Median peak memory in MB (10⁶ bytes); null if it is unknown. */
  readonly ours_mb: number | null;
  readonly peer_mb: number | null;
  readonly quality_name: string | null;
  /** Mean over the rounds, each with its own seed. */
  readonly ours_quality: number | null;
  readonly peer_quality: number | null;
  readonly rounds: number;
  /** Day of the measurement, as `2026-11-21`. */
  readonly date: string;
  /** Cores of the machine. */
  readonly cores: number;
  /** Packages behind the peer, as `xgboost 3.2.0`. */
  readonly peer_version: string;
}

/**
 * The old rows with those that were measured anew replaced: all of the same
 * suite and size, so that a case that is gone leaves nothing behind, and other
 * suites and sizes stay.
 *
 * @param only A part of the names of those that were measured, where not all were; others stay.
 */
export function mergeRows(
  old: readonly BenchRow[],
  measured: readonly BenchRow[],
  only = "",
): BenchRow[] {
  const key = ({ suite, rows }: BenchRow) => `${suite} ${rows}`;
  const renewed = new Set(measured.map(key));
  const kept = old.filter((row) => !renewed.has(key(row)) || !row.name.includes(only));
  const suites = [...new Set([...old, ...measured].map(({ suite }) => suite))];
  // Of a suite that ran whole, the order is that of its cases.
  const place = (row: BenchRow) =>
    only === "" ? 0 : old.findIndex(({ suite, name }) => suite === row.suite && name === row.name);
  return suites.flatMap((suite) =>
    [...kept, ...measured].filter((row) => row.suite === suite)
      .sort((a, b) => a.rows - b.rows || place(a) - place(b))
  );
}

/**
 * Reads `path`; there are no rows where there is no file.
 *
 * @throws {DataError} if the file holds something else.
 */
export async function readRows(path: string): Promise<BenchRow[]> {
  const text = await ifPresent(Deno.readTextFile(path));
  if (text === undefined) return [];
  try {
    const rows: unknown = JSON.parse(text);
    if (Array.isArray(rows) && rows.every((row) => typeof row?.suite === "string")) return rows;
  } catch {
    // Not JSON: refused below like JSON of another form.
  }
  throw new DataError(`Cannot read ${path}: it is not an array of benchmark rows`, {
    next: "move the file away and run the benchmark again",
  });
}
