/** Models of free text: native, in ONNX Runtime here and in Python, and explained by words. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { Random } from "../../src/base/mod.ts";
import {
  clean,
  type FeatureSet,
  featureSet,
  type FeatureState,
  fitTransform,
  freeText,
  number,
  oneHot,
  transform,
} from "../../src/features/mod.ts";
import {
  calibrated,
  type Classifier,
  type Learner,
  linearSvm,
  logisticRegression,
  predict,
  predictProba,
} from "../../src/learners/mod.ts";
import { checkParity, openExplainer, openModel } from "../../src/onnx_runtime/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { publicData, python } from "../integration/project.ts";
import { readTable } from "../../src/table/mod.ts";

const parts = { name: "texts", producerVersion: "0" };

const words: Record<string, string> = {
  card: "card lost stolen block new delivery wallet plastic pin",
  transfer: "transfer money send account pending bank recipient reverse late",
  loan: "loan interest rate borrow repay emi apply mortgage years",
};

/** Texts of three classes, which share some words. */
function madeUp(count: number, seed: number): { texts: string[]; labels: string[] } {
  const random = new Random(seed);
  const common = "i my the please can you how is with help".split(" ");
  const classes = Object.keys(words);
  const labels = Array.from({ length: count }, (_, i) => classes[i % classes.length]);
  const texts = labels.map((label) =>
    Array.from({ length: 3 + random.int(9) }, () => {
      const from = random.next() < 0.4 ? words[label].split(" ") : common;
      return from[random.int(from.length)];
    }).join(random.next() < 0.1 ? " , " : " ")
  );
  return { texts, labels };
}

const dirty = [
  "",
  "   ",
  "LOST!!",
  "?",
  "карта",
  "मेरा कार्ड",
  "😀",
  "\ud800 card",
  "card\u0000lost",
  "x".repeat(12_000),
];

async function fitted(learner: Learner<Classifier>, columns: FeatureSet["columns"], rows: number) {
  const { texts, labels } = madeUp(rows, 1);
  const random = new Random(2);
  const classes = Object.keys(words);
  const set = featureSet({ target: { column: "y", classes }, columns });
  const table = {
    rows,
    columns: {
      message: texts,
      amount: texts.map(() => random.next() < 0.1 ? null : random.int(100)),
      channel: texts.map(() => ["app", "phone", null][random.int(3)]),
      note: texts.toReversed(),
      y: labels,
    },
  };
  const { state, X } = fitTransform(set, clean(set, table, { target: "required" }));
  const y = Int32Array.from(labels, (label) => classes.indexOf(label));
  const model = await learner.fit(X, y, { classes: classes.length, seed: 1 });
  return { set, state, classes, model };
}

/** Raw rows to predict, with their native features. */
function probes(set: FeatureSet, state: FeatureState, texts: readonly string[]) {
  const columns = {
    message: [...texts],
    amount: texts.map((_, i) => i % 7 === 0 ? null : i),
    channel: texts.map((_, i) => ["app", "web", null][i % 3]),
    note: texts.toReversed(),
  };
  const inputs = Object.fromEntries(
    state.columns.map(({ name }) => [name, columns[name as "note"]]),
  );
  const data = clean(set, { rows: texts.length, columns: inputs }, { target: "none", state });
  return { inputs, X: transform(state, data) };
}

const mixed = {
  amount: number({ scale: "standard" }),
  message: freeText({ minCount: 1 }),
  channel: oneHot(),
  note: freeText({ letters: null, bits: 12 }),
};
const learners: [string, Learner<Classifier>, FeatureSet["columns"]][] = [
  ["linear SVM", linearSvm(), { message: freeText() }],
  ["calibrated linear SVM", calibrated(linearSvm(), { folds: 3 }), { message: freeText() }],
  ["logistic regression", logisticRegression({ C: 10 }), { message: freeText({ words: null }) }],
  ["two texts among other columns", logisticRegression(), mixed],
];
for (const [name, learner, columns] of learners) {
  Deno.test(`free text in the graph: ${name}`, async () => {
    const { set, state, classes, model } = await fitted(learner, columns, 180);
    const bytes = exportOnnx({ ...parts, state, classifier: model as never, labels: classes });
    const { inputs, X } = probes(set, state, [...madeUp(300, 9).texts, ...dirty]);
    const labels = await predict(model, X);
    const probabilities = await predictProba(model, X);
    await checkParity({ bytes, inputs, labels, probabilities });
    // A frame gives what a batch gives.
    const opened = await openModel(bytes);
    const frame = opened.frame(dirty.length);
    opened.inputs.forEach(({ name }, k) => {
      const values = inputs[name].slice(-dirty.length) as (string | number | null)[];
      values.forEach((value, i) =>
        (frame.columns[k] as unknown[])[i] = value ??
          (frame.columns[k] instanceof Float32Array ? NaN : "")
      );
    });
    const { labels: framed, scores } = await frame.predict();
    const last = labels.slice(-dirty.length);
    assertEquals(framed, Array.from(last, (label) => classes[label]));
    assertAlmostEquals(
      scores[0].at(-1)!,
      probabilities[X.rows - 1],
      1e-5,
    );
    assertEquals((await opened.predict({ ...inputs, ...emptied(inputs) })).labels, []);
    await opened.close();
  });

  Deno.test(`free text explained by words: ${name}`, async () => {
    const { set, state, classes, model } = await fitted(learner, columns, 180);
    const bytes = exportOnnx({ ...parts, state, classifier: model as never, labels: classes });
    const explainer = await openExplainer(bytes, { classes });
    const { inputs, X } = probes(set, state, [...madeUp(30, 5).texts, "card card lost", ...dirty]);
    const found = await explainer.explain(inputs);
    const labels = await predict(model, X);
    found.forEach(({ prediction, classes: scored }, row) => {
      assertEquals(prediction, classes[labels[row]]);
      for (const { score, base, features, columns } of Object.values(scored)) {
        for (const parts of [features, columns]) {
          const sum = Object.values(parts).reduce((sum, part) => sum + part, base);
          assertAlmostEquals(sum, score, 1e-4);
        }
      }
    });
    const moved = found[30].classes.card.features;
    assertEquals(
      Object.keys(moved).filter((name) => name.startsWith("message: ")),
      ["message: card", "message: lost"],
    );
    assert(moved["message: card"] > 0);
    await explainer.close();
  });
}

function emptied(inputs: Record<string, unknown[]>): Record<string, never[]> {
  return Object.fromEntries(Object.keys(inputs).map((name) => [name, []]));
}

/** Predicts in Python and compares: the same labels, probabilities within 1e-4. */
async function assertPython(
  bytes: Uint8Array,
  classes: readonly string[],
  texts: readonly string[],
  labels: Int32Array,
  probabilities: Float32Array,
) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(join(folder, "model.onnx"), bytes);
    await Deno.writeTextFile(join(folder, "texts.json"), JSON.stringify(texts));
    const script = join(dirname(fromFileUrl(import.meta.url)), "../python/predict_texts.py");
    const { stdout, stderr, success } = await new Deno.Command(python!, {
      args: [script, join(folder, "model.onnx"), "message", join(folder, "texts.json")],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const told = JSON.parse(new TextDecoder().decode(stdout));
    classes.forEach((name, k) =>
      texts.forEach((text, row) =>
        assertAlmostEquals(
          told.probabilities[`probability_${name}`][row],
          probabilities[k * texts.length + row],
          1e-4,
          text.slice(0, 60),
        )
      )
    );
    assertEquals(told.labels, Array.from(labels, (label) => classes[label]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    "free text in the graph: Python's ONNX Runtime predicts the same of 1,000 texts (needs .venv)",
  ignore: python === undefined,
  async fn() {
    const learner = calibrated(linearSvm(), { folds: 3 });
    const { set, state, classes, model } = await fitted(learner, { message: freeText() }, 300);
    const bytes = exportOnnx({ ...parts, state, classifier: model as never, labels: classes });
    const texts = [...madeUp(990, 7).texts, ...dirty.map((one) => one.slice(0, 9000))];
    const { inputs, X } = probes(set, state, texts);
    const [labels, probabilities] = [await predict(model, X), await predictProba(model, X)];
    await checkParity({ bytes, inputs, labels, probabilities });
    await assertPython(bytes, classes, texts, labels, probabilities);
  },
});

const folder = await publicData("banking77/train.csv");
Deno.test({
  name:
    "free text: intents of a bank's customers, the same everywhere (needs ../shared/data, needs .venv)",
  ignore: folder === undefined || python === undefined,
  async fn() {
    const train = await readTable(folder!);
    const test = await readTable(join(dirname(folder!), "test.csv"));
    const classes = [...new Set(train.columns.category as string[])].sort();
    const set = featureSet({
      target: { column: "category", classes },
      columns: { message: freeText() },
    });
    const some = Array.from({ length: train.rows }, (_, i) => i).filter((i) => i % 10 === 0);
    const pick = (values: readonly unknown[]) => some.map((i) => values[i]) as string[];
    const { text: texts, category } = train.columns;
    const learned = clean(set, {
      rows: some.length,
      columns: { message: pick(texts), category: pick(category) },
    }, { target: "required" });
    const { state, X } = fitTransform(set, learned);
    const model = await linearSvm({ C: 2, tol: 1e-2 })
      .fit(X, learned.labels!, { classes: classes.length, seed: 1 });
    const asked = { rows: test.rows, columns: { message: test.columns.text } };
    const held = clean(set, asked, { target: "none", state });
    const Z = transform(state, held);
    const [labels, probabilities] = [await predict(model, Z), await predictProba(model, Z)];
    const bytes = exportOnnx({ ...parts, state, classifier: model, labels: classes });
    const first = Int32Array.from({ length: 1000 }, (_, i) => 3 * i);
    const chosen = Array.from(first, (row) => test.columns.text[row] as string);
    const own = Float32Array.from(
      { length: classes.length * 1000 },
      (_, at) => probabilities[Math.floor(at / 1000) * test.rows + first[at % 1000]],
    );
    const ownLabels = first.map((row) => labels[row]);
    await checkParity({
      bytes,
      inputs: { message: chosen },
      labels: ownLabels,
      probabilities: own,
    });
    await assertPython(bytes, classes, chosen, ownLabels, own);
  },
});
