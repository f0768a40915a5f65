/** Detectors of anomalies as ONNX files: the native score everywhere. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { detectorOf, type TreeDetector } from "../../src/anomaly/mod.ts";
import { Random } from "../../src/base/mod.ts";
import { clean, featureSet, fit, number, transform } from "../../src/features/mod.ts";
import { exportRegression } from "../../src/onnx/mod.ts";
import { onnxInputs, openRegression, readRowModel, rowModel } from "../../src/onnx_runtime/mod.ts";
import { predictNumbers } from "../../src/trees/mod.ts";

const root = fromFileUrl(new URL("../..", import.meta.url));
const python = join(root, ".venv/bin/python");
const hasPython = await Deno.stat(python).then(() => true, () => false);

/** Scores are in (0, 1] or some tens: Float32 sums of 100 leaves in another order. */
const TOLERANCE = { isolationForest: 1e-6, ecod: 1e-5 };

const random = new Random(8);
const names = ["a", "b", "c"];
const cells = names.map((_, j) =>
  Array.from(
    { length: 700 },
    (_, i) => i % 41 === j ? null : Math.fround(Math.exp(random.normal()) * 10 ** j),
  )
);
const set = featureSet({
  target: { column: "y", classes: ["0", "1"] },
  columns: Object.fromEntries(names.map((name) => [name, number({ missing: "keep" })])),
});
const table = {
  rows: 700,
  columns: Object.fromEntries(names.map((name, j) => [name, cells[j]])),
};
const data = clean(set, table, { target: "none" });
const state = fit(set, data);
const X = transform(state, data);
const inputs = onnxInputs(state, data);

for (const kind of ["isolationForest", "ecod"] as const) {
  const model = await detectorOf({ kind }).fit(X, { seed: 2 }) as TreeDetector;
  const native = await predictNumbers(model.trees, X);
  const same = (found: ArrayLike<number>, where: string) => {
    assertEquals(found.length, native.length);
    native.forEach((score, i) =>
      assert(Math.abs(found[i] - score) <= TOLERANCE[kind], `${where} row ${i}: ${found[i]}`)
    );
  };
  const exported = (operators: "current" | "older") =>
    exportRegression({ state, name: "test", producerVersion: "1", model, operators });

  for (const operators of ["current", "older"] as const) {
    Deno.test(`export: ${kind} scores as natively, by ${operators} operators`, async () => {
      const bytes = exported(operators);
      const opened = await openRegression(bytes);
      same(await opened.predict(inputs), "ONNX Runtime");
      const predict = rowModel((await readRowModel(bytes, state, opened))!);
      same(
        native.map((_, i) => predict(names.map((name) => inputs[name][i] as number))[0]),
        "by row",
      );
      await opened.close();
    });
  }

  Deno.test({
    name: `export: ${kind} scores as natively in Python (needs .venv)`,
    ignore: !hasPython,
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        const [path, rows] = [join(folder, "m.onnx"), join(folder, "rows.json")];
        await Deno.writeFile(path, exported("older"));
        const asked = Object.fromEntries(
          names.map((name, j) => [name, cells[j]]),
        );
        await Deno.writeTextFile(rows, JSON.stringify(asked));
        const script = join(root, "tests/python/predict_onnx.py");
        const { stdout, stderr, success } = await new Deno.Command(python, {
          args: [script, path, rows],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        const said = JSON.parse(new TextDecoder().decode(stdout));
        same(said.runtime.prediction, "Python's ONNX Runtime");
        same(said.reference.prediction, "ONNX's reference");
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
