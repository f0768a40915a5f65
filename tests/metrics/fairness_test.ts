import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fairnessReport } from "../../src/metrics/mod.ts";
import fixture from "./fixtures/fairness.json" with { type: "json" };

// Quotients and differences of counts below 200.
const ROUNDING = 1e-12;

const differences = [
  "demographicParityDifference",
  "demographicParityRatio",
  "equalOpportunityDifference",
  "equalizedOddsDifference",
] as const;

for (const { name, yTrue, yPred, groups, expected } of fixture) {
  Deno.test(`fairness: rates by group and their differences as Fairlearn, ${name}`, () => {
    const report = fairnessReport<string | number>(yTrue, yPred, groups);
    assertEquals(report.groups.map((of) => of.group), expected.groups.map((of) => of.group));
    const rates = [
      "rows",
      "baseRate",
      "selectionRate",
      "truePositiveRate",
      "falsePositiveRate",
      "accuracy",
    ] as const;
    report.groups.forEach((found, g) => {
      for (const key of rates) assertAlmostEquals(found[key], expected.groups[g][key], ROUNDING);
    });
    for (const key of differences) assertAlmostEquals(report[key], expected[key], ROUNDING);
  });
}

/** Rows of `rows` people of which `selected` are selected and nobody is positive in truth. */
function people(group: string, rows: number, selected: number) {
  return Array.from({ length: rows }, (_, i) => ({ group, yPred: i < selected ? 1 : 0 }));
}

Deno.test("fairness: exactly four fifths of the highest rate is enough", () => {
  // 0.24 / 0.3 is 0.7999… in Float64.
  const at = (selected: number) => {
    const all = [...people("a", 10, 3), ...people("b", 100, selected)];
    const yPred = all.map((row) => row.yPred);
    return fairnessReport(yPred, yPred, all.map((row) => row.group)).belowFourFifths;
  };
  assertEquals(at(24), []);
  assertEquals(at(23), ["b"]);
});

Deno.test("fairness: a group without positives has no rate of them, and does not count as worst", () => {
  const report = fairnessReport([1, 1, 0, 0], [1, 1, 0, 0], ["a", "a", "b", "b"]);
  assertEquals(report.groups[1].truePositiveRate, NaN);
  assertEquals(report.equalOpportunityDifference, 0);
  assertEquals(report.demographicParityDifference, 1);
  assertEquals(report.belowFourFifths, ["b"]);
});

Deno.test("fairness: where nobody is selected no ratio has a value", () => {
  const report = fairnessReport([0, 1], [0, 0], [1, 2]);
  assertEquals(report.demographicParityRatio, NaN);
  assertEquals(report.belowFourFifths, []);
});

Deno.test("fairness: numbers do not depend on names of groups or the order of rows", () => {
  const bit = fc.integer({ min: 0, max: 1 });
  const row = fc.record({ yTrue: bit, yPred: bit, group: fc.integer({ min: 0, max: 3 }) });
  fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
    const report = (all: typeof rows) =>
      fairnessReport(
        all.map((row) => row.yTrue),
        all.map((row) => row.yPred),
        all.map((row) => row.group),
      );
    const found = report(rows);
    const other = report(rows.toReversed().map((row) => ({ ...row, group: -row.group })));
    for (const key of differences) {
      assertEquals(other[key], found[key]);
      assert(!(found[key] < 0 || found[key] > 1));
    }
    assertEquals(other.groups.length, found.groups.length);
  }));
});

Deno.test("fairness: arrays that do not fit are refused", () => {
  assertThrows(
    () => fairnessReport([0, 1], [0, 1], ["a"]),
    RangeError,
    "2 labels against 1 groups",
  );
});

Deno.test("fairness: a row that counts twice is two rows, one that counts 0 is none", () => {
  const [yTrue, yPred, groups] = [[1, 0, 1, 0, 1], [1, 0, 0, 1, 1], ["a", "a", "b", "b", "c"]];
  const counts = [2, 1, 3, 1, 0];
  const repeated = <T>(values: readonly T[]) =>
    values.flatMap((value, i) => new Array<T>(counts[i]).fill(value));
  assertEquals(
    fairnessReport(yTrue, yPred, groups, counts),
    fairnessReport(repeated(yTrue), repeated(yPred), repeated(groups)),
  );
});

Deno.test("fairness: counts that count nothing are refused", () => {
  for (const counts of [[0, 0], [1, NaN], [1, -1], [Infinity, 1], [1]]) {
    assertThrows(() => fairnessReport([1, 0], [1, 0], ["a", "b"], counts), RangeError, "Cannot");
  }
  // A row that counts 0 times is not there, nor is its group.
  const { groups } = fairnessReport([1, 0, 1], [1, 0, 1], ["a", "b", "a"], [2, 0, 1]);
  assertEquals(groups.map(({ group, rows }) => [group, rows]), [["a", 3]]);
});
