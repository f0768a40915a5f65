/** What one check of a table came to. */

import type { Consequence } from "./schema.ts";

/** One thing that was looked at. */
export interface TableFinding {
  /** The column, or what of the table as a whole. */
  readonly of: string;
  /** What was asked for, as `at most 5 % missing`. */
  readonly wanted: string;
  /** What there was, as `12 of 200 (6 %)`. */
  readonly found: string;
  /** Whether it is as wanted. */
  readonly kept: boolean;
  /** What follows if it is not. */
  readonly otherwise: Consequence;
  /** Up to three of the values or rows that are not as wanted; rows count from 1. */
  readonly examples: readonly string[];
}

/** What a table was found to be. */
export interface TableFindings {
  /** Path of the file. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Rows of the table. */
  readonly rows: number;
  /** All that was looked at. */
  readonly findings: readonly TableFinding[];
}

/** Those that are not as wanted, with one consequence. */
export function failed(
  { findings }: TableFindings,
  otherwise: Consequence,
): readonly TableFinding[] {
  return findings.filter((finding) => !finding.kept && finding.otherwise === otherwise);
}

/** A finding as a sentence. */
export function findingText({ of, wanted, found, examples }: TableFinding): string {
  const shown = examples.length === 0 ? "" : `, as ${examples.join(", ")}`;
  return `${of}: ${found}${shown}; wanted ${wanted}`;
}

/** Examples that a finding has. */
export const EXAMPLES = 3;

/** A count of a whole, in words. */
export function countText(count: number, whole: number): string {
  return `${count.toLocaleString("en")} of ${whole.toLocaleString("en")}` +
    (count === 0 || whole === 0 ? "" : ` (${shareText(count / whole)})`);
}

/** A share as percent, with as many digits as tell it from 0 and 100 %. */
export function shareText(share: number): string {
  const value = 100 * share;
  return `${Number.isInteger(value) ? value : Number(value.toPrecision(2))} %`;
}
