/** What every regression must keep, whatever it learns with. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { DataError, ModelError, Random, WorkerPool } from "../../src/base/mod.ts";
import {
  loadRegression,
  predictValues,
  type RegressionModel,
  type RegressionOptions,
  type Regressor,
  saveModel,
} from "../../src/learners/mod.ts";
import {
  column,
  emptyMatrix,
  type Matrix,
  matrixFromRows,
  takeRows,
} from "../../src/dataset/mod.ts";

/** Regressions to hold to the contract, all small enough to be quick. */
export interface RegressorCase {
  readonly regressor: Regressor<RegressionModel>;
  /** The regression without anything drawn by chance, for which weights equal repetition. */
  readonly withoutChance: Regressor<RegressionModel>;
  /** Whether it says nothing of features: its importances are zeros. */
  readonly blind?: boolean;
  /** Why weights do not equal repetition, if they cannot. */
  readonly weightsDiffer?: string;
}

/** Registers the contract's tests for one regression. */
export function regressorContract(
  { regressor, withoutChance, blind, weightsDiffer }: RegressorCase,
): void {
  const test = (what: string, run: () => Promise<void>) =>
    Deno.test(`regressor contract: ${regressor.name} ${what}`, run);
  const { X, y } = slope(240);
  const options: RegressionOptions = { seed: 42 };

  test("gives the same model for the same seed, with and without workers", async () => {
    const alone = await regressor.fit(X, y, options);
    assertEquals(await regressor.fit(X, y, options), alone);
    await using pool = new WorkerPool(2);
    assertEquals(await regressor.fit(X, y, { ...options, pool }), alone);
    assertEquals(await predictValues(alone, X, pool), await predictValues(alone, X));
  });

  test("leaves its data as it is and explains most of it", async () => {
    const before = [X.data.slice(), y.slice()];
    const model = await regressor.fit(X, y, options);
    assertEquals([X.data, y], before);
    const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
    let [left, whole] = [0, 0];
    (await predictValues(model, X)).forEach((value, i) => {
      left += (value - y[i]) ** 2;
      whole += (mean - y[i]) ** 2;
    });
    // The noise is a hundredth of the variance; ten rounds of boosting leave some more.
    assert(left < 0.15 * whole, `${left / whole} of the variance is left`);
  });

  test("has importances that are shares, largest for what decides", async () => {
    const { featureImportances } = await regressor.fit(X, y, options);
    if (blind) return assertEquals(featureImportances, new Float64Array(X.columns));
    assertAlmostEquals(featureImportances.reduce((a, b) => a + b), 1, 1e-9);
    assert(featureImportances[0] + featureImportances[1] > 0.8);
    assertEquals(featureImportances[3], 0);
  });

  test("is the same after saving and loading", async () => {
    const model = await regressor.fit(X, y, options);
    const loaded = loadRegression(saveModel(model));
    assertEquals(await predictValues(loaded, X), await predictValues(model, X));
    assertEquals(loaded.featureImportances, model.featureImportances);
    for (const text of ["", "{}", "null"]) {
      await assertRejects(async () => await loadRegression(text), ModelError);
    }
  });

  test("predicts the one value that all rows have", async () => {
    const model = await regressor.fit(X, y.map(() => -3.5), options);
    (await predictValues(model, X)).forEach((value) => assertAlmostEquals(value, -3.5, 1e-5));
  });

  test("learns from one row", async () => {
    const model = await regressor.fit(takeRows(X, [0]), Float64Array.of(4), options);
    assertAlmostEquals((await predictValues(model, X))[7], 4, 1e-5);
  });

  test("copes with missing values, and a column of nothing else", async () => {
    const gaps = emptyMatrix(X.rows, X.columns);
    gaps.data.set(X.data);
    column(gaps, 2).fill(NaN);
    column(gaps, 0).forEach((_, i, values) => values[i] = i % 7 === 0 ? NaN : values[i]);
    const model = await regressor.fit(gaps, y, options);
    assertEquals(model.featureImportances[2], 0);
    const unknown = matrixFromRows([Array(X.columns).fill(NaN)]);
    assert((await predictValues(model, unknown)).every(Number.isFinite));
  });

  if (weightsDiffer === undefined) {
    test("counts whole weights as repeated rows", async () => {
      const random = new Random(9);
      const sampleWeight = Float32Array.from(y, () => random.int(4));
      const indices = [...y.keys()].flatMap((i) => Array<number>(sampleWeight[i]).fill(i));
      const labels = Float64Array.from(indices, (i) => y[i]);
      const weighted = await withoutChance.fit(X, y, { ...options, sampleWeight });
      const repeated = await withoutChance.fit(takeRows(X, indices), labels, options);
      const expected = await predictValues(repeated, X);
      (await predictValues(weighted, X)).forEach((value, i) => {
        // A row without weight may lie where equally good splits differ.
        if (sampleWeight[i] === 0) return;
        // Sums of Float32 in another order; targets are up to 30.
        assertAlmostEquals(value, expected[i], 1e-3);
      });
    });
  }

  test("tells its progress and stops at a signal", async () => {
    const shares: number[] = [];
    await regressor.fit(X, y, { ...options, onProgress: (done) => shares.push(done) });
    assertEquals(shares.at(-1), 1);
    assertEquals(shares, shares.toSorted((a, b) => a - b));
    const signal = AbortSignal.abort(new Error("never"));
    await assertRejects(() => regressor.fit(X, y, { ...options, signal }), Error, "never");
  });

  const infinite = emptyMatrix(X.rows, X.columns);
  infinite.data.set(X.data);
  column(infinite, 1)[5] = Infinity;
  const refused: [string, Matrix, Float64Array, Partial<RegressionOptions>, string][] = [
    ["no rows", emptyMatrix(0, 4), new Float64Array(0), {}, "0 rows and 4 columns"],
    ["too few targets", X, y.subarray(1), {}, "there are 240 rows and 239 targets"],
    ["a missing target", X, y.map((v, i) => i === 9 ? NaN : v), {}, "row 9 has target NaN"],
    ["an infinity", infinite, y, {}, "row 5 has Infinity in column 1"],
    ["no weight", X, y, { sampleWeight: new Float32Array(240) }, "all weights are 0"],
  ];
  for (const [what, matrix, targets, changed, message] of refused) {
    test(`refuses ${what} and says so`, async () => {
      const error = await assertRejects(
        () => regressor.fit(matrix, targets, { ...options, ...changed }),
        DataError,
        message,
      );
      assert(error.next);
    });
  }

  test("refuses rows of another width", async () => {
    const model = await regressor.fit(X, y, options);
    await assertRejects(() => predictValues(model, emptyMatrix(1, 9)), ModelError, "9 columns");
  });
}

/** A slope over two columns, a column of noise, a constant column. */
function slope(rows: number): { X: Matrix; y: Float64Array } {
  const random = new Random(3);
  const X = matrixFromRows(Array.from({ length: rows }, () => [
    random.uniform(0, 10),
    random.int(6),
    random.next(),
    1,
  ]));
  const [a, b] = [column(X, 0), column(X, 1)];
  return {
    X,
    y: Float64Array.from(a, (value, i) => 2 * value - 1.5 * b[i] + random.normal(0, 0.6)),
  };
}
