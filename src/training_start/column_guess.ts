/** What a column of somebody's data is declared as. */

import { decimalOf } from "../features/mod.ts";
import type { ColumnFacts } from "./column_facts.ts";

/** A column as it will be declared, or why it is left out. */
export interface ColumnGuess {
  /** Name of the column. */
  readonly name: string;
  /** The function that declares it, as `number`; absent if it is left out. */
  readonly kind?: "number" | "oneHot" | "targetEncoding" | "boolean" | "date";
  /** What that is given, as `missing: "keep"`. */
  readonly options: readonly string[];
  /** What was seen, in a few words; empty if nothing is worth telling. */
  readonly seen: string;
}

/** Up to so many categories each become a feature; more are told apart by what they average. */
const FEW_CATEGORIES = 20;
/** Texts that tables write for a missing value, beside those that are known everywhere. */
const markers = /^(?:\?+|-+|_+|\.+|#?n[./]?a\.?|missing|unknown)$/i;
/** Days as they are written in many places; which is the month, they do not tell. */
const otherDate = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?:[ T].*)?$/;
/** Numbers that stand for a missing one where all others are 0 or more. */
const negativeMarkers = [-9999, -999, -99];

/** Decides how a column is declared. */
export function guessColumn(column: ColumnFacts): ColumnGuess {
  const { name, rows, missing, distinct } = column;
  const leftOut = (seen: string): ColumnGuess => ({ name, options: [], seen });
  if (name.trim() === "") return leftOut("has no name; give it one in the data to use it");
  if (/^(?:label|prediction|probability_.*|\/.*)$/.test(name)) {
    return leftOut("named as an output of the model; rename it in the data to use it");
  }
  if (missing === rows) return leftOut("no value");
  if (distinct === 1 && missing === 0) return leftOut("always the same");
  if (column.texts.length > 2 && column.texts.every((text) => otherDate.test(text))) {
    return leftOut("dates that are not written as 2024-01-31; write them so to use them");
  }
  const known = column.texts.filter((text) => !markers.test(text));
  if (known.length > 2 && known.every((text) => /\d/.test(text)) && decimalOf(known)) {
    const gaps = missing > 0 || known.length < column.texts.length;
    return {
      name,
      kind: "number",
      options: [...gaps ? ['missing: "keep"'] : [], "cap: false"],
      seen: words(missingWords(column), `written as ${known[0]}`),
    };
  }
  if (column.identifies) return leftOut("names its row");
  switch (column.kind) {
    case "number":
      return guessNumber(column);
    case "date": {
      const options = [
        'parts: ["month", "weekday"]',
        `age: { at: "${column.latest}" }`,
        ...missing > 0 ? ["keepMissing: true"] : [],
      ];
      return {
        name,
        kind: "date",
        options,
        seen: words(
          missingWords(column),
          column.unreadable > 0 ? `${column.unreadable} are no dates` : "",
        ),
      };
    }
    case "text":
      return leftOut("sentences");
    case "category":
      return guessCategory(column);
  }
}

function guessNumber(column: ColumnFacts): ColumnGuess {
  const { name, least = 0, missing, secondLeast = 0, unreadable, whole, zerosApart } = column;
  // Zeros are kept: whether they are measurements, only who knows the data can tell.
  const above = whole ? 1 : rounded(secondLeast / 2);
  const marked = negativeMarkers.includes(least) && secondLeast >= 0;
  const options = [
    ...marked ? ["min: 0"] : [],
    ...missing + unreadable > 0 || marked ? ['missing: "keep"'] : [],
    "cap: false",
  ];
  return {
    name,
    kind: "number",
    options,
    seen: words(
      missingWords(column),
      unreadable > 0 ? `${unreadable} are not plain numbers` : "",
      marked ? `${least} is read as missing` : "",
      zerosApart > 0
        ? `${zerosApart} are 0, the next is ${
          rounded(secondLeast)
        }: if 0 means none, add min: ${above}`
        : "",
    ),
  };
}

function guessCategory(column: ColumnFacts): ColumnGuess {
  const { name, rows, missing, texts, distinct } = column;
  const found = texts.filter((text) => markers.test(text));
  const known = texts.filter((text) => !found.includes(text));
  const gaps = missing > 0 || found.length > 0;
  if (known.length === 0 || distinct > rows / 2 && distinct > FEW_CATEGORIES) {
    return { name, options: [], seen: `${distinct} different texts` };
  }
  const listed = found.map((text) => JSON.stringify(text)).join(", ");
  const truth = known.length === 2 &&
    known.some((text) => /^(?:true|t|yes|y)$/i.test(text)) &&
    known.some((text) => /^(?:false|f|no|n)$/i.test(text));
  const many = !truth && distinct > FEW_CATEGORIES;
  const options = truth || many
    ? [...gaps && truth ? ["keepMissing: true"] : [], ...listed ? [`missing: [${listed}]`] : []]
    : [
      ...gaps ? ['missing: "category"'] : [],
      ...listed ? [`markers: [${listed}]`] : [],
    ];
  const kind = truth ? "boolean" : many ? "targetEncoding" : "oneHot";
  return {
    name,
    kind,
    options,
    seen: words(
      missingWords(column),
      found.length > 0 ? `${found.join(" ")} is read as missing` : "",
      !truth && distinct > 2 ? `${distinct} categories` : "",
    ),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function missingWords({ missing, rows }: ColumnFacts): string {
  return missing > 0 ? `${missing} of ${rows} are missing` : "";
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("; ");
}
