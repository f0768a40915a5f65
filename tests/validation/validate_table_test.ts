/** Tables held to declarations, beside what pandas counts in the same table. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { classes, date, featureSet, number, oneHot } from "../../src/features/mod.ts";
import {
  schemaOf,
  type TableFinding,
  type TableSchema,
  tableSchema,
  validateTable,
} from "../../src/validation/mod.ts";
import fixture from "./fixtures/pandas.json" with { type: "json" };

const { columns, counts } = fixture;
const table = { rows: columns.id.length, columns };
const now = new Date("2026-12-01T00:00:00Z");

const schema: TableSchema = tableSchema({
  columns: {
    id: { holds: oneHot(), missing: 0.1, unique: true },
    age: { holds: number({ min: 18, max: 100 }) },
    grade: { holds: oneHot(), values: ["A", "B", "C"] },
    amount: { holds: number() },
    rate: { holds: number() },
    due: { holds: number() },
    opened: { holds: date({ parts: ["year"] }) },
    closed: { holds: date({ parts: ["year"] }), missing: 1 },
  },
  unique: [["id", "grade"]],
  fresh: { column: "opened", hours: 24 },
  relations: [
    { left: "opened", is: "<=", right: "closed" },
    { left: { operation: "product", of: ["amount", "rate"] }, is: ">=", right: "due" },
  ],
});
const findings = validateTable(schema, table, now);

function finding(of: string, found: RegExp): TableFinding {
  const fitting = findings.filter((one) => one.of === of && found.test(one.found));
  assertEquals(fitting.length, 1, `${of} ${found}: ${findings.map((one) => one.found)}`);
  return fitting[0];
}

/** The count that a finding tells. */
const counted = ({ found }: TableFinding) => Number(found.split(" ")[0]);

Deno.test("validation: counts are those of pandas", () => {
  for (
    const [of, found, count] of [
      ["age", /missing/, counts["age missing"]],
      ["age", /not understood/, counts["age not understood"]],
      ["age", /out of range/, counts["age out of range"]],
      ["grade", /missing/, counts["grade missing"]],
      ["grade", /other/, counts["grade other"]],
      ["id", /repeated/, counts["id repeated"]],
      ["id, grade", /repeated/, counts["id, grade repeated"]],
    ] as const
  ) {
    const { kept, ...one } = finding(of, found);
    assertEquals([counted(one as TableFinding), kept], [count, false], `${of} ${found}`);
  }
  for (const  of of["opened <= closed", "amount * rate >= due"] as const) {
    const [broken, asked] = counts[of];
    assert(finding(of, /otherwise/).found.startsWith(`${broken} of ${asked} `), of);
  }
  assert(finding("opened", /hours old/).found.startsWith(counts.newest.slice(0, 10)));
});

Deno.test("validation: limits, warnings and what is left out", () => {
  const lenient = tableSchema({
    columns: {
      age: { holds: number({ min: 18, max: 100 }), missing: 0.2, unread: 0.1, outside: 0.3 },
      grade: { holds: oneHot(), values: ["A", "B", "C", "Z"], missing: 0.1, otherwise: "warning" },
      opened: { holds: date({ parts: ["year"] }) },
      score: { holds: number(), optional: true },
    },
    rows: { min: 400, max: 400 },
    fresh: { column: "opened", hours: 24 * 365 },
    relations: [{ left: "age", is: ">", right: 17, except: 0.3 }],
  });
  assertEquals(validateTable(lenient, table, now).filter(({ kept }) => !kept), []);
  const broken = (more: Partial<TableSchema>) =>
    validateTable(tableSchema({ ...lenient, ...more }), table, now)
      .filter(({ kept }) => !kept).map(({ of, otherwise }) => [of, otherwise]);
  assertEquals(broken({ rows: { min: 401 } }), [["rows", "error"]]);
  assertEquals(broken({ others: false }), [["columns", "error"]]);
  // A newest row from the future is no fresh one.
  const early = validateTable(lenient, table, new Date("2026-02-01"));
  assertEquals(early.filter(({ kept }) => !kept).map(({ of }) => of), ["opened"]);
  const { grade } = lenient.columns;
  assertEquals(broken({ columns: { ...lenient.columns, grade: { ...grade, values: ["A"] } } }), [
    ["grade", "warning"],
  ]);
  const score = { holds: number() };
  const [gone] = validateTable(
    tableSchema({ columns: { ...lenient.columns, amuont: score } }),
    table,
    now,
  ).filter(({ kept }) => !kept);
  assertEquals([gone.of, gone.examples], ["amuont", ['there is "amount"']]);
  assertEquals(gone.found, "not among 8 columns: id, age, grade, amount, rate, due, …");
});

Deno.test("validation: what a feature set reads is declared by it", () => {
  const set = featureSet({
    target: classes("grade", ["A", "B", "C"]),
    group: "id",
    columns: { age: number({ min: 5, max: 110 }), amount: number() },
  });
  const broken = (more: Parameters<typeof schemaOf>[1]) =>
    validateTable(schemaOf(set, more), table, now).filter(({ kept }) => !kept)
      .map(({ of }) => of);
  assertEquals(broken({}), ["grade"]); // of which some are Z
  assertEquals(broken({ columns: { age: { missing: 0.01 } } }), ["age", "grade"]);
  assertThrows(() => schemaOf(set, { columns: { wage: {} } }), UsageError, "wage");
});

Deno.test("validation: a declaration that contradicts itself is refused", () => {
  const age = { holds: number({ min: 18, max: 100 }) };
  for (
    const [wrong, message] of [
      [{ columns: {} }, "no column"],
      [{ columns: { age: { holds: number({ min: 2, max: 1 }) } } }, "range of column"],
      [{ columns: { age: { ...age, missing: 5 } } }, 'missing of column "age" is 5'],
      [{ columns: { age }, rows: { min: 3, max: 2 } }, "3 to 2 rows"],
      [{ columns: { age }, unique: [["id"]] }, 'names "id"'],
      [{ columns: { age }, fresh: { column: "at", hours: 1 } }, 'names "at"'],
      [{ columns: { age }, relations: [{ left: "age", is: "<", right: "b" }] }, 'names "b"'],
      [{ columns: { age }, relations: [{ left: "age", is: "~", right: 1 }] }, '"~"'],
    ] as const
  ) {
    assertThrows(() => tableSchema(wrong as unknown as TableSchema), UsageError, message);
  }
});
