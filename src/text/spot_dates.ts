/** Dates as people write them, the day before the month. */

import type { Spotted } from "./spotted.ts";

/** A day of the calendar. */
export interface SpottedDate {
  /** The day, ISO 8601 `YYYY-MM-DD`; null where the text leaves out the year or names no day. */
  readonly date: string | null;
}

const months = [
  ...["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
];

const month = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|" +
  "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const year = String.raw`(?:19|20)\d{2}`;

const dates = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:` +
    [
      String.raw`(?<y1>${year})-(?<m1>\d{2})-(?<d1>\d{2})`,
      String.raw`(?<d2>${day})(?:st|nd|rd|th)?[\s-]{1,2}(?:of\s)?(?<m2>${month})\.?` +
      String.raw`(?:,?[\s-]{1,2}(?<y2>${year}))?`,
      String.raw`(?<m3>${month})\.?\s(?<d3>${day})(?:st|nd|rd|th)?(?:,?\s(?<y3>${year}))?`,
      String.raw`(?<d4>\d{1,2})[/.-](?<m4>\d{1,2})[/.-](?<y4>${year}|\d{2})`,
      String.raw`(?<word>today|yesterday|tomorrow|` +
      String
        .raw`(?:last|next|this)\s(?:week|month|year|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?)`,
    ].join("|") +
    String.raw`)(?![\p{L}\p{N}])`,
  "giu",
);

/**
 * Finds dates: `12 March 2026`, `5th Jan`, `05/11/2026` (5 November: the day comes first),
 * `2026-11-05`, `March 3, 2026`, `yesterday`, `last Friday`. A day that no calendar has is not found.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const found = spotDates("due 05/11/2026, not 31/02/2026, paid on 3rd March");
 * assertEquals(found.map(({ value }) => value.date), ["2026-11-05", null]);
 * ```
 */
export function spotDates(text: string): Spotted<SpottedDate>[] {
  return Array.from(text.matchAll(dates)).flatMap(({ 0: all, index, groups = {} }) => {
    const at = { start: index, end: index + all.length };
    if (groups.word) return [{ ...at, value: { date: null } }];
    const pick = (part: string) =>
      [1, 2, 3, 4].map((form) => groups[part + form]).find((found) => found !== undefined);
    const [y, m, d] = ["y", "m", "d"].map(pick);
    const monthNumber = /\d/.test(m!)
      ? Number(m)
      : months.indexOf(m!.slice(0, 3).toLowerCase()) + 1;
    // A day without a year may be of a leap year.
    const fullYear = y === undefined ? 2000 : y.length === 2 ? 2000 + Number(y) : Number(y);
    const found = new Date(Date.UTC(fullYear, monthNumber - 1, Number(d)));
    if (found.getUTCMonth() !== monthNumber - 1 || found.getUTCDate() !== Number(d)) return [];
    return [{ ...at, value: { date: y === undefined ? null : found.toISOString().slice(0, 10) } }];
  });
}
