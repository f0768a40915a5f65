import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { ModelError, WorkerPool } from "../../src/base/mod.ts";
import { type ShapValues, treeShap } from "../../src/explain/mod.ts";
import { type Matrix, matrixFromRows } from "../../src/dataset/mod.ts";
import { categorySets, scores, type TreeEnsemble, validateEnsemble } from "../../src/trees/mod.ts";
import categorical from "../learners/fixtures/categorical.json" with { type: "json" };
import fixture from "./fixtures/shap.json" with { type: "json" };

// Ours are kept as Float32, and covers and leaves are Float32 too: a value of
// about 1 then agrees to 1e-6. XGBoost's own sums, which shap takes over for
// its models, are Float32 throughout and agree to about 1e-5.
const FLOAT32 = 2e-5;

type Case = (typeof fixture.cases)[number];

function ensembleOf({ trees }: Case): TreeEnsemble {
  const ensemble = {
    ...trees,
    roots: Int32Array.from(trees.roots),
    feature: Int32Array.from(trees.feature),
    threshold: Float32Array.from(trees.threshold),
    left: Int32Array.from(trees.left),
    right: Int32Array.from(trees.right),
    missingLeft: Uint8Array.from(trees.missingLeft),
    cover: Float32Array.from(trees.cover),
    leaves: Float32Array.from(trees.leaves),
    treeOutput: Int32Array.from<number>(trees.treeOutput),
    base: Float32Array.from(trees.base),
    link: trees.link as TreeEnsemble["link"],
  };
  validateEnsemble(ensemble);
  return ensemble;
}

const rowsOf = ({ X }: Case) => matrixFromRows(X.map((row) => row.map((value) => value ?? NaN)));

/** Rows from which tables stand in for integrals, and pieces are made, whatever the tree. */
const many = 9000;

/** Explains few rows, and so many that tables are used: both must say the same. */
async function explained(trees: TreeEnsemble, X: Matrix): Promise<ShapValues> {
  const found = await treeShap(trees, X);
  const times = Math.ceil(many / X.rows);
  const rows = times * X.rows;
  const data = new Float32Array(rows * X.columns);
  for (let j = 0; j < X.columns; j++) {
    const column = X.data.subarray(j * X.rows, (j + 1) * X.rows);
    for (let copy = 0; copy < times; copy++) data.set(column, j * rows + copy * X.rows);
  }
  const again = await treeShap(trees, { ...X, rows, data });
  assertEquals(again.base, found.base);
  again.values.forEach((value, at) => {
    const [series, row] = [Math.floor(at / rows), at % rows % X.rows];
    assertAlmostEquals(value, found.values[series * X.rows + row], 2e-6);
  });
  return found;
}

for (const given of fixture.cases) {
  Deno.test(`treeShap: the values of the shap package, ${given.name}`, async () => {
    const { values, base, ...shape } = await explained(ensembleOf(given), rowsOf(given));
    assertEquals(shape, {
      rows: given.X.length,
      features: given.trees.features,
      outputs: given.trees.outputs,
    });
    assertEquals(values.length, given.values.length);
    values.forEach((value, i) => assertAlmostEquals(value, given.values[i], FLOAT32));
    base.forEach((value, k) => assertAlmostEquals(value, given.expected[k], FLOAT32));
  });

  Deno.test(`treeShap: values and base add up to the score, ${given.name}`, async () => {
    const trees = ensembleOf(given);
    const X = rowsOf(given);
    const { values, base, features, outputs, rows } = await treeShap(trees, X);
    const wanted = await scores(trees, X);
    for (let k = 0; k < outputs; k++) {
      for (let i = 0; i < rows; i++) {
        let sum = base[k];
        for (let j = 0; j < features; j++) sum += values[(k * features + j) * rows + i];
        assertAlmostEquals(sum, wanted[k * rows + i], FLOAT32);
      }
    }
  });
}

Deno.test("treeShap: the same with and without workers, with progress up to 1", async () => {
  await using pool = new WorkerPool(2);
  const boosting = fixture.cases.at(-1)!;
  const lot = {
    ...boosting,
    X: Array.from({ length: many }, (_, i) => boosting.X[i % boosting.X.length]),
  };
  for (const given of [fixture.cases[0], lot]) {
    const heard: number[] = [];
    const onProgress = (done: number) => heard.push(done);
    const there = await treeShap(ensembleOf(given), rowsOf(given), { pool, onProgress });
    assertEquals(there, await treeShap(ensembleOf(given), rowsOf(given)));
    assertEquals(heard.at(-1), 1);
    assert(heard.every((done, i) => i === 0 || heard[i - 1] <= done));
  }
});

Deno.test("treeShap: by its definition where no training row went one way", async () => {
  // x₀ ≤ 0 (all rows of training), then x₁ ≤ 0 (a quarter of them).
  const trees = ensembleOf({
    ...fixture.cases[0],
    trees: {
      ...{ features: 3, outputs: 1, leafWidth: 1, base: [10], scale: 2, link: "identity" },
      roots: [0, 5],
      feature: [0, 1, -1, -1, -1, -1],
      threshold: [0, 0, 0, 0, 0, 0],
      left: [1, 2, 0, 1, 2, 3],
      right: [4, 3, 0, 0, 0, 0],
      missingLeft: [0, 1, 0, 0, 0, 0],
      cover: [8, 8, 2, 6, 0, 8],
      leaves: [4, 8, 100, 5],
      treeOutput: [],
    },
  });
  const { base, values } = await explained(trees, matrixFromRows([[-1, NaN, 3], [1, 1, 3]]));
  // Nothing known: (4 + 3 × 8) / 4 = 7, and the tree that is only a leaf gives 5.
  assertEquals([...base], [10 + 2 * (7 + 5)]);
  // Row 0 goes left twice: knowing x₀ changes nothing, knowing x₁ gives 4 − 7.
  // Row 1 goes right at once: x₁ alone gives 8 − 7, x₀ alone or both give 100;
  // means over both orders: x₀ (93 + 92) / 2, x₁ (1 + 0) / 2.
  assertEquals([...values], [0, 2 * 92.5, 2 * -3, 2 * 0.5, 0, 0]);
});

Deno.test("treeShap: no rows, no values", async () => {
  const trees = ensembleOf(fixture.cases[0]);
  const X = { rows: 0, columns: trees.features, data: new Float32Array(0) };
  assertEquals((await treeShap(trees, X)).values.length, 0);
});

Deno.test("treeShap: refuses rows of other columns", async () => {
  const trees = ensembleOf(fixture.cases[0]);
  const run = () => treeShap(trees, matrixFromRows([[1, 2]]));
  await assertRejects(run, ModelError, "the rows have 2 columns, the trees read 6");
});

for (const { kind, params, trees, contributions } of categorical.cases) {
  Deno.test(`treeShap: what LightGBM's pred_contrib tells of sets of categories, ${kind}, ${JSON.stringify(params)}`, async () => {
    const outputs = kind === "classes" ? 3 : 1;
    const ensemble: TreeEnsemble = {
      ...{ features: 3, outputs, leafWidth: 1, scale: 1, link: "identity" },
      roots: Int32Array.from(trees.roots),
      feature: Int32Array.from(trees.feature),
      threshold: Float32Array.from(trees.threshold),
      left: Int32Array.from(trees.left),
      right: Int32Array.from(trees.right),
      missingLeft: Uint8Array.from(trees.missingLeft),
      sets: categorySets(trees.members.map((members) => members ?? undefined)),
      cover: Float32Array.from(trees.cover),
      leaves: Float32Array.from(trees.leaves),
      treeOutput: Int32Array.from<number>(trees.treeOutput),
      base: new Float32Array(outputs),
    };
    validateEnsemble(ensemble);
    const X = matrixFromRows(
      categorical.X_test.slice(0, contributions.length).map((row) =>
        row.map((value) => value ?? NaN)
      ),
    );
    const { values, base } = await explained(ensemble, X);
    contributions.forEach((wanted, i) => {
      for (let k = 0; k < outputs; k++) {
        for (let j = 0; j < 3; j++) {
          const found = values[(k * 3 + j) * X.rows + i];
          assertAlmostEquals(found, wanted[4 * k + j], FLOAT32);
        }
        assertAlmostEquals(base[k], wanted[4 * k + 3], FLOAT32);
      }
    });
  });
}
