/** Whether what was measured is behind what was measured before. */

import type { BenchRow } from "./results.ts";

/** The share of an earlier ratio that is enough: two runs of one commit differ by up to a tenth. */
const enough = 0.85;

/** A ratio that fell. */
export interface Fall {
  readonly row: BenchRow;
  /** The ratio before. */
  readonly before: number;
}

/**
 * The rows whose time ratio is more than 15 % below that of the same case, size and peer in
 * `earlier`; rows that are new have none to fall from.
 */
export function fallsOf(measured: readonly BenchRow[], earlier: readonly BenchRow[]): Fall[] {
  return measured.flatMap((row) => {
    const before = earlier.find((one) => keyOf(one) === keyOf(row))?.time_ratio;
    return before !== undefined && row.time_ratio < enough * before ? [{ row, before }] : [];
  });
}

/** Of each case the better of two measurements, and those that were measured once. */
export function betterOf(first: readonly BenchRow[], second: readonly BenchRow[]): BenchRow[] {
  const again = new Map(second.map((row) => [keyOf(row), row]));
  return first.map((row) => {
    const other = again.get(keyOf(row));
    return other !== undefined && other.time_ratio > row.time_ratio ? other : row;
  });
}

/** The fall in a line. */
export function fallText({ row: { name, rows, peer, time_ratio }, before }: Fall): string {
  const size = rows.toLocaleString("en");
  return `${name}, ${size} rows, beside ${peer}: ${time_ratio.toFixed(2)}, ${
    before.toFixed(2)
  } before`;
}

const keyOf = ({ suite, name, rows, peer }: BenchRow) => JSON.stringify([suite, name, rows, peer]);
