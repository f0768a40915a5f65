/** The Markdown table of all results, and its place in the page. */

import { UsageError } from "../src/base/mod.ts";
import type { BenchRow } from "./results.ts";
import type { Suite } from "./suite.ts";
import { verdict } from "./verdict.ts";

/** Where the table begins in the page. */
const startMarker = "<!-- bench:start -->";
/** Where it ends. */
const endMarker = "<!-- bench:end -->";

const columns = [
  ["Suite", "---"],
  ["Benchmark", "---"],
  ["Rows", "---:"],
  ["Peer", "---"],
  ["Ours", "---:"],
  ["Peer's", "---:"],
  ["Time ratio", "---:"],
  ["Memory, ours / peer's", "---:"],
  ["Quality, ours / peer's", "---:"],
  ["Target", "---"],
] as const;

/**
 * The table with what it was measured on.
 *
 * @param suites All suites, which hold the targets.
 */
export function benchMarkdown(rows: readonly BenchRow[], suites: readonly Suite[]): string {
  if (rows.length === 0) return "Nothing has been measured yet.\n";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `${conditions(rows)} A time ratio above 1 means that ours is faster.`,
    "",
    line(columns.map(([name]) => name)),
    line(columns.map(([, alignment]) => alignment)),
    ...rows.map((row) => line(tableRow(row, rows, suites))),
    "",
  ].join("\n");
}

/** When, on what and beside which versions the rows were measured. */
export function conditions(rows: readonly BenchRow[]): string {
  const list = (values: readonly (string | number)[]) => [...new Set(values)].sort().join(", ");
  const versions = rows.flatMap(({ peer_version }) => peer_version.split(", "))
    .filter((version) => version !== "");
  return `Measured ${list(rows.map(({ date }) => date))} on ` +
    `${list(rows.map(({ cores }) => cores))} cores with 2 threads a side` +
    `${versions.length === 0 ? "" : ` beside ${list(versions)}`}; medians over rounds.`;
}

/** Seconds in the unit that reads best. */
export function shortTime(seconds: number): string {
  if (seconds < 1e-3) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (seconds < 1) return `${(seconds * 1e3).toFixed(seconds < 0.1 ? 1 : 0)} ms`;
  return `${seconds.toFixed(seconds < 100 ? 2 : 0)} s`;
}

/** A quality with four decimals, or with its power of ten if those would be 0. */
function shortQuality(quality: number | null): string {
  if (quality === null) return "–";
  if (Number.isInteger(quality)) return quality.toLocaleString("en");
  return Math.abs(quality) < 0.001 ? quality.toExponential(1) : quality.toFixed(4);
}

/** Peak memory of both sides. */
export function bothMegabytes({ ours_mb, peer_mb }: BenchRow): string {
  if (ours_mb === null || peer_mb === null) return "–";
  return `${ours_mb.toFixed(0)} / ${peer_mb.toFixed(0)} MB`;
}

/** The quality of both sides and what it is. */
export function bothQualities({ quality_name, ours_quality, peer_quality }: BenchRow): string {
  if (quality_name === null) return "–";
  return `${quality_name} ${shortQuality(ours_quality)} / ${shortQuality(peer_quality)}`;
}

function tableRow(row: BenchRow, rows: readonly BenchRow[], suites: readonly Suite[]): string[] {
  return [
    row.suite,
    row.name,
    row.rows.toLocaleString("en"),
    row.peer,
    shortTime(row.ours_s),
    shortTime(row.peer_s),
    row.time_ratio.toFixed(2),
    bothMegabytes(row),
    bothQualities(row),
    verdict(row, rows, suites)?.text ?? "–",
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

/**
 * The page with `table` between its markers.
 *
 * @throws {UsageError} if the markers are not there once each, in this order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const page = "# A\n<!-- bench:start -->\nold\n<!-- bench:end -->\nB\n";
 * assertEquals(
 *   intoPage(page, "new\n"),
 *   "# A\n<!-- bench:start -->\n\n<!-- deno-fmt-ignore-start -->\n\nnew\n\n" +
 *     "<!-- deno-fmt-ignore-end -->\n\n<!-- bench:end -->\nB\n",
 * );
 * ```
 */
export function intoPage(page: string, table: string): string {
  const parts = page.split(startMarker);
  const rest = parts[1]?.split(endMarker) ?? [];
  if (parts.length !== 2 || rest.length !== 2) {
    throw new UsageError(
      "Cannot put the benchmark into docs/benchmarks.md: its markers are not there once",
      {
        next: `write ${startMarker} and ${endMarker} where the table belongs`,
      },
    );
  }
  // The formatter would pad every cell to the width of the longest.
  const ignored = `<!-- deno-fmt-ignore-start -->\n\n${table.trim()}\n\n<!-- deno-fmt-ignore-end -->`;
  return `${parts[0]}${startMarker}\n\n${ignored}\n\n${endMarker}${rest[1]}`;
}
