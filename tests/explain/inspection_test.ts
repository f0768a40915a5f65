/** Partial dependence and permutation importance beside scikit-learn. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { dependenceGrid, partialDependence, permutationImportance } from "../../src/explain/mod.ts";
import { logLoss, meanAbsoluteError } from "../../src/metrics/mod.ts";
import fixture from "./fixtures/inspection.json" with { type: "json" };

const { X, y, labels, weight } = fixture;
const rows = X.length;

const formula = (row: readonly number[]) => 2 * row[0] + row[0] * row[1] + Math.sin(3 * row[3]);

/** What the formulas predict of rows, output by output. */
function predictions(task: string, given: readonly (readonly number[])[]): Float64Array {
  if (task === "regression") return Float64Array.from(given, formula);
  const found = new Float64Array(3 * given.length);
  given.forEach((row, i) => {
    const scores = [0, formula(row), row[1] - row[3] / 2].map(Math.exp);
    const total = scores.reduce((sum, score) => sum + score, 0);
    scores.forEach((score, k) => found[k * given.length + i] = score / total);
  });
  return found;
}

const withColumn = (column: number, cell: (row: number) => number) =>
  X.map((row, i) => row.with(column, cell(i)));

for (const { task, feature, weighted, grid, average, first_rows } of fixture.dependences) {
  Deno.test(`partial dependence: scikit-learn's, ${task}, column ${feature}${weighted ? ", weighted" : ""}`, async () => {
    // Sums of some hundred Float64 numbers in another order.
    const close = (found: number, wanted: number) => assertAlmostEquals(found, wanted, 1e-12);
    const own = dependenceGrid(X.map((row) => row[feature]), 20);
    assertEquals(own.length, grid.length);
    own.forEach((value, v) => close(value, grid[v]));
    const found = await partialDependence(
      grid.length,
      rows,
      (v) => Promise.resolve(predictions(task, withColumn(feature, () => grid[v]))),
      weighted ? { sampleWeight: weight } : {},
    );
    average.flat().forEach((value, at) => close(found.average[at], value));
    first_rows.forEach((ofOutput, k) =>
      ofOutput.forEach((ofRow, i) =>
        ofRow.forEach((value, v) =>
          close(found.individual[(k * rows + i) * grid.length + v], value)
        )
      )
    );
  });
}

for (const { task, means, deviations } of fixture.importances) {
  const score = (found: ArrayLike<number>) =>
    task === "regression" ? meanAbsoluteError(y, found) : logLoss(labels, found, 3);
  const predict = (column?: number, order?: Int32Array) =>
    Promise.resolve(predictions(
      task,
      column === undefined ? X : withColumn(column, (i) => X[order![i]][column]),
    ));

  Deno.test(`permutation importance: scikit-learn's, ${task}`, async () => {
    const repeats = 400;
    const work = { columns: 4, rows, predict, score, direction: "lower" } as const;
    const found = await permutationImportance(work, { repeats, seed: 1 });
    means.forEach((mean, j) => {
      // Both shuffle by chance: their means differ by five standard errors at the most.
      const error = deviations[j] * Math.sqrt(2 / repeats);
      assertAlmostEquals(found.means[j], mean, 5 * error + 1e-12);
      assertAlmostEquals(found.deviations[j], deviations[j], 0.2 * deviations[j] + 1e-12);
    });
    assertEquals(found.means[2], 0);
    assertAlmostEquals(found.baseline, score(await predict()), 1e-12);
    const less = await permutationImportance({ ...work, columns: 1 }, { repeats: 3, seed: 1 });
    assertEquals(less.importances, found.importances.subarray(0, 3));
  });
}

Deno.test("inspection: stops at a signal, and refuses what does not fit", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const two = () => Promise.resolve(new Float64Array(2));
  await assertRejects(() => partialDependence(3, 2, two, { signal }), Error, "enough");
  await assertRejects(
    () =>
      permutationImportance(
        { columns: 1, rows: 2, predict: two, score: () => 0, direction: "higher" },
        { seed: 1, signal },
      ),
    Error,
    "enough",
  );
  await assertRejects(() => partialDependence(0, 2, two), RangeError, "at 0 values");
  await assertRejects(
    () => partialDependence(2, 2, (v) => Promise.resolve(new Float64Array(2 + v))),
    RangeError,
    "by 3 predictions",
  );
  assertEquals(dependenceGrid([NaN, NaN]).length, 0);
  assert(dependenceGrid([1, 1, 1]).length === 1);
});
