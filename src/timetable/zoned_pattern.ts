/** Cron patterns with their time zone in front, as settings have them. */

/** Zone in front of a pattern, as crontabs have it. */
const zone = /^\s*(?:CRON_)?TZ=(\S+)\s+(.*)$/s;

/**
 * Reads a setting: a cron pattern, with the time zone in front of it or else that of the
 * machine; undefined if it says nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(zonedPattern("TZ=Europe/Berlin 0 3 * * 0"), {
 *   cron: "0 3 * * 0",
 *   timeZone: "Europe/Berlin",
 * });
 * assertEquals(zonedPattern(undefined), undefined);
 * ```
 */
export function zonedPattern(
  text: string | undefined,
): { readonly cron: string; readonly timeZone?: string } | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const found = zone.exec(text);
  return found === null ? { cron: text.trim() } : { cron: found[2].trim(), timeZone: found[1] };
}
