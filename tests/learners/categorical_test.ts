/** Columns of categories: sets against every set there is, whole models against LightGBM's. */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { DataError, Random, UsageError, WorkerPool } from "../../src/base/mod.ts";
import {
  type Classifier,
  gradientBoosting,
  type GradientBoostingParams,
  gradientBoostingRegressor,
  learnerOf,
  loadModel,
  predictProba,
  predictValues,
  randomForest,
  randomForestRegressor,
  saveModel,
  type TreeClassifier,
  type TreeRegressor,
} from "../../src/learners/mod.ts";
import { matrixFromRows } from "../../src/dataset/mod.ts";
import { membersOf, validateEnsemble } from "../../src/trees/mod.ts";
import { matrixOf, readFixture, type Rows } from "./fixture.ts";

interface Fixture {
  X: Rows;
  X_test: Rows;
  targets: Record<"binary" | "classes" | "regression", number[]>;
  cases: {
    kind: "binary" | "classes" | "regression";
    params: Record<string, number>;
    predicted: number[] | number[][];
  }[];
}

const fixture = await readFixture<Fixture>("categorical.json");
const X = matrixOf(fixture.X);
const tested = matrixOf(fixture.X_test);

/** LightGBM's names as ours. */
const names: Record<string, string> = {
  min_data_per_group: "minDataPerGroup",
  cat_smooth: "catSmooth",
  cat_l2: "catL2",
  max_cat_threshold: "maxCatThreshold",
  max_cat_to_onehot: "maxCatToOnehot",
  num_leaves: "numLeaves",
  lambda_l1: "regAlpha",
  lambda_l2: "regLambda",
};

/** The settings of a case, as ours. */
function settingsOf(params: Record<string, number>): GradientBoostingParams {
  return {
    ...{ growth: "leafwise", numLeaves: 12, nEstimators: 8, learningRate: 0.2 },
    ...{ minDataInLeaf: 20, categorical: [0, 1] },
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [names[name], value])),
  };
}

/**
 * The trees are LightGBM's to the last split; what differs is rounding: our
 * gradients are whole numbers of 27 bits, its scores Float64, ours Float32.
 */
const TOLERANCE = 2e-5;

for (const [at, { kind, params, predicted }] of fixture.cases.entries()) {
  Deno.test(`categories: boosting predicts as LightGBM, ${kind}, ${JSON.stringify(params)} (${at})`, async () => {
    const y = fixture.targets[kind];
    const settings = settingsOf(params);
    if (kind === "regression") {
      const model = await gradientBoostingRegressor(settings).fit(X, Float64Array.from(y), {
        seed: 1,
      });
      const values = await predictValues(model, tested);
      values.forEach((value, i) => assertAlmostEquals(value, predicted[i] as number, TOLERANCE));
      return;
    }
    const classes = kind === "binary" ? 2 : 3;
    const model = await gradientBoosting(settings)
      .fit(X, Int32Array.from(y), { classes, seed: 1 });
    const proba = await predictProba(model, tested);
    for (let i = 0; i < tested.rows; i++) {
      if (kind === "binary") {
        assertAlmostEquals(proba[tested.rows + i], predicted[i] as number, TOLERANCE);
      } else {
        (predicted[i] as number[]).forEach((value, k) =>
          assertAlmostEquals(proba[k * tested.rows + i], value, TOLERANCE)
        );
      }
    }
  });
}

/** All sets of some of `count` categories, as bits. */
function everySet(count: number): number[] {
  return Array.from({ length: 2 ** count - 2 }, (_, i) => i + 1);
}

/** Rows of one column of categories, some missing, and targets that depend on it. */
function oneColumn(random: Random, categories: number, classes: number, gaps: boolean) {
  const shares = Array.from(
    { length: categories },
    () => Array.from({ length: classes }, () => random.next() ** 2),
  );
  const rows = 40 * categories;
  const codes = Array.from({ length: rows }, () => random.int(categories));
  const labels = Int32Array.from(codes, (code) => {
    let draw = random.next() * shares[code].reduce((sum, share) => sum + share, 0);
    let label = 0;
    while (label < classes - 1 && draw > shares[code][label]) draw -= shares[code][label++];
    return label;
  });
  const values = Float64Array.from(codes, (code) => shares[code][0] * 3 + random.next());
  const cells = codes.map((code) => gaps && random.next() < 0.1 ? NaN : code);
  return { X: matrixFromRows(cells.map((code) => [code])), cells, labels, values };
}

/** The greatest of what `score` gives for both sides of every set, missing values right. */
function bestSet(
  cells: readonly number[],
  categories: number,
  score: (rows: readonly number[]) => number,
): number {
  const all = [...cells.keys()];
  return Math.max(
    ...everySet(categories).concat(cells.some(Number.isNaN) ? [2 ** categories - 1] : [])
      .map((set) => {
        const isLeft = (row: number) => (set >> cells[row] & 1) === 1 && !Number.isNaN(cells[row]);
        const [left, right] = [all.filter(isLeft), all.filter((row) => !isLeft(row))];
        return left.length === 0 || right.length === 0 ? -Infinity : score(left) + score(right);
      }),
  );
}

/** The same for the one split of a fitted tree. */
async function foundSet(
  model: TreeClassifier | TreeRegressor,
  { X, cells }: ReturnType<typeof oneColumn>,
  score: (rows: readonly number[]) => number,
): Promise<number> {
  const { sets, feature } = model.trees;
  validateEnsemble(model.trees);
  assertEquals([...feature], [0, -1, -1]);
  const members = new Set(membersOf(sets!, 0));
  const all = [...cells.keys()];
  const [left, right] = [true, false].map((side) =>
    all.filter((row) => members.has(cells[row]) === side)
  );
  // The rows of a side have one prediction.
  const told = "task" in model
    ? [...await predictValues(model, X)]
    : [...(await predictProba(model as Classifier, X)).subarray(0, X.rows)];
  for (const side of [left, right]) assertEquals(new Set(side.map((row) => told[row])).size, 1);
  return score(left) + score(right);
}

function spread(values: Float64Array) {
  return (rows: readonly number[]) =>
    rows.reduce((sum, row) => sum + values[row], 0) ** 2 / rows.length;
}

function purity(labels: Int32Array, classes: number, entropy: boolean) {
  return (rows: readonly number[]) => {
    const counts = new Float64Array(classes);
    for (const row of rows) counts[labels[row]]++;
    const sum = counts.reduce(
      (total, count) => total + (entropy ? count && count * Math.log(count) : count ** 2),
      0,
    );
    return entropy ? sum - rows.length * Math.log(rows.length) : sum / rows.length;
  };
}

const stump = { nEstimators: 1, maxDepth: 1, bootstrap: false, categorical: [0] } as const;

for (const gaps of [false, true]) {
  const told = gaps ? "with missing values" : "all present";
  Deno.test(`categories: the set of the least squared error among all sets, ${told}`, async () => {
    for (let seed = 0; seed < 20; seed++) {
      const data = oneColumn(new Random(seed), 2 + seed % 7, 2, gaps);
      const score = spread(data.values);
      const best = bestSet(data.cells, 2 + seed % 7, score);
      const forest = await randomForestRegressor(stump).fit(data.X, data.values, { seed });
      assertAlmostEquals(await foundSet(forest, data, score), best, 1e-9 * best);
      // Without smoothing and penalties the gain is the same measure; half of the sets from
      // either end are all of them, unless missing values have to stay on the right.
      if (gaps) continue;
      const boosting = await gradientBoostingRegressor({
        ...{ nEstimators: 1, maxDepth: 1, categorical: [0], regLambda: 0, minChildWeight: 0 },
        ...{ catSmooth: 0, catL2: 0, minDataPerGroup: 1, maxCatToOnehot: 1 },
      }).fit(data.X, data.values, { seed });
      // Gains are compared as Float32.
      assertAlmostEquals(await foundSet(boosting, data, score), best, 1e-6 * best);
    }
  });

  for (const criterion of ["gini", "entropy"] as const) {
    Deno.test(`categories: the purest set of two classes among all sets, ${criterion}, ${told}`, async () => {
      for (let seed = 0; seed < 20; seed++) {
        const data = oneColumn(new Random(seed), 2 + seed % 7, 2, gaps);
        const score = purity(data.labels, 2, criterion === "entropy");
        const best = bestSet(data.cells, 2 + seed % 7, score);
        for (const minSamplesLeaf of [1, 2]) {
          const forest = await randomForest({ ...stump, criterion, minSamplesLeaf })
            .fit(data.X, data.labels, { classes: 2, seed });
          const found = await foundSet(forest, data, score);
          assertAlmostEquals(found, best, 1e-9 * Math.abs(best));
        }
      }
    });
  }

  Deno.test(`categories: of more classes a set near the purest, never a worse one than one class's, ${told}`, async () => {
    let decrease = 0;
    let possible = 0;
    for (let seed = 0; seed < 30; seed++) {
      const classes = 3 + seed % 3;
      const data = oneColumn(new Random(seed), 6, classes, gaps);
      const score = purity(data.labels, classes, false);
      const none = score([...data.cells.keys()]);
      const best = bestSet(data.cells, 6, score);
      const forest = await randomForest(stump).fit(data.X, data.labels, { classes, seed });
      const found = await foundSet(forest, data, score);
      assertLessOrEqual(found, best * (1 + 1e-12));
      decrease += found - none;
      possible += best - none;
    }
    assert(decrease > 0.97 * possible, `${decrease} of ${possible}`);
  });
}

Deno.test("categories: a single row's category stands where its share puts it", async () => {
  // Shares of class 1 are 1, 75 of 100 and 66 of 100: the purest set joins the first two.
  const cells = Array.from({ length: 201 }, (_, i) => i === 0 ? 0 : i <= 100 ? 1 : 2);
  const labels = Int32Array.from(cells, (_, i) => Number(i <= 75 || (i > 100 && i <= 166)));
  const data = {
    X: matrixFromRows(cells.map((code) => [code])),
    cells,
    labels,
    values: new Float64Array(),
  };
  for (const criterion of ["gini", "entropy"] as const) {
    const score = purity(labels, 2, criterion === "entropy");
    const forest = await randomForest({ ...stump, criterion })
      .fit(data.X, labels, { classes: 2, seed: 1 });
    const best = bestSet(cells, 3, score);
    assertAlmostEquals(await foundSet(forest, data, score), best, 1e-9 * Math.abs(best));
  }
});

Deno.test("categories: one versus the rest where they are few", async () => {
  const data = oneColumn(new Random(3), 3, 2, false);
  const model = await gradientBoosting({ nEstimators: 1, maxDepth: 1, categorical: [0] })
    .fit(data.X, data.labels, { classes: 2, seed: 1 });
  assertEquals(membersOf(model.trees.sets!, 0).length, 1);
});

/** Every family of trees with the same columns of categories. */
const families = {
  forest: (categorical: number[]) => randomForest({ nEstimators: 5, categorical }),
  boosting: (categorical: number[]) => gradientBoosting({ nEstimators: 5, categorical }),
  "leafwise boosting": (categorical: number[]) =>
    gradientBoosting({ nEstimators: 5, growth: "leafwise", categorical }),
};

for (const [name, make] of Object.entries(families)) {
  Deno.test(`categories: ${name}, the model does not depend on the number of workers`, async () => {
    const random = new Random(8);
    const rows = Array.from({ length: 20_000 }, () => [
      random.next() < 0.1 ? NaN : random.int(300),
      random.int(5),
      random.next(),
    ]);
    const X = matrixFromRows(rows);
    const y = Int32Array.from(
      rows,
      ([many, few, number]) =>
        Number((many % 7 > 3 ? 1 : 0) + (few === 2 ? 1 : 0) + number + random.next() > 1.5),
    );
    const alone = await make([0, 1]).fit(X, y, { classes: 2, seed: 4 });
    for (const size of [2, 3]) {
      await using pool = new WorkerPool(size);
      const together = await make([0, 1]).fit(X, y, { classes: 2, seed: 4, pool });
      assertEquals(together, alone);
      assertEquals(await predictProba(together, X, pool), await predictProba(alone, X));
    }
    const loaded = loadModel(saveModel(alone));
    assertEquals(await predictProba(loaded, X), await predictProba(alone, X));
  });

  Deno.test(`categories: ${name} of one category, of 1,000, of none, and unknown ones`, async () => {
    const rows = 3000;
    const y = Int32Array.from({ length: rows }, (_, i) => Number(i % 3 === 0));
    const fitted = (codes: (i: number) => number) =>
      make([0]).fit(matrixFromRows(Array.from({ length: rows }, (_, i) => [codes(i), 0])), y, {
        classes: 2,
        seed: 1,
      });
    for (const constant of [4, NaN]) {
      const model = await fitted(() => constant);
      assertEquals(model.trees.sets, undefined);
      const proba = await predictProba(model, matrixFromRows([[4, 0], [9, 0], [NaN, 0]]));
      proba.subarray(3).forEach((share) => assertAlmostEquals(share, 1 / 3, 0.02));
    }
    const many = await fitted((i) => i % 1000);
    const sets = many.trees.sets;
    validateEnsemble(many.trees);
    const told = new Set(
      Array.from({ length: (sets?.bounds.length ?? 1) - 1 }, (_, set) => membersOf(sets!, set))
        .flat(),
    );
    assert(told.size <= 255, `${told.size} categories are told apart`);
    // What was not seen goes where missing values do, and so does what is no category.
    const unknown = matrixFromRows([[NaN, 0], [5000, 0], [70_000, 0], [-1, 0], [2.5, 0]]);
    const [first, ...others] = (await predictProba(many, unknown)).subarray(0, 5);
    assertEquals(others, [first, first, first, first]);
  });
}

Deno.test("categories: bad settings and values are refused by column, row and value", async () => {
  const y = Int32Array.of(0, 1, 0, 1);
  const rows = matrixFromRows([[0, 1], [1, 2], [2, 1.5], [3, NaN]]);
  const options = { classes: 2, seed: 1 };
  for (const make of [gradientBoosting, randomForest]) {
    for (const wrong of [[-1], [0, 0], [0.5], "0" as never]) {
      assertThrows(() => make({ categorical: wrong }), UsageError, "Cannot set categorical");
    }
    await assertRejects(
      () => make({ categorical: [2] }).fit(rows, y, options),
      UsageError,
      "Cannot read categories from column 2: the matrix has 2 columns",
    );
    await assertRejects(
      () => make({ categorical: [1] }).fit(rows, y, options),
      DataError,
      "Cannot read categories from column 1: row 2 holds 1.5",
    );
  }
  await assertRejects(
    () => gradientBoosting({ categorical: [0], monotone: [1, 0] }).fit(rows, y, options),
    UsageError,
    "Cannot keep predictions monotone in column 0: it holds categories",
  );
  const spec = { kind: "gradientBoosting", params: { categorical: [0] } } as never;
  assertThrows(() => learnerOf(spec), UsageError, "among its params");
  assertEquals(
    learnerOf({ kind: "randomForest", categorical: [1] }).params.categorical,
    [1],
  );
});
