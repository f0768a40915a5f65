/** Months as texts and as numbers. */

const written = /^(\d{4})-(0[1-9]|1[0-2])(?:-01)?$/;

/**
 * Months since year 0 of `YYYY-MM`, or of its first day; undefined of any other text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(monthText(monthNumber("2026-01")! - 1), "2025-12");
 * assertEquals(monthNumber("2026-1"), undefined);
 * ```
 */
export function monthNumber(text: string): number | undefined {
  const found = written.exec(text);
  return found === null ? undefined : 12 * Number(found[1]) + Number(found[2]) - 1;
}

/** A month as `YYYY-MM`, from months since year 0. */
export function monthText(months: number): string {
  const year = String(Math.floor(months / 12)).padStart(4, "0");
  return `${year}-${String(months % 12 + 1).padStart(2, "0")}`;
}

/** The month of a moment in UTC, in months since year 0. */
export function monthOfTime(time: number): number {
  const date = new Date(time);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
}
