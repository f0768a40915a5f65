/** Files that are no good series: each is forecast as the page says, or refused with what was found. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import declared from "../../pipelines/spending.ts";
import { latestBundle, readModel } from "../../src/registry/mod.ts";
import { decodeForecasts, Forecaster, monthText } from "../../src/series/mod.ts";
import { runInFolder } from "../training/run_in_folder.ts";
import { smallParams, smallSpending } from "./small_spending.ts";

const months = (count: number, apart = 1) =>
  Array.from({ length: count }, (_, i) => monthText(12 * 2021 + i * apart));

const rowsOf = (category: string, months: readonly string[], amount: (i: number) => number) =>
  months.map((month, i) => `a,${category},${month},${amount(i)}`);

const table = (...rows: string[][]) => ["user,category,month,amount", ...rows.flat()].join("\n");

const food = rowsOf("food", months(40), (i) => 100 + 1.5 * i + i % 12);

interface Outcome {
  /** What stops it, or keeps it from being published. */
  readonly refused?: RegExp;
  /** What is told. */
  readonly told?: string;
  /** Series that there are, the total first. */
  readonly series?: readonly string[];
}

const cases: Readonly<Record<string, readonly [text: string, outcome: Outcome]>> = {
  "a series by quarters": [
    table(rowsOf("food", months(14, 3), (i) => 100 + i)),
    { refused: /a \(total\) is left out: 26 of its 40 months are missing/ },
  ],
  "two months": [
    table(rowsOf("food", months(2), (i) => 10 + i)),
    { refused: /it has 2 months, wanted 3/ },
  ],
  "five months": [
    table(rowsOf("food", months(5), (i) => 10 + i)),
    { refused: /all series are too short/ },
  ],
  "amounts that are all equal, of which no coverage can be told": [
    table(rowsOf("food", months(40), () => 50), rowsOf("rent", months(40), () => 7)),
    { told: "Gate missed: coverage_80 cannot be told of the rolling origins", series: [] },
  ],
  "months among quarters": [
    table(food, rowsOf("tax", months(14, 3), (i) => 300 + i)),
    { told: 'a tax counts under "other"', series: ["", "food", "other"] },
  ],
  "totals alone": [table(rowsOf("", months(40), (i) => 90 + i + i % 12)), { series: [""] }],
  "amounts below 0": [
    table(food, rowsOf("refunds", months(40), (i) => -5 - i % 7)),
    { series: ["", "food", "refunds"] },
  ],
  "a category that has just begun": [
    table(food, rowsOf("gym", months(40).slice(33), (i) => 30 + i)),
    { series: ["", "food", "gym"] },
  ],
  "a moment in the future": [
    `${smallSpending}u0001,2099-01-01T00:00:00Z,5.00,INR,travel,x\n`,
    { refused: /row \d+, time: it lies in the future/ },
  ],
  "no number": [
    `${smallSpending}u0001,2024-01-01T00:00:00Z,NaN,INR,travel,x\n`,
    { refused: /row \d+, amount: found "NaN"/ },
  ],
};

for (const [name, [text, { refused, told = "", series }]] of Object.entries(cases)) {
  Deno.test(`spending: ${name}`, () =>
    runInFolder(declared, text, async ({ status, error, lines, models }) => {
      if (refused !== undefined) {
        assertEquals(status, "failed");
        assertMatch(error, refused);
        return;
      }
      assertEquals([status, error], ["succeeded", ""]);
      assertStringIncludes(lines, told);
      if (series!.length === 0) return;
      const file = decodeForecasts(await readModel(await latestBundle(models, "spending")));
      assertEquals(file.series.map(({ category }) => category), series);
      const forecaster = new Forecaster(file);
      const ask = (category: string) => forecaster.ask({ entity: "a", category, horizon: 3 });
      const [total, ...parts] = series!.map(ask);
      if (parts.length > 0) {
        total.mean.forEach((value, h) =>
          assert(Math.abs(value - parts.reduce((sum, { mean }) => sum + mean[h], 0)) < 1e-6)
        );
      }
    }, { ...smallParams, max_mase: 1000, min_coverage: 0.01 }));
}

Deno.test("spending: rows in any order, and rows that are there twice", async () => {
  const [header, ...rows] = smallSpending.trim().split("\n");
  const shuffled = rows.map((row, i) => [(i * 7919) % rows.length, row] as const)
    .sort(([a], [b]) => a - b).map(([, row]) => row);
  const read = (text: string) => {
    let found = "";
    return runInFolder(declared, text, async ({ models, lines }) => {
      const { series } = decodeForecasts(await readModel(await latestBundle(models, "spending")));
      found = JSON.stringify(
        series.map(({ entity, category, values }) => [entity, category, values]),
      );
      if (text !== smallSpending) assertStringIncludes(lines, "2 of 1522 rows are there twice");
    }, { ...smallParams, min_coverage: 0 }).then(() => found);
  };
  const twice = [header, ...shuffled, rows[5], rows[5]].join("\n");
  assertEquals(await read(twice), await read(smallSpending));
});
