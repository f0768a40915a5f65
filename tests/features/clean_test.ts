import { assertEquals, assertThrows } from "@std/assert";
import { DataError, UsageError } from "../../src/base/mod.ts";
import {
  type Cell,
  clean,
  type ColumnSpec,
  featureSet,
  fit,
  multiHot,
  number,
  oneHot,
  ordinal,
} from "../../src/features/mod.ts";
import { yearsAndMonths } from "../../pipelines/credit_score/years_and_months.ts";

const target = { column: "Score", classes: ["Poor", "Good"] };

/** Cleans one column of the given cells. */
function cleaned(spec: ColumnSpec, cells: readonly Cell[]) {
  const set = featureSet({ target, columns: { x: spec } });
  return clean(set, { rows: cells.length, columns: { x: cells } }, { target: "none" }).columns.x;
}

function numbers(spec: ColumnSpec, cells: readonly Cell[]): number[] {
  const column = cleaned(spec, cells);
  return column.kind === "numbers" ? [...column.values] : [];
}

/** The texts that the codes of a cleaned column stand for, null if a value is missing. */
function texts(spec: ColumnSpec, cells: readonly Cell[]): (string | null)[] {
  const column = cleaned(spec, cells);
  if (column.kind !== "texts") return [];
  return Array.from(column.codes, (code) => code < 0 ? null : column.vocabulary[code]);
}

function lists(spec: ColumnSpec, cells: readonly Cell[]): (string[] | null)[] {
  const column = cleaned(spec, cells);
  if (column.kind !== "lists") return [];
  return Array.from(column.codes, (code) =>
    code < 0 ? null : Array.from(
      column.items.subarray(column.offsets[code], column.offsets[code + 1]),
      (item) => column.vocabulary[item],
    ));
}

Deno.test("clean: numbers lose stray underscores and blanks; what is no number is missing", () => {
  assertEquals(
    numbers(number(), [
      ...["28_", "__10000__", "-3.5", " 7 ", "1e3", ".5", "5.", "+2"],
      ...["", "_", "NA", "nan", "None", "12abc", "0x1F", "1,5", "Infinity", "--1", null, NaN, 42],
    ]),
    [
      ...[28, 10000, -3.5, 7, 1000, 0.5, 5, 2],
      ...new Array(12).fill(NaN),
      42,
    ],
  );
});

Deno.test("clean: numbers out of range, and beyond Float32, are missing; bounds belong to it", () => {
  assertEquals(
    numbers(number({ min: 14, max: 100 }), ["13.9", "14", "100", "100.1", "-500", "7580"]),
    [NaN, 14, 100, NaN, NaN, NaN],
  );
  assertEquals(numbers(number(), ["1e39", "-1e39", 1e300, "3e38"]), [
    NaN,
    NaN,
    NaN,
    Math.fround(3e38),
  ]);
  // 0.1 is not exact in Float32: the bound is rounded as the value is.
  assertEquals(numbers(number({ min: 0.1, max: 0.7 }), [0.1, 0.7]), [0.1, 0.7].map(Math.fround));
});

Deno.test("clean: durations are months; any other form is missing", () => {
  assertEquals(
    numbers(yearsAndMonths({ max: 600 }), [
      ...["22 Years and 1 Months", "0 Years and 0 Months", "1 Year and 1 Month"],
      ...["1 Years and 12 Months", "22 Years", "NA", "", null, "99 Years and 0 Months"],
      "x22 Years and 1 Months",
    ]),
    [265, 0, 13, ...new Array(7).fill(NaN)],
  );
});

Deno.test("clean: missing texts and markers of the column are missing, text is kept as it is", () => {
  assertEquals(
    texts(oneHot({ missing: ["_"] }), ["Lawyer", "_", "", "NA", "None", null, " Lawyer"]),
    ["Lawyer", null, null, null, null, null, " Lawyer"],
  );
  assertEquals(texts(ordinal(["Bad", "Good"], { missing: ["_"] }), ["Good", "_", "Great", "Bad"]), [
    "Good",
    null,
    null,
    "Bad",
  ]);
});

Deno.test("clean: lists lose blanks, the last 'and', empty and missing items", () => {
  assertEquals(
    lists(multiHot({ conjunction: "and" }), [
      "Auto Loan, Payday Loan, and Auto Loan",
      "and Auto Loan",
      "",
      "nan",
      ",",
      "Auto Loan,nan, , ",
    ]),
    [["Auto Loan", "Payday Loan", "Auto Loan"], ["Auto Loan"], null, null, [], ["Auto Loan"]],
  );
});

Deno.test("clean: rows without a label are left out, groups are numbered, no group is a group", () => {
  const set = featureSet({ target, group: "g", columns: { x: number() } });
  const columns = {
    x: [1, 2, 3, 4, 5],
    g: ["b", "a", null, "b", ""],
    Score: ["Good", null, "Poor", "Poor", "Good"],
  };
  const data = clean(set, { rows: 5, columns }, { target: "required" });
  assertEquals([...data.labels!], [1, 0, 0, 1]);
  assertEquals([...data.groups!], [0, 1, 0, 2]);
  assertEquals(data.columns.x, { kind: "numbers", values: new Float32Array([1, 3, 4, 5]) });
  assertEquals([data.rows, data.unlabelled], [4, 1]);
});

Deno.test("clean: a table to predict on needs neither labels nor groups", () => {
  const set = featureSet({ target, group: "g", columns: { x: number() } });
  const data = clean(set, { rows: 1, columns: { x: [1] } }, { target: "none" });
  assertEquals([data.labels, data.groups], [undefined, undefined]);
});

const faults: [name: string, columns: Record<string, unknown[]>, message: string, next?: string][] =
  [
    ["no rows", { Age: [], Score: [] }, "it has no rows"],
    [
      "a missing column",
      { age: [1, 2], Score: ["Poor", "Good"] },
      'column "Age" is missing (found 2 columns: age, Score)',
      'did you mean "age"?',
    ],
    [
      "a missing target",
      { Age: [1, 2] },
      'column "Score" is missing (found 1 columns: Age)',
      "add the column",
    ],
    [
      "a file without a header",
      { "22": [1, 2], "0.59": [1, 2], Rent: ["Own", "Own"] },
      'column "Score" is missing (found 3 columns: 22, 0.59, Rent)',
      "the file seems to have no header",
    ],
    [
      "an unknown label",
      { Age: [1, 2, 3], Score: ["Poor", "Good", "good"] },
      'row 3 holds "good", wanted one of Poor, Good',
    ],
    ["one class only", { Age: [1, 2], Score: ["Good", "Good"] }, 'all 2 labels are "Good"'],
    ["no label at all", { Age: [1, 2], Score: [null, ""] }, "all 2 labels are missing"],
    [
      "a list instead of a number",
      { Age: [1, [2]], Score: ["Poor", "Good"] },
      'column "Age": row 2 holds a list, wanted numbers',
    ],
    [
      "a boolean instead of a number",
      { Age: [true, 1], Score: ["Poor", "Good"] },
      'column "Age": row 1 holds a boolean, wanted numbers',
    ],
    [
      "a list instead of a label",
      { Age: [1, 2], Score: ["Poor", ["Good"]] },
      'column "Score": row 2 holds a list, wanted text',
    ],
  ];

for (const [name, columns, message, next] of faults) {
  Deno.test(`clean: ${name} is refused`, () => {
    const set = featureSet({ target, columns: { Age: number() } });
    const rows = Math.max(...Object.values(columns).map((cells) => cells.length));
    const table = { rows, columns: columns as Record<string, Cell[]> };
    const error = assertThrows(
      () => clean(set, table, { target: "required" }),
      DataError,
      message,
    );
    if (next !== undefined) assertEquals(error.next?.startsWith(next), true, error.next);
  });
}

Deno.test("fit: a column without a usable value in its rows is refused", () => {
  for (
    const spec of [
      number(),
      yearsAndMonths(),
      ordinal(["a", "b"]),
      oneHot(),
      multiHot({ conjunction: "and" }),
    ]
  ) {
    const set = featureSet({ target, columns: { x: spec } });
    const data = clean(set, { rows: 3, columns: { x: ["", null, "None"] } }, { target: "none" });
    assertThrows(() => fit(set, data), DataError, 'column "x": none of its 3 rows');
    assertThrows(() => fit(set, data, new Int32Array(0)), DataError, "no rows to learn from");
  }
});

Deno.test("featureSet: a declaration that contradicts itself is refused", () => {
  const columns = { x: number() };
  const refused = (set: Parameters<typeof featureSet>[0], message: string) =>
    assertThrows(() => featureSet(set), UsageError, message);
  refused({ target: { column: "y", classes: ["a"] }, columns }, "two or more");
  refused({ target: { column: "y", classes: ["a", "a", "b"] }, columns }, "all different");
  refused({ target, columns: {} }, "no column");
  refused({ target: { ...target, column: "x" }, columns }, '"x" is a feature and also the target');
  refused({ target, group: "x", columns }, "also the group");
  refused({ target, ignore: ["x"], columns }, "also ignored");
  refused({ target, columns: { x: ordinal(["a", "a"]) } }, "levels of column");
  refused({ target, columns: { x: number({ min: 2, max: 1 }) } }, "range of column");
  assertThrows(() => multiHot({ separator: "" }), UsageError, "separator is empty");
  assertThrows(() => multiHot({ separator: "_", missing: ["a_b"] }), UsageError, "a_b");
});
