/** Targets far from zero, large and small: learned, predicted and exported alike. */

import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { DataError } from "../../src/base/mod.ts";
import { clean, featureSet, fit, number } from "../../src/features/mod.ts";
import {
  gradientBoostingRegressor,
  linearRegression,
  loadRegression,
  predictValues,
  randomForestRegressor,
  type RegressionModel,
  type Regressor,
  saveModel,
} from "../../src/learners/mod.ts";
import { r2Score } from "../../src/metrics/mod.ts";
import { checkRegressionParity, openRegression } from "../../src/onnx_runtime/mod.ts";
import { exportRegression } from "../../src/onnx/mod.ts";
import { column, matrixFromRows, takeRows } from "../../src/dataset/mod.ts";
import fixture from "../learners/fixtures/offsets.json" with { type: "json" };

const root = fromFileUrl(new URL("../..", import.meta.url));
const python = join(root, ".venv/bin/python");
const pythonMissing = !await Deno.stat(python).then(() => true, () => false);

const all = matrixFromRows(fixture.X);
const rows = (from: number, to: number) =>
  Int32Array.from({ length: to - from }, (_, i) => from + i);
const X = takeRows(all, rows(0, fixture.train));
const XTest = takeRows(all, rows(fixture.train, all.rows));
const inputs = { a: column(XTest, 0), b: column(XTest, 1) };
const set = featureSet({
  target: { column: "none", classes: ["no", "yes"] },
  columns: { a: number(), b: number() },
});
const table = { rows: XTest.rows, columns: { a: [...inputs.a], b: [...inputs.b] } };
const state = fit(set, clean(set, table, { target: "none" }));
const exported = (model: RegressionModel) =>
  exportRegression({ state, name: "far", producerVersion: "1.2.3", model });

const offsets = [0, 1e3, -1e6, 1e8, 1e9];
const scales = [1e-6, 1, 1e6];
const learners: Record<string, Regressor<RegressionModel>> = {
  forest: randomForestRegressor({ nEstimators: 60 }),
  depthwise: gradientBoostingRegressor({ maxDepth: 4 }),
  leafwise: gradientBoostingRegressor({ numLeaves: 31 }),
};

/** Targets of the training rows and of the others. */
const targets = (offset: number, scale: number) => {
  const y = Float64Array.from(fixture.target, (value) => offset + scale * value);
  return [y.subarray(0, fixture.train), y.subarray(fixture.train)] as const;
};

for (const [name, regressor] of Object.entries(learners)) {
  for (const offset of offsets) {
    Deno.test(`far from zero: ${name} explains what LightGBM does, offset ${offset}`, async () => {
      for (const scale of scales) {
        const [y, yTest] = targets(offset, scale);
        const model = await regressor.fit(X, y, { seed: 1 });
        const values = await predictValues(model, XTest);
        const r2 = r2Score(yTest, values);
        assertAlmostEquals(r2, fixture.r2, 0.005, `scale ${scale}`);
        assertEquals(await predictValues(loadRegression(saveModel(model)), XTest), values);
        const bytes = exported(model);
        await checkRegressionParity({ bytes, inputs, values });
        // The same, not by the check that is tested here: 1e-5 of the target's deviation, which
        // is `scale`, and the last bit of a Float64.
        const onnx = await openRegression(bytes);
        (await onnx.predict(inputs)).forEach((value, i) =>
          assertAlmostEquals(value, values[i], 1e-5 * scale + Math.abs(offset) * 2 ** -52)
        );
        await onnx.close();
      }
    });
  }
}

Deno.test("far from zero: the same model at every scale", async () => {
  // Powers of two change no digit, so what is learned must not change either.
  const [y] = targets(0, 1);
  for (const regressor of Object.values(learners)) {
    const values = await predictValues(await regressor.fit(X, y, { seed: 3 }), XTest);
    for (const scale of [2 ** 40, 2 ** -30]) {
      const moved = y.map((value) => scale * value);
      const found = await predictValues(await regressor.fit(X, moved, { seed: 3 }), XTest);
      assertEquals(found.map((value) => value / scale), values);
    }
  }
});

Deno.test("far from zero: a line finds its slope", async () => {
  for (const offset of [1e9, -1e12]) {
    const y = Float64Array.from(column(X, 0), (value) => offset + 1e-2 * value);
    const model = await linearRegression().fit(X, y, { seed: 1 });
    assert(model.kind === "LinearRegression");
    // Targets have steps of 1e-7 (2 ** -13 at 1e12), which 1,200 rows average out.
    assertAlmostEquals(model.coefficients[0], 1e-2, Math.abs(offset) * 2 ** -52 * 0.3);
    const values = await predictValues(model, XTest);
    await checkRegressionParity({ bytes: exported(model), inputs, values });
  }
});

Deno.test("far from zero: penalties and limits are in units of the target", async () => {
  const [y] = targets(0, 1);
  const [large] = targets(0, 1024);
  const of = (params: object, target: Float64Array) =>
    gradientBoostingRegressor({ nEstimators: 5, ...params }).fit(X, target, { seed: 1 });
  const plain = await of({ regAlpha: 3, gamma: 2 }, y);
  const scaled = await of({ regAlpha: 3 * 1024, gamma: 2 * 1024 ** 2 }, large);
  assertEquals(scaled.trees.threshold, plain.trees.threshold);
  const unscaled = await of({ regAlpha: 3, gamma: 2 }, large);
  assert(unscaled.trees.feature.length > plain.trees.feature.length);
  // Validation is scaled alike: the curve is in units of the target.
  const validation = { X: XTest, y: targets(1e6, 1024)[1] };
  const { curve } = await gradientBoostingRegressor({ nEstimators: 50 })
    .fit(X, targets(1e6, 1024)[0], { seed: 1, validation });
  assert(curve!.validation.at(-1)! < 0.1 * 1024 && curve!.validation[0] > 0.5 * 1024);
  assert(curve!.train.at(-1)! < 0.1 * 1024 && curve!.train[0] > 0.5 * 1024);
});

Deno.test("far from zero: small weights change no split", async () => {
  const [y] = targets(0, 1);
  const params = { nEstimators: 5, minChildWeight: 0, regLambda: 0 };
  const of = (weight: number) =>
    gradientBoostingRegressor(params)
      .fit(X, y, { seed: 1, sampleWeight: new Float32Array(X.rows).fill(weight) });
  assertEquals((await of(2 ** -30)).trees.threshold, (await of(1)).trees.threshold);
});

Deno.test("far from zero: a row without weight has no say, however far out", async () => {
  const [y] = targets(0, 1);
  const sampleWeight = new Float32Array(X.rows).fill(1).fill(0, 0, 3);
  const of = async (out: number, regressor: Regressor<RegressionModel>) => {
    const target = y.map((value, i) => i < 3 ? out : value);
    return await predictValues(await regressor.fit(X, target, { seed: 1, sampleWeight }), XTest);
  };
  for (const regressor of [...Object.values(learners), linearRegression()]) {
    assertEquals(await of(-1e30, regressor), await of(0, regressor));
  }
});

Deno.test("far from zero: targets that Float32 cannot hold are refused", async () => {
  const some = targets(0, 1)[0];
  for (const regressor of [...Object.values(learners), linearRegression()]) {
    for (const [first, step] of [[1e39, 0], [-1e300, 1], [0, 1e-200]]) {
      const y = some.map((_, i) => first + step * i);
      const error = await assertRejects(
        () => regressor.fit(X, y, { seed: 1 }),
        DataError,
        "which Float32 cannot hold",
      );
      assert(error.next?.includes("another unit"));
    }
  }
});

Deno.test({
  name: "far from zero: Python's ONNX Runtime predicts the same doubles (needs .venv)",
  ignore: pythonMissing,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const given = Object.fromEntries(
      Object.entries(inputs).map(([name, values]) => [name, [...values.subarray(0, 40)]]),
    );
    const cases: [Regressor<RegressionModel>, number, number][] = [
      [learners.forest, 1e9, 1],
      [learners.leafwise, -1e9, 1e-6],
      [linearRegression(), 1e9, 1e-3],
    ];
    try {
      await Deno.writeTextFile(join(folder, "inputs.json"), JSON.stringify(given));
      for (const [regressor, offset, scale] of cases) {
        const model = await regressor.fit(X, targets(offset, scale)[0], { seed: 1 });
        const values = await predictValues(model, XTest);
        await Deno.writeFile(join(folder, "model.onnx"), exported(model));
        const script = join(root, "tests/python/predict_onnx.py");
        const { success, stdout, stderr } = await new Deno.Command(python, {
          args: [script, join(folder, "model.onnx"), join(folder, "inputs.json")],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        const found = JSON.parse(new TextDecoder().decode(stdout));
        assertEquals(found.outputs.prediction[0], "tensor(double)");
        for (const side of ["runtime", "reference"]) {
          assertEquals(found[side].prediction.length, 40);
          (found[side].prediction as number[]).forEach((value, i) =>
            assertAlmostEquals(
              value,
              values[i],
              1e-5 * scale + Math.abs(offset) * 2 ** -52,
              `${side}, ${regressor.name}, row ${i}`,
            )
          );
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
