/** Names of log files: what they hold, since when, and which process wrote them. */

/** What the name of a log file tells. */
export interface FileName {
  /** `predictions` or `feedback`. */
  readonly kind: string;
  /** When it was begun, to the second. */
  readonly begun: Date;
  /** Process that wrote it. */
  readonly process: number;
  /** Number of the file within its process. */
  readonly number: number;
}

/** `predictions_20261121T101500_4711_0.jsonl`, the time in UTC. */
export function formatFileName({ kind, begun, process, number }: FileName): string {
  const time = begun.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  return `${kind}_${time}_${process}_${number}.jsonl`;
}

/**
 * Reads a file's name; undefined if it is none of the log's.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const name = parseFileName("feedback_20261121T101500_4711_0.jsonl");
 * assertEquals(name?.begun.toISOString(), "2026-11-21T10:15:00.000Z");
 * ```
 */
export function parseFileName(name: string): FileName | undefined {
  const found = /^([a-z]+)_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)_(\d+)_(\d+)\.jsonl$/.exec(name);
  if (found === null) return undefined;
  const [year, month, day, hour, minute, second, process, number] = found.slice(2).map(Number);
  const begun = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  return { kind: found[1], begun, process, number };
}
