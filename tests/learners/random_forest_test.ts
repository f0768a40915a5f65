/** The random forest against scikit-learn. */

import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Random, UsageError } from "../../src/base/mod.ts";
import {
  predict,
  predictProba,
  randomForest,
  type RandomForestParams,
} from "../../src/learners/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import { roundShares, shareUnitsFor } from "../../src/tree_growth/leaf_shares.ts";
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

Deno.test("random forest: out of the bag as accurate as scikit-learn's", async () => {
  const { noisy, forests } = await readFixture<{
    noisy: { X: Rows; labels: number[]; train: number };
    forests: { oob_accuracy: number[] };
  }>("forest.json");
  const X = matrixOf(noisy.X.slice(0, noisy.train));
  const y = Int32Array.from(noisy.labels.slice(0, noisy.train));
  const scores: number[] = [];
  for (let seed = 0; seed < 8; seed++) {
    const model = await randomForest({ oobScore: true }).fit(X, y, { classes: 3, seed });
    scores.push(model.outOfBag!.score);
  }
  // Over seeds scikit-learn's deviate by 0.011; means of eight then differ by 0.0055
  // by chance, three times which is allowed.
  assertAlmostEquals(mean(scores), mean(forests.oob_accuracy), 0.0165);
});

Deno.test("random forest: out of the bag are the trees that have not seen a row", async () => {
  const X = matrixFromRows(Array.from({ length: 60 }, (_, i) => [i]));
  const y = Int32Array.from({ length: 60 }, (_, i) => i % 2);
  // Labels alternate, so whoever has seen a row knows it by heart and whoever has not errs.
  const learner = randomForest({ nEstimators: 30, maxSamples: 0.9, oobScore: true });
  const { outOfBag } = await learner.fit(X, y, { classes: 2, seed: 3 });
  assert(outOfBag!.score < 0.5, `${outOfBag!.score}`);
  // One tree has seen some rows, of which nothing is known then.
  const one = await randomForest({ nEstimators: 1, oobScore: true }).fit(X, y, {
    classes: 2,
    seed: 3,
  });
  const unknown = one.outOfBag!.predictions.filter(Number.isNaN).length;
  assert(unknown > 60 && unknown < 100, `${unknown} of 120`);
});

Deno.test("random forest: balanced classes are found more often", async () => {
  const random = new Random(8);
  const y = Int32Array.from({ length: 1000 }, () => Number(random.next() < 0.08));
  const X = matrixFromRows(Array.from(y, (label) => [random.normal(label), random.normal(label)]));
  const found = async (classWeight: "balanced" | null) => {
    const learner = randomForest({ nEstimators: 20, maxDepth: 3, classWeight });
    const labels = await predict(await learner.fit(X, y, { classes: 2, seed: 0 }), X);
    return labels.filter((label, i) => label === 1 && y[i] === 1).length;
  };
  assert(await found("balanced") > 2 * await found(null));
});

Deno.test("random forest: class weights weigh as row weights do", async () => {
  const { X: rows, y } = await readFixture<Grid>("grid.json");
  const [X, labels] = [matrixOf(rows), Int32Array.from(y)];
  const byClass = await randomForest({ nEstimators: 4, classWeight: [1, 2, 3] }).fit(X, labels, {
    classes: 3,
    seed: 4,
  });
  const byRow = await randomForest({ nEstimators: 4 }).fit(X, labels, {
    classes: 3,
    seed: 4,
    sampleWeight: Float32Array.from(y, (label) => label + 1),
  });
  assertEquals(byClass.trees, byRow.trees);
});

for (const criterion of ["gini", "entropy"] as const) {
  Deno.test(`random forest: large and small nodes with gaps know their rows by heart (${criterion})`, async () => {
    // More rows than the largest subtree that is copied, more bins than rows in small nodes, gaps that mean something.
    const random = new Random(12);
    const rows = Array.from(
      { length: 9000 },
      (_, i) => [i % 5 ? random.next() : NaN, random.int(9), i],
    );
    const y = Int32Array.from(rows, ([a, b]) => Number.isNaN(a) ? 2 : Number(a * 9 > b));
    const X = matrixFromRows(rows);
    const model = await randomForest({ ...plainTree, criterion }).fit(X, y, {
      classes: 3,
      seed: 1,
    });
    const labels = await predict(model, X);
    const wrong = labels.filter((label, i) => label !== y[i]).length;
    // Values that share a bin cannot be told apart.
    assert(wrong < 30, `${wrong} rows`);
  });
}

Deno.test("random forest: numbers of features and rows by name, share and count", async () => {
  const X = matrixFromRows(
    Array.from({ length: 64 }, (_, i) => Array.from({ length: 9 }, (_, j) => (i * (j + 3)) % 17)),
  );
  const y = Int32Array.from({ length: 64 }, (_, i) => i % 2);
  const fit = (params: RandomForestParams) =>
    randomForest({ nEstimators: 3, ...params }).fit(X, y, { classes: 2, seed: 1 });
  const trees = async (params: RandomForestParams) => (await fit(params)).trees;
  const three = await trees({ maxFeatures: 3 });
  for (const maxFeatures of ["sqrt", "log2", 0.4] as const) {
    assertEquals(await trees({ maxFeatures }), three);
  }
  assertEquals(await trees({ maxSamples: 0.25 }), await trees({ maxSamples: 16 }));
  assertEquals((await trees({ maxSamples: 16 })).cover[0], 16);
  await assertRejects(() => fit({ maxSamples: 65 }), UsageError, "there are 64 rows with weight");
  assertThrows(() => randomForest({ maxSamples: 3, bootstrap: false }), UsageError, "maxSamples");
});

Deno.test("random forest: a leaf has minSamplesLeaf rows at the least, and may have no more", async () => {
  const X = matrixFromRows([[0], [0], [1], [1], [1], [1]]);
  const y = Int32Array.of(0, 0, 1, 1, 1, 1);
  for (const criterion of ["gini", "entropy"] as const) {
    for (const classes of [2, 3]) {
      for (const [minSamplesLeaf, nodes] of [[1, 3], [2, 3], [3, 1]]) {
        const forest = randomForest({
          nEstimators: 1,
          bootstrap: false,
          criterion,
          minSamplesLeaf,
        });
        const { trees } = await forest.fit(X, y, { classes, seed: 1 });
        assertEquals(trees.feature.length, nodes, `${criterion} ${classes} ${minSamplesLeaf}`);
      }
    }
  }
});
