import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { DataError, Random, WorkerPool } from "../../src/base/mod.ts";
import {
  type FitOptions,
  gradientBoosting,
  type GradientBoostingParams,
  predictProba,
} from "../../src/learners/mod.ts";
import { logLoss } from "../../src/metrics/mod.ts";
import { column, emptyMatrix, type Matrix, type SlicedRows } from "../../src/dataset/mod.ts";
import { parquet, parquetRows } from "../../src/table/mod.ts";
import { binMatrix, binSlices } from "../../src/tree_growth/mod.ts";
import { thresholdBetween } from "../../src/tree_growth/binning.ts";

/** Numbers, few values, categories and missing values; the label follows all of them. */
function made(rows: number): { readonly X: Matrix; readonly y: Int32Array } {
  const random = new Random(7);
  const X = emptyMatrix(rows, 4);
  const y = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const [a, b, c, d] = [
      random.normal(),
      random.normal(),
      random.int(9),
      random.int(5),
    ];
    X.data[i] = a;
    X.data[rows + i] = random.next() < 0.1 ? NaN : Math.exp(b);
    X.data[2 * rows + i] = c;
    // Both zeros among them.
    X.data[3 * rows + i] = d === 0 ? -0 : d - 2;
    y[i] = Number(a + b * (c % 3) + (d > 2 ? 1 : -1) + random.normal() > 0);
  }
  return { X, y };
}

/** Rows that lie in memory, dealt in slices all the same. */
function slicesOf(X: Matrix, y: ArrayLike<number>): SlicedRows {
  return {
    rows: X.rows,
    columns: X.columns,
    read(from, slice, targets) {
      for (let j = 0; j < X.columns; j++) {
        column(slice, j).set(column(X, j).subarray(from, from + slice.rows));
      }
      for (let i = 0; i < slice.rows; i++) targets[i] = y[from + i];
      return Promise.resolve();
    },
  };
}

Deno.test("slices of no more rows than the sample give the model of the matrix", async () => {
  const { X, y } = made(70_000);
  const sampleWeight = Float32Array.from(y, (_, i) => i % 3);
  const cases: [GradientBoostingParams, Partial<FitOptions>][] = [
    [{ nEstimators: 4, categorical: [2] }, {}],
    [{ nEstimators: 4, numLeaves: 15, classWeight: "balanced" }, { sampleWeight }],
  ];
  for (const [params, own] of cases) {
    const learner = gradientBoosting(params);
    const options = { classes: 2, seed: 3, ...own };
    const whole = await learner.fit(X, y, options);
    for (const workers of [1, 2]) {
      await using pool = new WorkerPool(workers);
      const sliced = await learner.fitSlices(slicesOf(X, y), { ...options, pool });
      assertEquals(sliced, whole, `${workers} workers`);
    }
  }
});

Deno.test("bins of a sample part all rows at its thresholds, on any number of workers", async () => {
  const { X, y } = made(70_000);
  const targets = new Float64Array(X.rows);
  const options = { sampled: 2000, held: 9000, maxBins: 60, categorical: [2] };
  const binned = await binSlices(slicesOf(X, y), targets, options);
  await using pool = new WorkerPool(2);
  assertEquals(await binSlices(slicesOf(X, y), targets, { ...options, pool }), binned);
  assertEquals([...targets], [...y]);
  assertEquals(
    await binSlices(slicesOf(X, y), targets, { held: 9000, categorical: [2] }),
    binMatrix(X, { categorical: [2] }),
  );
  assertEquals([...binned.hasMissing], [0, 1, 0, 0]);
  assertEquals([...binned.bins], [60, 60, 9, 4]);
  for (const j of [0, 1, 3]) {
    const values = column(X, j);
    for (let bin = 0; bin + 1 < binned.bins[j]; bin++) {
      const threshold = thresholdBetween(binned, j, bin, bin + 1);
      for (let i = 0; i < X.rows; i += 7) {
        const code = binned.codes[j * X.rows + i];
        if (Number.isNaN(values[i])) assertEquals(code, 255);
        else assertEquals(code <= bin, values[i] <= threshold, `row ${i}, column ${j}`);
      }
    }
  }
});

Deno.test("boosting learns from Parquet files as from the matrix of their rows", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { X, y } = made(50_000);
    const { writeParquet } = await parquet();
    const names = ["a", "b", "c", "d"];
    for (const [from, to] of [[0, 20_001], [20_001, 50_000]]) {
      await writeParquet(`${folder}/part-${from}.parquet`, [
        ...names.map((name, j) => ({ name, values: column(X, j).slice(from, to) })),
        { name: "label", values: Float64Array.from(y.subarray(from, to)) },
        { name: "text", codes: new Int32Array(to - from), names: ["one"] },
      ]);
    }
    const learner = gradientBoosting({ nEstimators: 10, numLeaves: 15 });
    const options = { classes: 2, seed: 1 };
    const rows = await parquetRows(folder, { columns: names, target: "label" });
    await using pool = new WorkerPool(2);
    const sliced = await learner.fitSlices(rows, { ...options, pool });
    const whole = await learner.fit(X, y, options);
    assertEquals(sliced, whole);
    assertAlmostEquals(logLoss(y, await predictProba(sliced, X), 2), 0.43, 0.06);
    const texts = await parquetRows(folder, { columns: ["a", "text"], target: "label" });
    await assertRejects(
      () => learner.fitSlices(texts, options),
      DataError,
      'column "text" holds no numbers',
    );
    await assertRejects(
      () => parquetRows(folder, { columns: ["a", "z"], target: "label" }),
      DataError,
      "it has no column z",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("slices tell the row of what cannot be learned from", async () => {
  const { X, y } = made(70_000);
  const learner = gradientBoosting();
  const options = { classes: 2, seed: 1 };
  X.data[60_000] = Infinity;
  await assertRejects(
    () => learner.fitSlices(slicesOf(X, y), options),
    DataError,
    "row 60000 has Infinity in column 0",
  );
  X.data[60_000] = 0;
  await assertRejects(
    () => learner.fitSlices(slicesOf(X, Float64Array.from(y, (label) => label / 2)), options),
    DataError,
    "has label 0.5",
  );
});
