/** The random forest against scikit-learn. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  predict,
  predictProba,
  randomForest,
  type RandomForestParams,
} from "../../src/learners/mod.ts";
import { matrixFromRows } from "../../src/table/mod.ts";
import { roundShares, shareUnitsFor } from "../../src/learners/tree/leaf_shares.ts";
import { f1Macro, logLoss, matrixOf, mean, readFixture, type Rows } from "./fixture.ts";

interface Quality {
  f1_macro: number;
  log_loss: number;
}

interface Mixed {
  train: { X: Rows; y: number[] };
  test: { X: Rows; y: number[] };
  forests: Quality[];
}

interface Nodes {
  feature: number[];
  threshold: number[];
  importances: number[];
}

interface Grid {
  X: Rows;
  y: number[];
  tree: { X: Rows; proba: number[][]; gini: Nodes; entropy: Nodes; leaf20: Nodes };
}

/** One tree on all rows and features: nothing is left to chance but the order of features. */
const plainTree = { nEstimators: 1, bootstrap: false, maxFeatures: "all" } as const;

Deno.test("random forest: as good as scikit-learn's on mixed data with gaps", async () => {
  const { train, test, forests } = await readFixture<Mixed>("mixed.json");
  const [X, XTest] = [matrixOf(train.X), matrixOf(test.X)];
  const ours: Quality[] = [];
  for (let seed = 0; seed < 10; seed++) {
    const model = await randomForest().fit(X, Int32Array.from(train.y), { classes: 3, seed });
    const proba = await predictProba(model, XTest);
    ours.push({
      f1_macro: f1Macro(test.y, await predict(model, XTest), 3),
      log_loss: logLoss(test.y, proba),
    });
  }
  // Over seeds scikit-learn's scores deviate by 0.008 (F1) and 0.009 (log loss),
  // so means of ten differ by about 0.004 by chance alone; three times that is allowed.
  const gap = (name: keyof Quality) =>
    mean(ours.map((one) => one[name])) - mean(forests.map((one) => one[name]));
  assert(gap("f1_macro") > -0.012, `mean macro-F1 differs by ${gap("f1_macro")}`);
  assert(gap("log_loss") < 0.012, `mean log loss differs by ${gap("log_loss")}`);
});

Deno.test("random forest: a fully grown tree equals scikit-learn's on its training rows", async () => {
  const { y, tree } = await readFixture<Grid>("grid.json");
  const X = matrixOf(tree.X);
  const model = await randomForest(plainTree).fit(X, Int32Array.from(y), { classes: 3, seed: 1 });
  const proba = await predictProba(model, X);
  tree.proba.forEach((row, i) =>
    row.forEach((expected, k) => {
      // Shares are rounded to 2^-23 = 1.2e-7, the fixture to 7 digits.
      assertAlmostEquals(proba[k * X.rows + i], expected, 2e-7);
    })
  );
});

Deno.test("random forest: fully grown trees know consistent training rows by heart", async () => {
  const rows = Array.from({ length: 300 }, (_, i) => [i % 17, (i * 7) % 23, i % 2]);
  const y = Int32Array.from(rows, ([a, b, c]) => (a * b + c) % 4);
  const X = matrixFromRows(rows);
  const model = await randomForest(plainTree).fit(X, y, { classes: 4, seed: 3 });
  assertEquals(await predict(model, X), y);
});

for (
  const [name, params] of [
    ["gini", { maxDepth: 3 }],
    ["entropy", { maxDepth: 3, criterion: "entropy" }],
    ["leaf20", { maxDepth: 4, minSamplesLeaf: 20 }],
  ] satisfies [keyof Grid["tree"], RandomForestParams][]
) {
  Deno.test(`random forest: a shallow tree has scikit-learn's nodes (${name})`, async () => {
    const { X: rows, y, tree } = await readFixture<Grid>("grid.json");
    // The reference filled the gaps with 15 here; bins are exact, so splits are the same.
    const X = matrixOf(rows.map((row) => row.map((value) => value ?? 15)));
    const model = await randomForest({ ...plainTree, ...params }).fit(X, Int32Array.from(y), {
      classes: 3,
      seed: 5,
    });
    assertEquals([...model.trees.feature], tree[name].feature);
    assertEquals([...model.trees.threshold], tree[name].threshold);
    tree[name].importances.forEach((expected, j) =>
      // Both sum some hundred terms in Float64.
      assertAlmostEquals(model.featureImportances[j], expected, 1e-9)
    );
  });
}

Deno.test("random forest: weights that cannot be packed give the same trees", async () => {
  const { X: rows, y } = await readFixture<Grid>("grid.json");
  const X = matrixOf(rows);
  const learner = randomForest({ nEstimators: 5 });
  const fit = (sampleWeight?: Float32Array) =>
    learner.fit(X, Int32Array.from(y), { classes: 3, seed: 4, sampleWeight });
  const packed = await fit();
  // Halves are counted in units of a power of two that is far too small for ten bits.
  const plain = await fit(new Float32Array(X.rows).fill(0.5));
  assertEquals(plain.trees.feature, packed.trees.feature);
  assertEquals(plain.trees.threshold, packed.trees.threshold);
  assertEquals(plain.trees.leaves, packed.trees.leaves);
  assertEquals(plain.trees.cover, packed.trees.cover.map((weight) => weight / 2));
});

Deno.test("random forest: class shares add up exactly in any order", () => {
  const trees = 100;
  const units = shareUnitsFor(trees);
  assertEquals(units, 2 ** 16);
  const shares = new Float64Array(3);
  const values = Array.from({ length: trees }, (_, t) => {
    roundShares(Float64Array.of(t + 1, 7, 13), t + 21, units, shares);
    assertEquals(shares[0] + shares[1] + shares[2], 1);
    return shares[0];
  });
  const float32Sum = (numbers: number[]) => numbers.reduce((sum, x) => Math.fround(sum + x), 0);
  const exact = values.reduce((sum, x) => sum + x, 0);
  assertEquals(float32Sum(values), exact);
  assertEquals(float32Sum(values.toReversed()), exact);
  assertEquals(float32Sum(values.toSorted()), exact);
});

Deno.test("random forest: a value missing only when predicting goes with most rows", async () => {
  const X = matrixFromRows([[0], [0], [0], [1]]);
  const model = await randomForest(plainTree).fit(X, Int32Array.of(0, 0, 0, 1), {
    classes: 2,
    seed: 0,
  });
  assertEquals([...await predict(model, matrixFromRows([[NaN]]))], [0]);
});

Deno.test("random forest: being missing is learned from", async () => {
  const X = matrixFromRows([[1], [2], [3], [NaN], [NaN], [NaN]]);
  const y = Int32Array.of(0, 0, 0, 1, 1, 1);
  const model = await randomForest(plainTree).fit(X, y, { classes: 2, seed: 0 });
  assertEquals([...await predict(model, matrixFromRows([[1e30], [-5], [NaN]]))], [0, 0, 1]);
});

Deno.test("random forest: parameters out of range are named", async () => {
  const error = assertThrows(() => randomForest({ nEstimators: 0 }), UsageError);
  assertEquals(error.message, "Cannot set nEstimators of RandomForest to 0");
  assertEquals(error.next, "give a whole number from 1 to 10000");
  assertThrows(() => randomForest({ maxDepth: 1.5 }), UsageError, "maxDepth");
  assertThrows(() => randomForest({ maxFeatures: 0 }), UsageError, "maxFeatures");
  assertThrows(() => randomForest({ minSamplesSplit: 1 }), UsageError, "minSamplesSplit");
  const X = matrixFromRows([[0, 1], [1, 0]]);
  await assertRejects(
    () => randomForest({ maxFeatures: 3 }).fit(X, Int32Array.of(0, 1), { classes: 2, seed: 0 }),
    UsageError,
    "Cannot draw 3 features at each node: the matrix has 2 columns",
  );
});
