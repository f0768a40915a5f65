/** Moments in time as texts have them. */

const moment =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z| ?UTC|[+-]\d{2}(?::?\d{2})?)?)?$/;
const zone = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/;

/**
 * Milliseconds since 1970 UTC of an ISO 8601 date or date and time, NaN where
 * `text` is none. Without a zone it is UTC, on every machine.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseMoment("2026-01-31 10:00:00"), Date.UTC(2026, 0, 31, 10));
 * assertEquals(parseMoment("2026-01-31T10:00+02"), Date.UTC(2026, 0, 31, 8));
 * assertEquals(parseMoment("31.1.2026"), NaN);
 * ```
 */
export function parseMoment(text: string): number {
  const trimmed = text.trim();
  if (!moment.test(trimmed)) return NaN;
  const [day, time] = trimmed.replace(/ ?UTC$/, "Z").replace(",", ".").split(/[T ]/);
  if (time === undefined) return Date.parse(day);
  const zoned = zone.test(time) ? time.replace(/([+-]\d{2})$/, "$1:00") : `${time}Z`;
  return Date.parse(`${day}T${zoned}`);
}
