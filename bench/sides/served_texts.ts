/**
 * What every server of texts serves and is asked: models of intents, without and with a sentence
 * encoder, and one of entities, learned from made-up messages, in a models folder; the messages,
 * for peers to learn from; and others.
 */

import { UserError } from "../../src/base/mod.ts";
import { resolve } from "@std/path";
import {
  type EncoderFiles,
  type EncoderName,
  encodersFolder,
  knownEncoder,
  openEncoder,
  readEncoder,
} from "../../src/encoders/mod.ts";

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
  type VectorsOf,
} from "../../src/features/mod.ts";
import { calibrated, crf, linearSvm, spanOrder, tagNames } from "../../src/learners/mod.ts";
import { spansOfTags } from "../../src/metrics/mod.ts";
import { exportOnnx, exportSpans } from "../../src/onnx/mod.ts";
import { openModel, openSpans } from "../../src/onnx_runtime/mod.ts";
import { type ModelTask, saveBundle, taskOfLabels } from "../../src/registry/mod.ts";
import { type Table } from "../../src/dataset/mod.ts";
import { readTable } from "../../src/table/mod.ts";
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
await serveIntents("intent");
await serveIntents("intent_encoded", "all-minilm-l6-v2");
await serveEntities();
// Customers seldom send the same message twice, and the peers keep no answers.
await writeCommands(folder, ["--access-log", "info", "--prediction-cache", "off"]);

async function serveIntents(name: string, encoder?: EncoderName): Promise<void> {
  const set = intentFeatures(encoder !== undefined);
  const { classes: labels } = set.target;
  const table = await tableOf("intent", madeUpMessages(rows, SEED));
  const encoders: Record<string, EncoderFiles> = {};
  if (encoder) encoders[encoder] = await encoderFiles(encoder);
  const vectors = encoder && await vectorsOf(encoder, table);
  const data = clean(set, table, { target: "required", vectors });
  const state = fit(set, data);
  const classifier = await calibrated(linearSvm({ C: 0.3 }), { method: "sigmoid" })
    .fit(transform(state, data), data.labels!, { classes: labels.length, seed: SEED });
  const onnx = exportOnnx({
    ...{ state, classifier, labels, name, encoders, producerVersion: "bench" },
  });
  await save(name, onnx, state, taskOfLabels(labels), labels);
  const model = await openModel(onnx);
  const texts = await textsToAsk(madeUpMessages(ASKED, SEED + 1));
  const found = (await model.predict({ text: texts })).labels;
  await model.close();
  await writeJson(`asked_${name}`, texts.map((text, i) => ({ record: { text }, label: found[i] })));
  const { text, intent } = table.columns;
  await writeJson("learned_intent", text.map((one, i) => ({ text: one, intent: intent[i] })));
}

/** The files of an encoder, which peers are told of. */
async function encoderFiles(name: EncoderName): Promise<EncoderFiles> {
  const found = await readEncoder(name);
  if (found === undefined) {
    throw new UserError(`Cannot measure: the encoder ${name} is not there`, {
      next: "fetch it: deno task encoder",
    });
  }
  const { files, longest } = knownEncoder(name);
  const path = (file: string) => resolve(encodersFolder, name, file);
  await writeJson("encoder", {
    ...{ model: path(files.model.name), tokenizer: path(files.tokenizer.name), longest },
  });
  return found;
}

/** What an encoder makes of the texts of a table. */
async function vectorsOf(name: EncoderName, { columns }: Table): Promise<VectorsOf> {
  await using encoder = (await openEncoder(name))!;
  const { size } = encoder;
  const texts = [...new Set([...columns.text as string[], ""])];
  const all = await encoder.encode(texts);
  return (_, wanted) => {
    const values = new Float32Array(new SharedArrayBuffer(4 * size * wanted.length));
    wanted.forEach((text, i) => {
      const at = texts.indexOf(text) * size;
      values.set(all.subarray(at, at + size), i * size);
    });
    return { size, values };
  };
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
