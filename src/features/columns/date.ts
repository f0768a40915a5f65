/** Dates as their parts, and as the time from them to a reference date. */

import { quantileSorted, type Random } from "../../base/mod.ts";
import type { TextColumn } from "../clean_data.ts";
import {
  type DatePart,
  type DateParts,
  dateParts,
  daysOf,
  daysToEpoch,
  momentOf,
  partOf,
} from "./calendar.ts";
import type { ColumnKind, RawValue, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import { codeTexts, missingOf, takeTexts, type TextOptions } from "./text.ts";

/** The time from a date to a reference date. */
export interface DateAge {
  /** The reference date, as `2024-01-01`. */
  readonly at: string;
  /** A year is 365.25 days, a month a twelfth of it; days unless it is set. */
  readonly unit?: "days" | "months" | "years";
}

/** What may be said about a column of dates. */
export interface DateOptions extends TextOptions {
  /** The parts that become features. */
  readonly parts?: readonly DatePart[];
  /** Whether the time from the date to a reference becomes a feature `<name>_age`. */
  readonly age?: DateAge;
  /** Whether features of a missing date are NaN, which trees split by; else their medians. */
  readonly keepMissing?: boolean;
}

/** A column of dates. */
export interface DateSpec extends DateOptions, SpecOfKind<"date"> {}

/** A fitted column of dates. */
export interface DateState extends StateOfKind<"date"> {
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** The parts that become features. */
  readonly parts: readonly DatePart[];
  /** The reference date in days since 1 March of year 0, and how many days a unit has; absent without age. */
  readonly age?: { readonly at: number; readonly days: number };
  /** For each feature what a missing date becomes; null is NaN. */
  readonly fill: readonly (number | null)[];
  /** The first and the last date of the training rows, and the one in the middle. */
  readonly seen: readonly [first: string, middle: string, last: string];
}

const unitDays = { days: 1, months: 365.25 / 12, years: 365.25 };

/**
 * A column of dates in ISO 8601, with or without a time: `2024-02-29`,
 * `2024-02-29T10:30:00Z`, `2024-02-29T23:30-05:00`. Day and hour are those that are
 * written, whatever the offset: they say what day it was and what time where it
 * happened, and a column whose offset changes with the season keeps its hours. Who
 * wants moments of one zone writes them in one. A date that no calendar has is not
 * understood and counts as missing.
 *
 * Weekdays count from Monday, 0, as in pandas; days of the year from 1.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(date({ parts: ["month"] }), { kind: "date", parts: ["month"] });
 * ```
 */
export function date(options: DateOptions): DateSpec {
  return { kind: "date", ...options };
}

/** Columns of dates. */
export const dateKind: ColumnKind<DateSpec, DateState, TextColumn> = {
  form: "texts",
  categorical: false,
  check({ parts = [], age }, column) {
    if (parts.length === 0 && age === undefined) return `${column} has neither parts nor age`;
    if (new Set(parts).size < parts.length) return `parts of ${column} repeat`;
    const other = parts.find((part) => !dateParts.includes(part));
    if (other !== undefined) {
      return `part "${other}" of ${column} is none of ${dateParts.join(", ")}`;
    }
    if (age !== undefined && momentOf(age.at) === undefined) {
      return `age of ${column} is asked for at "${age.at}", wanted a date as 2024-01-01`;
    }
  },
  clean(spec, cells, context) {
    const texts = cells.map((cell) =>
      (cell as unknown) instanceof Date ? isoOf(cell as unknown as Date) : cell
    );
    const seen: string[] = [];
    const codeOf = (text: string) => momentOf(text) === undefined ? -1 : seen.push(text) - 1;
    const { codes } = codeTexts(texts, context, { missing: missingOf(spec), codeOf });
    return { kind: "texts", codes, vocabulary: seen };
  },
  fit(spec, { codes, vocabulary }, { name, rows }) {
    const { parts = [], age, keepMissing, description } = spec;
    const moments = vocabulary.map((text) => momentOf(text)!);
    const present = rows.filter((row) => codes[row] >= 0);
    if (present.length === 0) throw nothingToLearn(name, rows.length);
    const measure = age &&
      { at: daysOf(momentOf(age.at)!), days: Math.fround(unitDays[age.unit ?? "days"]) };
    const fill = featuresOf({ parts, age: measure }).map((featureOf) => {
      if (keepMissing) return null;
      const values = moments.map(featureOf);
      return Math.fround(
        quantileSorted(Float32Array.from(present, (row) => values[codes[row]]).sort(), 0.5),
      );
    });
    const sorted = Array.from(present, (row) => vocabulary[codes[row]]).sort();
    return {
      kind: "date",
      name,
      ...(description === undefined ? {} : { description }),
      missing: missingOf(spec),
      parts,
      ...(measure && { age: measure }),
      fill,
      seen: [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]],
    };
  },
  features: ({ name, parts, age }) => [
    ...parts.map((part) => `${name}_${part}`),
    ...(age ? [`${name}_age`] : []),
  ],
  gaps: ({ fill }) => fill.includes(null),
  transform(state, { codes, vocabulary }, rows, out) {
    const moments = vocabulary.map((text) => momentOf(text)!);
    featuresOf(state).forEach((featureOf, k) => {
      const values = Float32Array.from(moments, featureOf);
      const fill = state.fill[k] ?? NaN;
      for (let i = 0; i < rows.length; i++) {
        const code = codes[rows[i]];
        out[k * rows.length + i] = code < 0 ? fill : values[code];
      }
    });
  },
  transformLearned: null,
  bag: null,
  writer(state, first) {
    const features = featuresOf(state);
    const missing = new Set(state.missing);
    return (value, row) => {
      const moment = missing.has(value as string) ? undefined : momentOf(value as string);
      for (let k = 0; k < features.length; k++) {
        row[first + k] = moment ? features[k](moment) : state.fill[k] ?? NaN;
      }
    };
  },
  declared: ({ missing, parts, age }) => ({
    kind: "date",
    missing,
    parts,
    ...(age && { age: { at: textOfDays(age.at), unit: unitOf(age.days) } }),
  }),
  understands: ({ missing }) => (value) =>
    missing.includes(value as string) || momentOf(value as string) !== undefined,
  input: ({ name, description, seen }) => ({
    name,
    kind: "text",
    required: false,
    description: [description, `a date in ISO 8601, as "${seen[1]}"`].filter(Boolean).join(", "),
  }),
  raw: (_state, column, rows) => takeTexts(column, rows),
  borders: dateBorders,
  draw: ({ seen }, random) => drawDate(seen, random),
  example: ({ seen }) => seen[1],
  view: ({ codes, vocabulary }) => {
    const days = vocabulary.map((text) => daysOf(momentOf(text)!) - daysToEpoch);
    return {
      kind: "number",
      values: Float32Array.from(codes, (code) => code < 0 ? NaN : days[code]),
    };
  },
};

function textOfDays(days: number): string {
  return new Date((days - daysToEpoch) * 86_400_000).toISOString().slice(0, 10);
}

function unitOf(days: number): NonNullable<DateAge["unit"]> {
  return days === 1 ? "days" : days === Math.fround(unitDays.months) ? "months" : "years";
}

/** A cell that a table reader gave as a date. */
function isoOf(cell: Date): string {
  return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
}

/** From a moment to each feature, exact in Float32. */
function featuresOf(
  { parts, age }: Pick<DateState, "parts" | "age">,
): ((moment: DateParts) => number)[] {
  const features: ((moment: DateParts) => number)[] = parts.map((part) => partOf[part]);
  if (age) features.push((moment) => Math.fround((age.at - daysOf(moment)) / age.days));
  return features;
}

function dateBorders({ missing, seen }: DateState): RawValue[] {
  return [
    ...seen,
    ...missing,
    ...["2024-02-29", "2023-02-29", "2000-02-29", "1900-02-29", "2024-12-31", "2023-12-31"],
    ...["2024-03-01", "2024-02-28", "1970-01-01", "1969-12-31", "0001-01-01", "9999-12-31"],
    ...["0000-01-01", "2024-01-01T00:00", "2024-01-01 23:59:59", "2024-01-01T23:59:59.999Z"],
    ...["2024-01-01T10:00:00+00:00", "2024-01-01T10:00+02:00", "2024-01-01T24:00", "2024-1-1"],
    ...["2024-01-01T23:30-05:00", "2023-12-31 00:30:00.5+1400", "2024-01-01T10:00-03"],
    ...["2024-01-01T10:00+24:00", "2024-01-01T10:00+2", "2024-01-01+02:00"],
    ...[
      " 2024-01-01",
      "2024-01-01 ",
      "2024-01-01T",
      "2024-13-01",
      "01/02/2024",
      "?",
      "T",
      "-",
      ":",
    ],
  ];
}

/** A date between the first and the last one, now and then with a time. */
function drawDate(seen: DateState["seen"], random: Random): string {
  const [first, last] = [Date.parse(seen[0].slice(0, 10)), Date.parse(seen[2].slice(0, 10))];
  const text = new Date(first + Math.floor(random.next() * (last - first + 1))).toISOString();
  return random.next() < 0.5 ? text.slice(0, 10) : text;
}
