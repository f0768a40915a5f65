/**
 * What every server of texts serves and is asked: a model of intents and one of entities, learned
 * from made-up messages, in a models folder; the messages, for peers to learn from; and others.
 */

import {
  clean,
  type CleanData,
  type FeatureSet,
  type FeatureState,
  fit,
  flatTruth,
  inputSchema,
  type TextColumn,
  tokenRows,
  type TokensState,
  transform,
} from "../../src/features/mod.ts";
import { calibrated, crf, linearSvm, spanOrder, tagNames } from "../../src/learners/mod.ts";
import { spansOfTags } from "../../src/metrics/mod.ts";
import { exportOnnx, exportSpans } from "../../src/onnx/mod.ts";
import { openModel, openSpans } from "../../src/onnx_runtime/mod.ts";
import { type ModelTask, saveBundle, taskOfLabels } from "../../src/registry/mod.ts";
import { readTable, type Table } from "../../src/table/mod.ts";
import { tokensOf } from "../../src/text/mod.ts";
import { intentFeatures } from "../../pipelines/intent/columns.ts";
import { madeUpMessages } from "../../pipelines/intent/generate.ts";
import { nerFeatures } from "../../pipelines/ner/columns.ts";
import { madeUpPayments } from "../../pipelines/ner/generate.ts";
import { writeCommands } from "./server_commands.ts";
import { sideArguments } from "./side.ts";

/** A text and what our model says of it. */
interface AskedText {
  readonly record: { readonly text: string };
  readonly label: string;
}

const ASKED = 256;
const SEED = 42;

const { folder, rows } = sideArguments();
await serveIntents();
await serveEntities();
await writeCommands(folder, ["--access-log", "info"]);

async function serveIntents(): Promise<void> {
  const set = intentFeatures(false);
  const { classes: labels } = set.target;
  const table = await tableOf("intent", madeUpMessages(rows, SEED));
  const data = clean(set, table, { target: "required" });
  const state = fit(set, data);
  const classifier = await calibrated(linearSvm({ C: 0.3 }), { method: "sigmoid" })
    .fit(transform(state, data), data.labels!, { classes: labels.length, seed: SEED });
  const onnx = exportOnnx({ state, classifier, labels, name: "intent", producerVersion: "bench" });
  await save("intent", onnx, state, taskOfLabels(labels), labels);
  const model = await openModel(onnx);
  const texts = await textsToAsk(madeUpMessages(ASKED, SEED + 1));
  const found = (await model.predict({ text: texts })).labels;
  await model.close();
  await writeJson("asked_intent", texts.map((text, i) => ({ record: { text }, label: found[i] })));
  const { text, intent } = table.columns;
  await writeJson("learned_intent", text.map((one, i) => ({ text: one, intent: intent[i] })));
}

async function serveEntities(): Promise<void> {
  const set: FeatureSet<typeof nerFeatures.target> = nerFeatures;
  const { labels, values } = set.target;
  const table = await tableOf("ner", madeUpPayments(rows, SEED));
  const data = clean(set, table, { target: "required" });
  const state = fit(set, data);
  const all = rowsOf(data);
  const column = data.columns.text as TextColumn;
  const model = await crf().fit(
    tokenRows(state.columns[0] as TokensState, column, all),
    flatTruth(column, data.spans!, all).filter((tag) => tag >= 0),
    { order: spanOrder(labels.length), seed: SEED },
  );
  const tags = tagNames(labels);
  const onnx = exportSpans({ state, model, tags, name: "ner", producerVersion: "bench" });
  const task: ModelTask = { kind: "spans", column: "entities", labels, ...values && { values } };
  await save("ner", onnx, state, task, []);
  const opened = await openSpans(onnx);
  const asked: AskedText[] = [];
  for (const text of await textsToAsk(madeUpPayments(ASKED, SEED + 1))) {
    const [, ...said] = await opened.predict({ text: [text] });
    const { starts, ends } = tokensOf(text, "words");
    const label = spansOfTags(said).map(({ first, last, label }) =>
      `${starts[first]}-${ends[last]} ${labels[label]}`
    ).join(" ");
    asked.push({ record: { text }, label });
  }
  await opened.close();
  await writeJson("asked_ner", asked);
  const { text, entities } = table.columns;
  await writeJson(
    "learned_ner",
    text.map((one, i) => ({ text: one, entities: JSON.parse(entities[i] as string) })),
  );
}

function rowsOf({ rows }: CleanData): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

async function save(
  name: string,
  onnx: Uint8Array,
  state: FeatureState,
  task: ModelTask,
  class_labels: readonly string[],
): Promise<void> {
  await saveBundle(`${folder}/models`, onnx, new Date(), (version, digest) => ({
    ...{ model_name: name, name, version, timestamp: new Date().toISOString() },
    ...{ model_digest: digest, metrics: {}, feature_columns: state.features, task, class_labels },
    ...{ input_schema: inputSchema(state), feature_state: state, data_digest: "" },
    ...{ run_id: null, git_commit: null, package_versions: {}, reference_statistics: {} },
  }));
}

async function tableOf(name: string, csv: string): Promise<Table> {
  const path = `${folder}/${name}.csv`;
  await Deno.writeTextFile(path, csv);
  return await readTable(path);
}

async function textsToAsk(csv: string): Promise<string[]> {
  return (await tableOf("asked", csv)).columns.text as string[];
}

async function writeJson(name: string, content: unknown): Promise<void> {
  await Deno.writeTextFile(`${folder}/${name}.json`, JSON.stringify(content));
}
