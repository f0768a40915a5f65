import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { ModelError } from "../../src/base/mod.ts";
import { gradientBoosting } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { type ModelColumns, onnxInputs, openModel } from "../../src/onnx_runtime/mod.ts";
import { classes, creditSample } from "../onnx/credit_sample.ts";

const sample = creditSample(200);
const { state, data } = sample;
const y = data.labels!.slice(0, sample.train.length);
const classifier = await gradientBoosting({ nEstimators: 5 })
  .fit(sample.XTrain, y, { classes: 3, seed: 1 });
const bytes = exportOnnx({
  state,
  classifier,
  labels: classes,
  name: "test",
  producerVersion: "0",
});

Deno.test("session: tells inputs and classes, predicts from a file as from bytes, in any threads", async () => {
  const path = await Deno.makeTempFile({ suffix: ".onnx" });
  try {
    await Deno.writeFile(path, bytes);
    const [one, two] = [await openModel(path), await openModel(bytes, { threads: 2 })];
    assertEquals(one.inputs, [
      { name: "Age", kind: "number" },
      { name: "Debt", kind: "number" },
      { name: "History", kind: "text" },
      { name: "Mix", kind: "text" },
      { name: "Job", kind: "text" },
      { name: "Loans", kind: "text" },
    ]);
    assertEquals(one.classes, classes);
    const inputs = onnxInputs(state, data);
    const [first, second] = [await one.predict(inputs), await two.predict(inputs)];
    assertEquals(first.labels, second.labels);
    // Another split of the rows may change the last bits of exp.
    first.probabilities.data.forEach((value, at) =>
      assertAlmostEquals(value, second.probabilities.data[at], 1e-6)
    );
    await Promise.all([one.close(), two.close()]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("session: null is missing, columns that are not read are ignored, no rows are no rows", async () => {
  const model = await openModel(bytes);
  const texts = { History: [null], Mix: [null], Job: [null], Loans: [null] };
  const empty = { History: [""], Mix: [""], Job: [""], Loans: [""] };
  assertEquals(
    await model.predict({ Age: [null], Debt: [null], ...texts, Other: ["x"] }),
    await model.predict({ Age: [NaN], Debt: [NaN], ...empty }),
  );
  const none = Object.fromEntries(model.inputs.map(({ name }) => [name, []]));
  const { labels, probabilities } = await model.predict(none);
  assertEquals([labels.length, probabilities.rows], [0, 0]);
  await model.close();
});

Deno.test("session: bad inputs are refused by name", async () => {
  const model = await openModel(bytes);
  const good = onnxInputs(state, data, Int32Array.of(0, 1));
  const refused = (change: Record<string, unknown>, message: string) =>
    assertRejects(
      () => model.predict({ ...good, ...change } as ModelColumns),
      ModelError,
      message,
    );
  await refused({ Job: undefined }, 'column "Job" is missing');
  await refused({ Job: ["Lawyer"] }, 'column "Job" has 1 rows, the first column has 2');
  await refused({ Job: ["Lawyer", 3] }, 'column "Job" holds 3 in row 2, wanted text');
  await refused({ Age: [1, "2"] }, 'column "Age" holds "2" in row 2, wanted a number');
  await model.close();
});

Deno.test("session: what is no model is refused", async () => {
  await assertRejects(() => openModel("no/such.onnx"), ModelError, "Cannot load no/such.onnx");
  await assertRejects(() => openModel(new Uint8Array(9)), ModelError, "Cannot load the model");
});
