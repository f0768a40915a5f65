/**
 * The constants by which Evidently decides, held by its verdicts on small made-up
 * tables on both sides of each; tests/python/make_evidently_rules_fixtures.py
 * writes them.
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type ColumnValues, compare } from "../../src/drift/mod.ts";
import fixtures from "./fixtures/evidently_rules.json" with { type: "json" };
import { categoriesOf, numbersOf } from "./samples.ts";

interface Rule {
  readonly kind: string;
  readonly modulus: number;
  readonly start: number;
  readonly step: number;
  readonly scale: number;
}

/** Value i of a side is (start + i × step) mod modulus × scale; a 0 of "gaps" is missing. */
function columnOf({ kind, modulus, start, step, scale }: Rule, rows: number): ColumnValues {
  const whole = Array.from({ length: rows }, (_, i) => (start + i * step) % modulus);
  return kind === "text"
    ? categoriesOf(whole.map((value) => `t${value}`))
    : numbersOf(whole.map((value) => kind === "gaps" && value === 0 ? NaN : value * scale));
}

for (const { reference, current, columns, expected } of fixtures) {
  const rules = Object.entries(columns) as [string, Rule[]][];
  const values = rules.map(([name, [{ kind, modulus }]]) => `${name} ${kind} ${modulus}`);
  Deno.test(`drift: Evidently's rules: ${reference} and ${current} rows, ${values.join(", ")}`, async () => {
    const side = (rows: number, which: number) => ({
      rows,
      columns: Object.fromEntries(rules.map(([name, own]) => [name, columnOf(own[which], rows)])),
    });
    const result = await compare(side(reference, 0), side(current, 1), { preset: "evidently" });
    const tested = result.columns.filter(({ test }) => test !== null);
    assertEquals(
      tested.map(({ column, test, threshold, drifted }) => ({ column, test, threshold, drifted }))
        .sort((a, b) => a.column < b.column ? -1 : 1),
      expected.columns.map(({ score: _, ...verdict }) => verdict)
        .sort((a, b) => a.column < b.column ? -1 : 1),
    );
    for (const { column, score } of expected.columns) {
      assertAlmostEquals(tested.find((own) => own.column === column)!.score!, score, 1e-6, column);
    }
    assertEquals(result.drifted_columns, expected.drifted_columns);
    assertEquals(result.drifted, expected.drifted);
  });
}
