/** Numbers and errors in the words that all command lines share. */

import type { EventError } from "../base/mod.ts";

/**
 * A time span for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([0.042, 3.21, 75, 3700].map(duration), ["42 ms", "3.2 s", "1 min 15 s", "1 h 01 min"]);
 * ```
 */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor(whole % 3600 / 60))} min`;
}

/**
 * A number of bytes for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([512, 2_500, 31_000_000].map(size), ["512 B", "2.5 kB", "31.0 MB"]);
 * ```
 */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${units[power - 1]}`;
}

const pad = (n: number) => String(n).padStart(2, "0");

/** A number that a step recorded, with the digits that people compare. */
export function metricText(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}

/** Parameters and values as they are given: `folds=5 seed=1`; `-` for none. */
export function assignments(values: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(values).map(([name, value]) => {
    return `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
  return texts.join(" ") || "-";
}

/** The lines that tell an error: message, next step, causes, and stacks if asked for. */
export function errorLines(error: EventError, trace: boolean): string[] {
  const { message, next, stack, cause, errors = [] } = error;
  return [
    `error: ${message}`,
    ...next === undefined ? [] : [`next: ${next}`],
    ...errors.flatMap((error) => indented("one of them", error, trace)),
    ...cause ? indented("caused by", cause, trace) : [],
    ...trace && stack !== undefined ? [stack] : [],
  ];
}

function indented(word: string, { name, ...error }: EventError, trace: boolean): string[] {
  const { message } = error;
  const shown = ["Error", "UserError"].includes(name) ? message : `${name}: ${message}`;
  const [, ...rest] = errorLines({ name, ...error }, trace);
  return [`${word}: ${shown}`, ...rest].map((line) => `  ${line.replaceAll("\n", "\n  ")}`);
}
