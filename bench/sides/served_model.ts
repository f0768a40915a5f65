/**
 * What every server serves and is asked: a forest of 100 trees on the
 * credit-score columns in a models folder, and records of customers that it has
 * not seen with the class that it predicts for each.
 */

import {
  clean,
  type CleanData,
  fillWithinGroup,
  fit,
  inputSchema,
  transform,
} from "../../src/features/mod.ts";
import { randomForest } from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { onnxInputs, openModel } from "../../src/onnx_runtime/mod.ts";
import { saveBundle, taskOfLabels } from "../../src/registry/mod.ts";
import type { Cell, Table } from "../../src/dataset/mod.ts";
import { creditFeatures } from "../../pipelines/credit_score/columns.ts";
import {
  customerRows,
  generateTable,
  rowsPerCustomer,
} from "../../pipelines/credit_score/generate.ts";
import { writeCommands } from "./server_commands.ts";
import { sideArguments } from "./side.ts";

/** A record and the class that the model predicts for it. */
export interface AskedRecord {
  readonly record: Readonly<Record<string, number | string>>;
  readonly label: string;
}

const RECORDS = 256;
const SEED = 42;
const NAME = "RandomForest";

const { folder, rows } = sideArguments();
const customers = Math.ceil(rows / rowsPerCustomer);
const training = cleaned(generateTable({ customers, seed: SEED }));
const state = fit(creditFeatures, training);
const labels = creditFeatures.target.classes;
const classifier = await randomForest({ nEstimators: 100, maxDepth: 10 })
  .fit(transform(state, training), training.labels!, { classes: labels.length, seed: SEED });
const onnx = exportOnnx({ state, classifier, labels, name: NAME, producerVersion: "bench" });
const { metadata, modelPath } = await saveBundle(
  `${folder}/models`,
  onnx,
  new Date(),
  (version, digest) => ({
    model_name: NAME,
    version,
    timestamp: new Date().toISOString(),
    model_digest: digest,
    metrics: {},
    feature_columns: state.features,
    task: taskOfLabels(labels),
    class_labels: labels,
    input_schema: inputSchema(state),
    feature_state: state,
    data_digest: "",
    run_id: null,
    git_commit: null,
    package_versions: {},
    reference_statistics: {},
  }),
);

const unseen = cleaned(customersFrom(customers, RECORDS));
const model = await openModel(modelPath);
const inputs = onnxInputs(state, unseen);
const asked: AskedRecord[] = [];
for (let row = 0; row < unseen.rows && asked.length < RECORDS; row++) {
  const record: Record<string, number | string> = {};
  for (const { name } of metadata.input_schema) {
    const value = inputs[name][row]!;
    // As people write numbers; the model's Float32 is none of the servers' business.
    record[name] = typeof value === "number" ? Number(value.toPrecision(7)) : value;
  }
  // Not every protocol has a word for a missing number.
  if (Object.values(record).some((value) => Number.isNaN(value) || value === "")) continue;
  const columns = Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, [value] as number[] | string[]]),
  );
  asked.push({ record, label: (await model.predict(columns)).labels[0] });
}
await model.close();
await Deno.writeTextFile(`${folder}/asked.json`, JSON.stringify(asked));
await Deno.writeTextFile(`${folder}/schema.json`, JSON.stringify(metadata.input_schema));
await Deno.copyFile(modelPath, `${folder}/model.onnx`);

await writeCommands(folder, ["--access-log", "info"]);

function cleaned(table: Table): CleanData {
  return fillWithinGroup(clean(creditFeatures, table, { target: "required" }));
}

/** Rows of so many customers, numbered from `first` on. */
function customersFrom(first: number, count: number): Table {
  const columns: Record<string, Cell[]> = {};
  for (let customer = first; customer < first + count; customer++) {
    for (const row of customerRows(SEED, customer)) {
      for (const [name, text] of Object.entries(row)) {
        (columns[name] ??= []).push(text === "" ? null : text);
      }
    }
  }
  return { rows: count * rowsPerCustomer, columns };
}
