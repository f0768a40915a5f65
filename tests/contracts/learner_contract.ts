/** What every learner must keep, whatever it learns with. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { DataError, ModelError, Random, WorkerPool } from "../../src/base/mod.ts";
import {
  type Classifier,
  type FitOptions,
  type Learner,
  loadModel,
  predict,
  predictProba,
  saveModel,
} from "../../src/learners/mod.ts";
import { emptyMatrix, type Matrix, matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import { validateEnsemble } from "../../src/trees/mod.ts";

/** Learners to hold to the contract, all small enough to be quick. */
export interface LearnerCase {
  readonly learner: Learner<Classifier>;
  /**
   * The learner without anything drawn by chance, for which weights equal repetition,
   * and without a penalty that a duplicate column would change.
   */
  readonly withoutChance: Learner<Classifier>;
  /** Name of a field of a saved model without which it cannot be loaded. */
  readonly vital: string;
  /** Why weights do not equal repetition, if they cannot. */
  readonly weightsDiffer?: string;
  /** Whether it says nothing of features: its importances are zeros. */
  readonly blind?: boolean;
  /** Most classes that it can tell apart in two dimensions, if not any number. */
  readonly mostClasses?: number;
}

/** Registers the contract's tests for one learner. */
export function learnerContract(
  { learner, withoutChance, vital, weightsDiffer, blind, mostClasses = Infinity }: LearnerCase,
): void {
  const name = learner.name;
  const { X, y } = clusters(240, 3, 7);
  const options: FitOptions = { classes: 3, seed: 42 };

  Deno.test(`${name}: the same seed gives the same model`, async () => {
    assertEquals(await learner.fit(X, y, options), await learner.fit(X, y, options));
  });

  Deno.test(`${name}: the model does not depend on the number of workers`, async () => {
    const alone = await learner.fit(X, y, options);
    const expected = await predictProba(alone, X);
    for (const size of [1, 2]) {
      await using pool = new WorkerPool(size);
      assertEquals(await learner.fit(X, y, { ...options, pool }), alone);
      assertEquals(await predictProba(alone, X, pool), expected);
    }
  });

  Deno.test(`${name}: data is left as it is`, async () => {
    const before = [X.data.slice(), y.slice()];
    await learner.fit(X, y, options);
    assertEquals([X.data, y], before);
  });

  Deno.test(`${name}: probabilities are shares and name the label`, async () => {
    const model = await learner.fit(X, y, options);
    if ("trees" in model) validateEnsemble(model.trees);
    const proba = await predictProba(model, X);
    const labels = await predict(model, X);
    let right = 0;
    for (let i = 0; i < X.rows; i++) {
      const row = [0, 1, 2].map((k) => proba[k * X.rows + i]);
      assert(row.every((p) => p >= 0 && p <= 1));
      // Three Float32 shares.
      assertAlmostEquals(row[0] + row[1] + row[2], 1, 1e-6);
      assertEquals(labels[i], row.indexOf(Math.max(...row)));
      right += Number(labels[i] === y[i]);
    }
    // The clusters overlap a little.
    assert(right / X.rows > 0.9, `only ${right} of ${X.rows} training rows are right`);
  });

  Deno.test(`${name}: importances are shares, largest for what decides`, async () => {
    const { featureImportances } = await learner.fit(X, y, options);
    if (blind) return assertEquals(featureImportances, new Float64Array(X.columns));
    assertAlmostEquals(featureImportances.reduce((a, b) => a + b), 1, 1e-9);
    assert(featureImportances.every((share) => share >= 0));
    // Columns 0 and 1 place the clusters, 2 is noise, 3 is constant.
    assert(featureImportances[0] + featureImportances[1] > 0.8);
    assertEquals(featureImportances[3], 0);
  });

  Deno.test(`${name}: a model that was saved and loaded is the same`, async () => {
    const model = await learner.fit(X, y, options);
    assertEquals(loadModel(saveModel(model)), model);
    const damaged = saveModel(model).replace(`"${vital}":`, '"x":');
    for (const text of ["", "{}", "null", damaged]) {
      assert(await rejection(() => loadModel(text)) instanceof ModelError);
    }
  });

  for (const classes of [2, 5, 30]) {
    Deno.test(`${name}: ${classes} classes`, async () => {
      const data = clusters(classes * 30, classes, classes);
      const model = await learner.fit(data.X, data.y, { classes, seed: 1 });
      const labels = await predict(model, data.X);
      const right = labels.filter((label, i) => label === data.y[i]).length;
      assertEquals((await predictProba(model, data.X)).length, classes * data.X.rows);
      if (classes > mostClasses) return;
      assert(right / data.X.rows > 0.8, `${right} of ${data.X.rows}`);
    });
  }

  Deno.test(`${name}: 300 classes`, async () => {
    const data = clusters(300 * 4, 300, 1);
    const model = await learner.fit(data.X, data.y, { classes: 300, seed: 1 });
    const proba = await predictProba(model, takeRows(data.X, [7]));
    assertEquals(proba.length, 300);
    // Three hundred Float32 shares.
    assertAlmostEquals(proba.reduce((a, b) => a + b), 1, 1e-4);
  });

  Deno.test(`${name}: a class without rows gets next to no probability`, async () => {
    const model = await learner.fit(X, y, { ...options, classes: 4 });
    const proba = await predictProba(model, X);
    assert(proba.subarray(3 * X.rows).every((p) => p < 0.01));
  });

  Deno.test(`${name}: constant and duplicate columns change no prediction`, async () => {
    const plain = await withoutChance.fit(X, y, options);
    const widened = matrixFromColumns([
      ...columnsOf(X),
      new Float32Array(X.rows).fill(3),
      ...columnsOf(X),
    ]);
    const wide = await withoutChance.fit(widened, y, options);
    assertEquals(await predict(wide, widened), await predict(plain, X));
  });

  Deno.test(`${name}: a column of missing values only is as good as none`, async () => {
    const gaps = new Float32Array(X.rows).fill(NaN);
    const widened = matrixFromColumns([gaps, ...columnsOf(X)]);
    const model = await learner.fit(widened, y, options);
    assertEquals(model.featureImportances[0], 0);
    const onlyGaps = await learner.fit(matrixFromColumns([gaps]), y, options);
    const proba = await predictProba(onlyGaps, matrixFromColumns([gaps]));
    // Nothing to go by but the shares of the classes, 1/3 each; a bootstrap strays from them.
    assert(proba.every((p) => Math.abs(p - 1 / 3) < 0.05));
  });

  Deno.test(`${name}: missing values are predicted without error`, async () => {
    const model = await learner.fit(X, y, options);
    const unknown = matrixFromRows([Array(X.columns).fill(NaN)]);
    const proba = await predictProba(model, unknown);
    assertAlmostEquals(proba[0] + proba[1] + proba[2], 1, 1e-6);
  });

  Deno.test(`${name}: one row is predicted as among many`, async () => {
    const model = await learner.fit(X, y, options);
    const all = await predictProba(model, X);
    const one = await predictProba(model, takeRows(X, [17]));
    assertEquals([...one], [0, 1, 2].map((k) => all[k * X.rows + 17]));
    assertEquals((await predictProba(model, emptyMatrix(0, X.columns))).length, 0);
  });

  const repetition = `${name}: whole weights equal repeated rows`;
  const reason = weightsDiffer ? ` (skipped: ${weightsDiffer})` : "";
  Deno.test(repetition + reason, { ignore: weightsDiffer !== undefined }, async () => {
    const random = new Random(9);
    const weights = Float32Array.from(y, () => random.int(4));
    const indices = [...y.keys()].flatMap((i) => Array<number>(weights[i]).fill(i));
    const repeated = takeRows(X, indices);
    const labels = Int32Array.from(indices, (i) => y[i]);
    const weighted = await withoutChance.fit(X, y, { ...options, sampleWeight: weights });
    const plain = await withoutChance.fit(repeated, labels, options);
    const expected = await predictProba(plain, X);
    (await predictProba(weighted, X)).forEach((p, i) =>
      // Gradients are Float32 sums in another order.
      assertAlmostEquals(p, expected[i], 1e-4)
    );
  });

  Deno.test(`${name}: progress rises to 1 and a signal stops the fit`, async () => {
    const shares: number[] = [];
    await learner.fit(X, y, { ...options, onProgress: (done) => shares.push(done) });
    assertEquals(shares.at(-1), 1);
    assertEquals(shares, shares.toSorted((a, b) => a - b));
    const controller = new AbortController();
    const stopped = learner.fit(X, y, {
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await assertRejects(() => stopped, Error, "enough");
    await assertRejects(
      () => learner.fit(X, y, { ...options, signal: AbortSignal.abort(new Error("never")) }),
      Error,
      "never",
    );
  });

  const weightOf = (value: number) => new Float32Array(X.rows).fill(value);
  const refused: [string, Matrix, Int32Array, Partial<FitOptions>, string][] = [
    ["no rows", emptyMatrix(0, 4), new Int32Array(0), {}, "the matrix has 0 rows and 4 columns"],
    ["no columns", emptyMatrix(240, 0), y, {}, "the matrix has 240 rows and 0 columns"],
    ["too few labels", X, y.subarray(1), {}, "there are 240 rows and 239 labels"],
    ["a label too high", X, y, { classes: 2 }, "row 2 has label 2"],
    ["one class in name", X, y, { classes: 1 }, "the number of classes is 1"],
    ["one class only", X, new Int32Array(240), {}, "all 240 rows are of class 0"],
    ["one row", takeRows(X, [0]), y.subarray(0, 1), {}, "all 1 rows are of class 0"],
    ["an infinity", replaced(X, 5, 1, -Infinity), y, {}, "row 5 has -Infinity in column 1"],
    ["too few weights", X, y, { sampleWeight: new Float32Array(3) }, "240 rows and 3 weights"],
    ["a negative weight", X, y, { sampleWeight: weightOf(-1) }, "row 0 has weight -1"],
    ["no weight at all", X, y, { sampleWeight: weightOf(0) }, "all weights are 0"],
  ];
  for (const [what, matrix, labels, changed, message] of refused) {
    Deno.test(`${name}: refuses ${what} and says so`, async () => {
      const error = await assertRejects(
        () => learner.fit(matrix, labels, { ...options, ...changed }),
        DataError,
        message,
      );
      assert(error.next);
    });
  }

  Deno.test(`${name}: refuses rows of another width`, async () => {
    const model = await learner.fit(X, y, options);
    await assertRejects(() => predict(model, emptyMatrix(1, 9)), ModelError, "9 columns");
  });
}

async function rejection(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return error;
  }
}

/** Rows around one centre for each class on a ring, a column of noise, a constant column. */
function clusters(rows: number, classes: number, seed: number): { X: Matrix; y: Int32Array } {
  const random = new Random(seed);
  const y = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const radius = classes;
  const X = matrixFromRows(Array.from(y, (label) => {
    const angle = 2 * Math.PI * label / classes;
    return [
      radius * Math.cos(angle) + random.normal(0, 0.8),
      radius * Math.sin(angle) + random.normal(0, 0.8),
      random.next(),
      1,
    ];
  }));
  return { X, y };
}

function columnsOf(X: Matrix): Float32Array[] {
  return Array.from({ length: X.columns }, (_, j) => X.data.slice(j * X.rows, (j + 1) * X.rows));
}

function matrixFromColumns(columns: readonly Float32Array[]): Matrix {
  const X = emptyMatrix(columns[0].length, columns.length);
  columns.forEach((values, j) => X.data.set(values, j * X.rows));
  return X;
}

function replaced(X: Matrix, row: number, column: number, value: number): Matrix {
  const copy = matrixFromColumns(columnsOf(X));
  copy.data[column * X.rows + row] = value;
  return copy;
}
