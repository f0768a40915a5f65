/** Dates of the Gregorian calendar in ISO 8601, as text and as numbers. */

const month31 = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])";
const month30 = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)";
const february = "02-(?:0[1-9]|1[0-9]|2[0-8])";
const leapYear =
  "(?:[0-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";
const year = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9][0-9]|[0-9][1-9][0-9]{2}|[1-9][0-9]{3})";
const offset = "(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)";
const time = `(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?${offset}?`;

/**
 * What is a date, in the syntax that JavaScript and RE2 share: `2024-02-29`,
 * `2024-02-29T10:30`, `2024-02-29 10:30:00.5Z`, `2024-02-29T10:30+02:00`, of years 1
 * to 9999. An offset moves nothing: day and hour are those that are written, which
 * are those of the place where it happened.
 */
export const datePattern =
  `(?:${year}-(?:${month31}|${month30}|${february})|${leapYear}-02-29)(?:[T ]${time})?`;

const matcher = new RegExp(`^(?:${datePattern})$`);

/** A moment by its parts. */
export interface DateParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23; 0 for a date alone. */
  readonly hour: number;
}

/** The moment that `text` tells, undefined if it is none. */
export function momentOf(text: string): DateParts | undefined {
  if (!matcher.test(text)) return undefined;
  const at = (from: number, to: number) => Number(text.slice(from, to));
  return { year: at(0, 4), month: at(5, 7), day: at(8, 10), hour: at(11, 13) };
}

/**
 * Days since 1 March of year 0, which no date of ours is before. March comes
 * first, so that the day of a leap year is the last of its year.
 */
export function daysOf({ year, month, day }: DateParts): number {
  const shifted = (month + 9) % 12;
  const years = month < 3 ? year - 1 : year;
  return 365 * years + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) +
    Math.floor((153 * shifted + 2) / 5) + day - 1;
}

/** Days from 1 March of year 0 to 1 January 1970. */
export const daysToEpoch = 719_468;

/** The parts of a date that may become features. */
export const dateParts = ["year", "month", "day", "weekday", "dayOfYear", "hour"] as const;

/** A part of a date. */
export type DatePart = (typeof dateParts)[number];

/** Each part of a moment. */
export const partOf: { readonly [P in DatePart]: (moment: DateParts) => number } = {
  year: ({ year }) => year,
  month: ({ month }) => month,
  day: ({ day }) => day,
  // 1 March of year 0 was a Wednesday; Monday is 0.
  weekday: (moment) => (daysOf(moment) + 2) % 7,
  dayOfYear: (moment) => daysOf(moment) - daysOf({ ...moment, month: 1, day: 1 }) + 1,
  hour: ({ hour }) => hour,
};
