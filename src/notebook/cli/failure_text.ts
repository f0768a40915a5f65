/** Failures of cells in the words of the command line. */

import type { CellFailure } from "../../deno_kernel/mod.ts";

/** Where it failed and why, with the line of the cell where it is known, else its first. */
export function cellFailureText(
  file: string,
  { cell, line, message, next }: CellFailure,
  source: string,
): string {
  const text = source.split("\n")[(line ?? 1) - 1]?.trim() ?? "";
  const where = line === undefined ? `cell ${cell}` : `cell ${cell}, line ${line}`;
  return `error: ${file}: ${where}: ${message}\n  ${line ?? 1} | ${text}\n` +
    (next === undefined ? "" : `next: ${next}\n`);
}
