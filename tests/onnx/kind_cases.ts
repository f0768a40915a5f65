/** All kinds of columns with their options, and cells for them. */

import {
  binned,
  boolean,
  category,
  type Cell,
  type ColumnSpec,
  date,
  freeText,
  multiHot,
  number,
  type NumberOptions,
  oneHot,
  ordinal,
  pattern,
  targetEncoding,
  weightOfEvidence,
} from "../../src/features/mod.ts";

const numbers: Cell[] = [0, 0.1, 3, 7.7, 1e6, 2.5, null, 1, 12, -4, "40", "_"];
/** Twelve categories with gaps. */
export const texts: Cell[] = ["a", "b", "a", "c", "", "a", "b", "a", "dé", "a", "b", null];
const codes: Cell[] = [7, "7", "7.0", 8, null, -1, "8", "08", "9.5", 7, 8, 9];
const dates: Cell[] = [
  ...["2024-02-29", "2023-12-31T23:59:59.5Z", "1999-01-01 08:30", "2000-03-01", null, "x"],
  ...[
    "2024-01-31",
    "2016-02-28",
    "1970-01-01",
    "0400-02-29",
    "2021-07-04T12:00-05:00",
    "2024-12-31",
  ],
];
const lists: Cell[] = [
  ...["a; b", "a, b, and c", "c; a; a", null, "b, b", "-", "and and a", "c", "", " c", "b; ", "a"],
];
const sentences: Cell[] = [
  ...["my card is lost", "I lost my card!", "", null, "card", "कार्ड खो गया", "карта", "lost lost"],
  ...["where is my transfer", "transfer is lost", 7, "😀 my card"],
];
const times: Cell[] = [
  "1:30",
  "0:00",
  "23:59",
  "7:05",
  null,
  "?",
  "1:1",
  "9:59",
  "8:60",
  "2:02",
  "",
  "5:5",
];
const clock = {
  format: "{}:{}",
  separator: ":",
  parts: [{ weight: 60, digits: "[0-9]{1,2}" }, { weight: 1, digits: "[0-5]?[0-9]" }],
  example: "7:30",
};
const numeric: NumberOptions[] = [
  { missing: "keep" },
  { missing: "indicator", scale: "standard" },
  { min: 0, max: 100, outside: "clip", scale: "minmax", cap: false },
  { log1p: true },
  { log1p: true, scale: "robust", missing: "keep" },
  { min: 0.1, max: 7.7, outside: "clip", log1p: true, missing: "indicator", scale: "standard" },
];

/** Each kind of column with each of its options, and twelve cells to learn from. */
export const cases: [name: string, spec: ColumnSpec, cells: Cell[]][] = [
  ...numeric.flatMap((options): [string, ColumnSpec, Cell[]][] => [
    [`number ${JSON.stringify(options)}`, number(options), numbers],
    [`pattern ${JSON.stringify(options)}`, pattern({ ...clock, ...options }), times],
  ]),
  ["number", number(), numbers],
  ["binned ordinal", binned({ bins: 3 }), numbers],
  ["binned one-hot", binned({ edges: [0, 0.1, 7.7], encode: "oneHot", max: 1000 }), numbers],
  ["weights of evidence", weightOfEvidence({ bins: 4, min: -3 }), numbers],
  ["boolean", boolean(), ["true", "no", 1, 0, null, "1.0", "maybe", "T", "F", "yes", "y", "n"]],
  ["boolean kept", boolean({ keepMissing: true }), [
    "true",
    "no",
    1,
    0,
    null,
    "?",
    "",
    "T",
    "F",
    1,
    1,
    0,
  ]],
  ["boolean of two words", boolean({ yes: ["ja"], no: ["nein", "-"], missing: ["?"] }), [
    ...["ja", "nein", "-", "?", "x", null, "ja", "ja", "nein", "", "ja", "ja"],
  ]],
  ["ordinal", ordinal(["c", "b", "a"]), texts],
  ["ordinal of codes", ordinal(["7", "8", "9"], { missing: ["-1"] }), codes],
  ["category", category(), texts],
  ["category with others", category({ minCount: 2, missing: "category" }), texts],
  ["category of codes", category({ missing: ["-1"] }), codes],
  ["one-hot", oneHot(), texts],
  ["one-hot with missing", oneHot({ missing: "category", markers: ["c"] }), texts],
  ["one-hot with others", oneHot({ minCount: 2, other: true }), texts],
  ["one-hot with all", oneHot({ minCount: 3, other: true, missing: "category" }), texts],
  ["one-hot of codes", oneHot({ missing: ["-1"] }), codes],
  ["free text", freeText({ minCount: 1 }), sentences],
  ["free text of words", freeText({ letters: null, words: [1, 2], bits: 10 }), sentences],
  ["multi-hot", multiHot({ separator: "; " }), lists],
  ["multi-hot with a conjunction", multiHot({ conjunction: "and", missing: ["-"] }), lists],
  ["target encoding", targetEncoding(), texts],
  ["target encoding of codes", targetEncoding({ smoothing: 0, missing: ["-1"] }), codes],
  ["date parts", date({ parts: ["year", "month", "day", "weekday", "dayOfYear", "hour"] }), dates],
  ["date of hours", date({ parts: ["hour"], keepMissing: true }), dates],
  ["age in days", date({ age: { at: "2024-06-01" }, missing: ["1970-01-01"] }), dates],
  ["age in years", date({ parts: ["weekday"], age: { at: "2024-06-01", unit: "years" } }), dates],
  ["age in months", date({ age: { at: "2000-01-01", unit: "months" }, keepMissing: true }), dates],
];
