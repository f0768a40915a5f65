/** From a fitted model to files that others can use: checked, saved and tracked. */

import { join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { deriveSeed, Random, writeFileAtomic } from "../../src/base/mod.ts";
import { type InputField, inputSchema, transform } from "../../src/features/mod.ts";
import { predict, predictProba } from "../../src/learners/mod.ts";
import { checkParity, exportOnnx, onnxInputs } from "../../src/onnx/mod.ts";
import {
  type Bundle,
  metadataFileName,
  referenceStatistics,
  saveBundle,
  taskOfLabels,
} from "../../src/registry/mod.ts";
import type { TrackedModel } from "../../src/tracking/mod.ts";
import type { Findings } from "./findings.ts";
import { gitCommit, packageVersions } from "./provenance.ts";
import { modelName } from "./tracking.ts";
import { referencePredictions } from "./reference_predictions.ts";
import { modelCard } from "./model_card.ts";
import { trainingReport } from "./training_report.ts";
import type { TrainingRun } from "./training_run.ts";
import { unseenRows } from "./unseen_rows.ts";

/** Where reports go. */
export const reportsFolder = "reports";

/** Rows on which the exported model must agree with the native one. */
const PARITY_ROWS = 2000;

/** Rows of the example that goes with the tracked model. */
const EXAMPLE_ROWS = 5;

/** Where a training left its files. */
export interface Saved extends Bundle {
  /** Path of the HTML report. */
  readonly reportPath: string;
}

/** All files that an export wrote. */
export function savedPaths({ modelPath, metadataPath, latestPath, reportPath }: Saved): string[] {
  return [modelPath, metadataPath, latestPath, reportPath];
}

/**
 * The ONNX file of a fitted model, which agrees with the native model on rows
 * that neither has seen.
 *
 * @throws {ModelError} showing the worst row where they disagree.
 */
async function exportChecked(
  name: string,
  { fitted: { state, classifier }, experiment: { set, seed }, cleaned }: Findings,
): Promise<Uint8Array> {
  const labels = set.target.classes;
  const bytes = exportOnnx({ state, classifier, labels, name, producerVersion: config.version });
  const rows = unseenRows(cleaned, PARITY_ROWS, new Random(deriveSeed(seed, 2)));
  const X = transform(state, rows);
  await checkParity({
    bytes,
    inputs: onnxInputs(state, rows),
    labels: await predict(classifier, X),
    probabilities: await predictProba(classifier, X),
  });
  return bytes;
}

/**
 * Exports, saves and tracks the model. It is saved before it is tracked, so that
 * a tracking server's failure costs no model.
 *
 * @returns Where the model was saved.
 */
export async function exportModel(
  findings: Findings,
  models: string,
  tracking: TrainingRun,
): Promise<Saved> {
  const { source, experiment, best, leak, fitted } = findings;
  const { set } = experiment;
  const name = best.combination.name;
  const onnx = await exportChecked(name, findings);
  const moment = new Date();
  const commit = await gitCommit();
  const bundle = await saveBundle(models, onnx, moment, (version, digest) => ({
    model_name: name,
    version,
    timestamp: moment.toISOString(),
    model_digest: digest,
    metrics: { ...best.mean, f1_macro_grouped: leak.grouped },
    feature_columns: fitted.state.features,
    task: taskOfLabels(set.target.classes),
    class_labels: set.target.classes,
    input_schema: inputSchema(fitted.state),
    declared_features: set,
    feature_state: fitted.state,
    data_digest: source.digest,
    run_id: tracking.parent.id,
    git_commit: commit,
    package_versions: packageVersions(),
    reference_statistics: referenceStatistics(set, findings.cleaned),
    reference_performance: referencePredictions(findings),
  }));
  const { version } = bundle.metadata;
  const card = modelCard(findings);
  const report = await trainingReport(findings, card, version);
  const reportPath = join(reportsFolder, `train_${version}.html`);
  await writeFileAtomic(reportPath, report);

  await tracking.logSummary(findings);
  await tracking.parent.logModel(trackedModel(bundle, findings));
  const encoder = new TextEncoder();
  for (const section of card) {
    const name = section.title.toLowerCase().replaceAll(" ", "_");
    const path = `model_card/${name}.json`;
    await tracking.parent.logArtifact(path, encoder.encode(JSON.stringify(section, null, 2)));
  }
  await tracking.parent.logArtifact("report/train.html", encoder.encode(report));
  return { ...bundle, reportPath };
}

/** The model as MLflow knows it: signature and example of the raw columns. */
function trackedModel(
  { modelPath, metadata }: Bundle,
  { fitted: { state }, experiment: { set, data } }: Findings,
): TrackedModel {
  const fields = inputSchema(state);
  const example = onnxInputs(state, data, Int32Array.from({ length: EXAMPLE_ROWS }, (_, i) => i));
  const cell = ({ name }: InputField, row: number) => {
    const value = example[name][row];
    return typeof value === "number" && Number.isNaN(value) ? null : value;
  };
  return {
    name: modelName,
    onnx: modelPath,
    inputs: fields.map(({ name, kind }) => ({
      name,
      type: kind === "number" ? "double" : "string",
    })),
    outputs: [
      { name: "label", type: "string" },
      ...set.target.classes.map((label) => (
        { name: `probability_${label}`, type: "float" } as const
      )),
    ],
    inputExample: {
      columns: fields.map(({ name }) => name),
      data: Array.from(
        { length: Math.min(EXAMPLE_ROWS, data.rows) },
        (_, row) => fields.map((field) => cell(field, row)),
      ),
    },
    metadata: { model_name: metadata.model_name, version: metadata.version },
    // What a server needs to serve the model from a registry.
    files: { [metadataFileName]: JSON.stringify(metadata, null, 2) },
  };
}
