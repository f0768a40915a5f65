/** Every kind of column under every family of learners: native, in ONNX Runtime, row by row, in Python. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { DataError, Random } from "../../src/base/mod.ts";
import {
  categoricalFeatures,
  type Cell,
  clean,
  type ColumnSpec,
  featureSet,
  fitTransform,
  kindOf,
  ratio,
  type RawValue,
  transform,
} from "../../src/features/mod.ts";
import {
  calibrated,
  type Classifier,
  dummy,
  dummyRegressor,
  elasticNet,
  extraTrees,
  gradientBoosting,
  gradientBoostingRegressor,
  type Learner,
  linearRegression,
  linearSvm,
  logisticRegression,
  predict,
  predictProba,
  predictValues,
  randomForest,
  randomForestRegressor,
  type RegressionModel,
  type Regressor,
} from "../../src/learners/mod.ts";
import {
  checkParity,
  checkRegressionParity,
  openModel,
  probeRows,
  readRowModel,
} from "../../src/onnx_runtime/mod.ts";
import { exportOnnx, exportRegression } from "../../src/onnx/mod.ts";
import { python } from "../integration/project.ts";
import { cases } from "./kind_cases.ts";

const classes = ["no", "yes"];

/** 120 rows of the cells of each column, mixed, and a label that depends on the first. */
function learned(columns: Record<string, readonly [spec: ColumnSpec, cells: readonly Cell[]]>) {
  const random = new Random(5);
  const places = Object.values(columns).map(() =>
    Array.from({ length: 120 }, () => random.int(12))
  );
  const set = featureSet({
    target: { column: "y", classes },
    columns: Object.fromEntries(Object.entries(columns).map(([name, [spec]]) => [name, spec])),
    ...("kept" in columns && { derived: { share: ratio("kept", "plain", { missing: "keep" }) } }),
  });
  const y = places[0].map((at) => classes[Number((at % 3 === 0) !== (random.next() < 0.1))]);
  const cells = Object.entries(columns).map(([name, [, cells]], k) =>
    [name, places[k].map((at) => cells[at])] as const
  );
  const table = { rows: 120, columns: { ...Object.fromEntries(cells), y } };
  const data = clean(set, table, { target: "required" });
  return { set, labels: data.labels!, ...fitTransform(set, data) };
}

type Learned = ReturnType<typeof learned>;

/** Rows that touch all borders, all thresholds of the trees, and dirt; with their native features. */
function probes({ set, state }: Learned, thresholds: Iterable<number> = []) {
  const rows = probeRows(state, 400);
  const more = state.columns.map((column) => [
    ...kindOf(column).borders(column),
    ...(kindOf(column).input(column).kind === "number" ? thresholds : []),
  ]);
  for (let i = 0; i < Math.max(...more.map((values) => values.length)); i++) {
    rows.push(more.map((values) => values[i % values.length]));
  }
  const values = (at: number) => rows.map((row) => row[at]);
  const columns = Object.fromEntries(
    state.columns.map(({ name }, at) => [name, values(at) as RawValue[]]),
  );
  const X = transform(state, clean(set, { rows: rows.length, columns }, { target: "none", state }));
  return { X, inputs: columns as Record<string, string[]> };
}

/** Settings under which a few rows are enough to split categories. */
const small = { catSmooth: 1, catL2: 0, minDataPerGroup: 1, maxCatToOnehot: 2 };

/** Each family; trees are told which features are codes of categories. */
const classifiers: readonly ((categorical: readonly number[]) => Learner<Classifier>)[] = [
  (categorical) => randomForest({ nEstimators: 5, categorical }),
  (categorical) => gradientBoosting({ nEstimators: 5, categorical, ...small }),
  (categorical) => extraTrees({ nEstimators: 5, categorical }),
  () => logisticRegression(),
  () => linearSvm(),
  () => calibrated(linearSvm(), { folds: 3 }),
  () => dummy(),
];
/** Those that read columns of texts; all others refuse them. */
const readers = classifiers.slice(3);
const parts = { name: "kinds", producerVersion: "0" };

async function assertClassifier(found: Learned, make: (typeof classifiers)[number]) {
  const { state, X, labels } = found;
  const classifier = await make(categoricalFeatures(state)).fit(X, labels, { classes: 2, seed: 1 });
  const bytes = exportOnnx({ ...parts, state, classifier: classifier as never, labels: classes });
  const thresholds = "trees" in classifier ? classifier.trees.threshold : [];
  const { X: probed, inputs } = probes(found, thresholds);
  const native = await predict(classifier, probed);
  const probabilities = await predictProba(classifier, probed);
  await checkParity({ bytes, inputs, labels: native, probabilities });
  const model = await openModel(bytes);
  const rowModel = await readRowModel(bytes, state, model);
  await model.close();
  assertEquals(rowModel !== undefined, "trees" in classifier);
  return { bytes, inputs, native, probabilities };
}

const treeRegressors: readonly ((
  categorical: readonly number[],
) => Regressor<RegressionModel>)[] = [
  (categorical) => randomForestRegressor({ nEstimators: 5, categorical }),
  (categorical) => gradientBoostingRegressor({ nEstimators: 5, categorical, ...small }),
];

async function assertRegressions(found: Learned, regressors: typeof treeRegressors) {
  const { state, X, labels } = found;
  const y = Float64Array.from(labels, (label, i) => 10 * label + i % 7);
  const categorical = categoricalFeatures(state);
  for (const make of regressors) {
    const model = await make(categorical).fit(X, y, { seed: 1 });
    const bytes = exportRegression({ ...parts, state, model });
    const { X: probed, inputs } = probes(found, "trees" in model ? model.trees.threshold : []);
    await checkRegressionParity({ bytes, inputs, values: await predictValues(model, probed) });
  }
}

for (const [name, spec, cells] of cases) {
  Deno.test(`kinds and learners: ${name}`, async () => {
    const found = learned({ x: [spec, cells] });
    if (found.X.bags !== undefined) {
      for (const make of readers) await assertClassifier(found, make);
      const { X, labels } = found;
      for (const make of classifiers.slice(0, 3)) {
        const learner = make([]);
        await assertRejects(
          async () => await learner.fit(X, labels, { classes: 2, seed: 1 }),
          DataError,
          "holds texts",
        );
      }
      const y = Float64Array.from(labels);
      for (const regressor of [linearRegression(), elasticNet(), randomForestRegressor()]) {
        await assertRejects(
          async () => await regressor.fit(X, y, { seed: 1 }),
          DataError,
          "holds texts",
        );
      }
      return;
    }
    for (const make of classifiers) await assertClassifier(found, make);
    await assertRegressions(found, [
      ...treeRegressors,
      () => linearRegression(),
      () => elasticNet({ alpha: 0.01 }),
      () => dummyRegressor({ strategy: "median" }),
    ]);
  });
}

const name =
  "kinds and learners: all kinds at once, and Python's ONNX Runtime agrees (needs .venv)";
Deno.test({ name, ignore: python === undefined }, async () => {
  const [, plain, numbers] = cases.find(([name]) => name === "number")!;
  const [, kept] = cases.find(([name]) => name.includes('number {"missing":"keep"}'))!;
  const found = learned({
    plain: [plain, numbers],
    kept: [kept, numbers],
    // Texts are hashed before they are fed; tests/onnx/free_text_test.ts tries them in Python.
    ...Object.fromEntries(
      cases.filter(([, { kind }]) => kind !== "freeText")
        .map(([, spec, cells], k) => [`c${k}`, [spec, cells] as const]),
    ),
  });
  await assertRegressions(found, treeRegressors);
  const folder = await Deno.makeTempDir();
  const root = fromFileUrl(new URL("../..", import.meta.url));
  try {
    for (const make of classifiers) {
      const { bytes, inputs, native, probabilities } = await assertClassifier(found, make);
      await Deno.writeFile(`${folder}/model.onnx`, bytes);
      // JSON has no infinity; a number beyond Float32 is one too.
      const texts = JSON.stringify(
        inputs,
        (_, value) => value === Infinity ? 1e39 : value === -Infinity ? -1e39 : value,
      );
      await Deno.writeTextFile(`${folder}/rows.json`, texts);
      const { stdout, stderr, success } = await new Deno.Command(python!, {
        args: [
          `${root}tests/python/predict_onnx.py`,
          `${folder}/model.onnx`,
          `${folder}/rows.json`,
        ],
      }).output();
      assert(success, new TextDecoder().decode(stderr));
      const told = JSON.parse(new TextDecoder().decode(stdout));
      const { label, probability_yes } = told.runtime;
      const rows = native.length;
      for (let row = 0; row < rows; row++) {
        const own = probabilities[rows + row];
        assert(Math.abs(own - probability_yes[row]) <= 1e-5, `row ${row}`);
        // Within rounding of a tie either class may come out ahead.
        if (Math.abs(own - 0.5) > 1e-6) assertEquals(label[row], classes[native[row]]);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
