/** Numbers and marks as the tables of the page show them. */

import { type ColumnDrift, severities, type Severity } from "../drift/mod.ts";
import type { MarkCell, NumberCell, Tone } from "../report/mod.ts";

const tones: Readonly<Record<Severity, Tone | undefined>> = {
  none: undefined,
  low: "warning",
  medium: "warning",
  high: "bad",
};

/** The verdict on a column, sorted by its severity. */
export function severityMark({ severity, drifted, test, note }: ColumnDrift): MarkCell {
  const order = severities.indexOf(severity) + (drifted ? 0.5 : 0);
  if (drifted) {
    return {
      text: severity === "none" ? "drift" : severity,
      tone: tones[severity] ?? "warning",
      order,
    };
  }
  return { text: test === null && note !== null ? "not tested" : "–", order };
}

/** A share as a percentage that sorts by its value. */
export function percent(share: number | null): NumberCell | number {
  if (share === null || Number.isNaN(share)) return NaN;
  return { text: `${(100 * share).toFixed(1)} %`, value: share };
}

/** A number with four digits that sorts by its value. */
export function short(value: number | null): NumberCell | number {
  if (value === null || Number.isNaN(value)) return NaN;
  return { text: digits(value), value };
}

/** A number with four digits. */
export function digits(value: number): string {
  const tiny = value !== 0 && Math.abs(value) < 1e-4;
  return tiny ? value.toExponential(1) : value.toLocaleString("en", {
    maximumSignificantDigits: 4,
    useGrouping: Math.abs(value) >= 1e4,
  });
}

/** The name of a statistic as words. */
export function testName(test: string | null): string {
  return test === null ? "–" : test.replaceAll("_", " ");
}

/** Whether a metric is where it is expected, as a mark. */
export function usualMark(usual: boolean): MarkCell {
  return usual
    ? { text: "as usual", tone: "good", order: 0 }
    : { text: "unusual", tone: "bad", order: 1 };
}

/** A number with its noun. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** How slices follow one another. */
export function orderWords({ timed }: { readonly timed: boolean }): string {
  return timed ? "over time" : "by row of the file";
}

/** Moments, milliseconds since 1970 UTC, as ISO 8601: to the second where that tells all apart. */
export function momentNames(moments: readonly number[]): string[] {
  const exact = moments.map((moment) => new Date(moment).toISOString().slice(0, 23));
  const seconds = exact.map((text) => text.slice(0, 19));
  return new Set(seconds).size === seconds.length ? seconds : exact;
}

/** JSON has no NaN. */
export function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
