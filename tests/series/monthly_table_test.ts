/** From transactions to months, and from months to series: what is handled, and what is refused by name. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { DataError } from "../../src/base/mod.ts";
import {
  monthlyTable,
  monthNumber,
  monthText,
  seriesOf,
  type SeriesSpec,
  type Table,
} from "../../src/series/mod.ts";

const spec: SeriesSpec = {
  ...{ entity: "user", time: "time", amount: "amount", category: "category" },
  currency: { column: "currency", is: "INR" },
};
const now = Date.UTC(2026, 5, 15);

type Row = readonly [user: string, time: string, amount: unknown, category: string, unit?: string];

function events(...rows: Row[]): Table {
  const columns = ["user", "time", "amount", "category", "currency"];
  return {
    rows: rows.length,
    columns: Object.fromEntries(
      columns.map((name, at) => [name, rows.map((row) => (row[at] ?? "INR") as string)]),
    ),
  };
}

function months(...rows: (readonly [string, string, string, unknown])[]): Table {
  return {
    rows: rows.length,
    columns: Object.fromEntries(
      ["user", "category", "month", "amount"]
        .map((name, at) => [name, rows.map((row) => row[at] as string)]),
    ),
  };
}

const told = ({ rows, columns }: Table) =>
  Array.from(
    { length: rows },
    (_, row) => ["user", "category", "month", "amount"].map((name) => columns[name][row]).join(" "),
  );

const refusal = (table: Table) => assertThrows(() => monthlyTable(spec, table, now), DataError);

Deno.test("series: transactions in any order become months; a quiet category came to 0", () => {
  const { table, notices } = monthlyTable(
    spec,
    events(
      ["b", "2026-03-31T10:00:00Z", 5, "food"],
      ["a", "2026-02-02", 3, "food"],
      ["a", "2026-01-15", 10, "food"],
      ["a", "2026-01-20", 2.5, "food"],
      ["a", "2026-02-10", -1, "travel"],
      ["a", "2026-03-30T23:59:59Z", 7, "food"],
    ),
    now,
  );
  assertEquals(notices, []);
  assertEquals(told(table), [
    ...["a food 2026-01-01 12.5", "a food 2026-02-01 3", "a food 2026-03-01 7"],
    ...["a travel 2026-02-01 -1", "a travel 2026-03-01 0", "b food 2026-03-01 5"],
  ]);
});

Deno.test("series: what is there twice counts once, and a month that has not ended is left out", () => {
  const row: Row = ["a", "2026-02-27", 3, "food"];
  const { table, notices } = monthlyTable(
    spec,
    events(row, row, ["a", "2026-03-10", 99, "food"]),
    now,
  );
  assertEquals(told(table), ["a food 2026-02-01 3"]);
  assertStringIncludes(notices[0], "1 of 3 rows are there twice");
  assertStringIncludes(notices[1], "2026-03 has not ended");
});

Deno.test("series: rows that cannot be are refused by row and column", () => {
  const bad = (...rows: Row[]) => refusal(events(...rows)).message;
  assertStringIncludes(bad(["a", "2026-02-02", "NaN", "food"]), "row 1, amount: found");
  assertStringIncludes(bad(["a", "2026-02-02", Infinity, "food"]), "row 1, amount");
  assertStringIncludes(bad(["a", "02/02/2026", 1, "food"]), "row 1, time: found");
  assertStringIncludes(
    bad(["a", "2026-02-02", 1, "food"], ["a", "2026-02-03", 1, "food", "USD"]),
    'row 2, currency: found "USD", wanted amounts in INR',
  );
  assertStringIncludes(bad(["a", "2026-08-02", 1, "food"]), "lies in the future");
  assertStringIncludes(bad(["", "2026-02-02", 1, "food"]), "row 1, user");
  const { currency: _, category: __, ...columns } = events(["a", "2026-02-02", 1, "food"]).columns;
  assertStringIncludes(refusal({ rows: 1, columns }).message, '"category" is missing');
});

Deno.test("series: a table of months is checked alone", () => {
  const { table } = monthlyTable(
    spec,
    months(["a", "food", "2026-02", 3], ["a", "food", "2026-01-01", "2.5"]),
    now,
  );
  assertEquals(told(table), ["a food 2026-02-01 3", "a food 2026-01-01 2.5"]);
  const bad = (...rows: Parameters<typeof months>) => refusal(months(...rows)).message;
  const twice = bad(["a", "food", "2026-01", 1], ["a", "food", "2026-01-01", 2]);
  assertStringIncludes(twice, "is told twice of a food");
  assertStringIncludes(bad(["a", "food", "2026-01-15", 1]), "wanted a month as 2026-01");
  assertStringIncludes(bad(["a", "food", "2026-W05", 1]), "wanted a month as 2026-01");
  assertStringIncludes(bad(["a", "food", "2026-09", 1]), "2026-09 lies in the future");
  for (const amount of [NaN, Infinity, 1e16, -1e300, "1e308", "", null]) {
    assertStringIncludes(bad(["a", "food", "2026-01", amount]), "wanted a finite number");
  }
});

const shown = (...rows: Parameters<typeof months>) => {
  const { series, notices } = seriesOf(spec, months(...rows));
  return {
    notices: notices.join("; "),
    series: series.map(({ entity, category, first, values, filled }) =>
      `${entity}/${category} ${first} ${values} ${filled}`
    ),
  };
};

const each = (months: readonly string[], category: string, amount: (i: number) => number) =>
  months.map((month, i) => ["a", category, month, amount(i)] as const);

Deno.test("series: each entity has its categories and a total that is their sum", () => {
  const year = ["2026-01", "2026-02", "2026-03", "2026-04"];
  const { series, notices } = shown(
    ...each(year, "food", (i) => 1 + i),
    ...each(year.slice(1), "travel", () => 10),
    ["a", "", "2026-04", 50],
    ["b", "food", "2026-01", 1],
    ["b", "food", "2026-02", 1],
    ["b", "food", "2026-04", 3],
    ...year.map((month) => ["c", "", month, 7] as const),
  );
  assertEquals(series, [
    ...["a/ 2026-01 1,12,13,14 ", "a/food 2026-01 1,2,3,4 ", "a/travel 2026-02 10,10,10 "],
    ...["b/ 2026-01 1,1,2,3 2", "b/food 2026-01 1,1,2,3 2", "c/ 2026-01 7,7,7,7 "],
  ]);
  assertStringIncludes(notices, "what is told of a (total) is left out");
  assertStringIncludes(notices, "a month of b food missing");
});

Deno.test("series: what is too seldom for a series counts under other, so that nothing is lost", () => {
  const { series, notices } = shown(
    ...each(["2026-01", "2026-02", "2026-03"], "food", () => 1),
    ["a", "travel", "2026-02", 5],
    ["a", "other", "2026-03", 2],
    ["c", "food", "2026-01", 1],
    ["c", "food", "2026-09", 1],
    ["c", "food", "2026-10", 1],
  );
  assertEquals(series, [
    ...["a/ 2026-01 1,6,3 ", "a/food 2026-01 1,1,1 ", "a/other 2026-01 0,5,2 "],
  ]);
  assertStringIncludes(notices, 'a travel counts under "other": it has 1 months, wanted 3');
  assertStringIncludes(notices, "c (total) is left out: 7 of its 10 months are missing");
});

Deno.test("series: what is told no more for a year has ended; what is told later is no part of a sum yet", () => {
  const late = Array.from({ length: 17 }, (_, i) => monthText(monthNumber("2024-12")! + i));
  const { series } = shown(
    ...each(late, "food", () => 1),
    ...each(late.slice(0, 3), "gym", () => 4),
    ...each(late.slice(0, 16), "rent", () => 100),
  );
  const [total, food, gym, rent] = series.map((one) => one.split(" ")[2].split(","));
  assertEquals([total.length, food.length, gym.length, rent.length], [16, 17, 17, 16]);
  assertEquals([total[2], total[3], gym.at(-1)], ["105", "101", "0"]);
});

Deno.test("series: months count on over years, whatever the month", () => {
  for (const text of ["1999-12", "2000-01", "2026-10"]) {
    assertEquals(monthText(monthNumber(text)!), text);
  }
  assertEquals(monthNumber("2026-01")! - monthNumber("2025-11")!, 2);
  assertEquals(["2026-13", "2026-00", "26-01", "2026-01-02"].map(monthNumber), [
    ...[undefined, undefined, undefined, undefined],
  ]);
});
