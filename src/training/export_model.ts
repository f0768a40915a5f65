/** From a fitted model to files that others can use: checked, saved and tracked. */

import { join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { deriveSeed, Random, sha256, writeFileAtomic } from "../base/mod.ts";
import type { FeatureView } from "../feature_store/mod.ts";
import { type InputField, inputSchema } from "../features/mod.ts";
import { onnxInputs } from "../onnx_runtime/mod.ts";
import type { RunInfo } from "../pipeline/mod.ts";
import {
  type Bundle,
  metadataFileName,
  type ModelMetadata,
  referenceStatistics,
  saveBundle,
  timestampName,
} from "../registry/mod.ts";
import type { TrackedModel } from "../tracking/mod.ts";
import { acceptanceOf } from "./acceptance.ts";
import { columnImportance } from "./explanation.ts";
import { fairnessMetrics } from "./fairness.ts";
import type { Findings } from "./findings.ts";
import { heldOut, heldOutByWeight } from "./held_out.ts";
import { gitCommit, packageVersions } from "./provenance.ts";
import { lossShares } from "./inspection.ts";
import { modelCard } from "./report/model_card.ts";
import { trainingReport } from "./report/training_report.ts";
import { meanOf } from "./selection.ts";
import type { FittedTask } from "./tasks/contract.ts";
import { modelName } from "./track/tracking.ts";
import type { TrainingRun } from "./track/training_run.ts";
import { encodersOf } from "./vectors.ts";
import { unseenRows, withoutTexts } from "./unseen_rows.ts";

/** Rows on which the exported model must agree with the native one. */
const PARITY_ROWS = 2000;

/** Rows of the example that goes with the tracked model. */
const EXAMPLE_ROWS = 5;

/** How a model is exported. */
export interface ExportOptions {
  readonly task: FittedTask;
  /** Name of the model. */
  readonly name: string;
  /** What its files are called. */
  readonly files: "name" | "candidate";
  /** Folder of the models. */
  readonly models: string;
  /** Folder of the reports. */
  readonly reports: string;
  /** Feature views that rows were joined with. */
  readonly views?: readonly FeatureView[];
  /** Parameters of the run. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** Where a training left its files. */
export interface Saved {
  /** The version's files; absent for a model that missed a gate, which is tracked alone. */
  readonly bundle?: Bundle;
  /** Whether it is the champion of its name. */
  readonly published: boolean;
  /** Why the champion stays another one; absent if it does not, or a sweep chooses. */
  readonly held?: string;
  /** Path of the HTML report. */
  readonly reportPath: string;
}

/**
 * The ONNX file of a fitted model, which agrees with the native model on rows
 * that neither has seen.
 *
 * @throws {ModelError} showing the worst row where they disagree.
 */
async function exportChecked(
  task: FittedTask,
  name: string,
  { fitted, experiment: { set, seed }, cleaned }: Findings,
): Promise<Uint8Array> {
  const encoders = await encodersOf(fitted);
  const bytes = task.export(fitted, set, { name, producerVersion: config.version, encoders });
  const rows = unseenRows(cleaned, PARITY_ROWS, new Random(deriveSeed(seed, 2)));
  await task.checkParity(bytes, fitted, rows);
  return bytes;
}

/**
 * Exports, saves and tracks the model. It is saved before it is tracked, so that
 * a tracking server's failure costs no model. A point of a sweep is published by
 * the sweep, if it is the best; a model that missed a gate is tracked alone.
 */
export async function exportModel(
  findings: Findings,
  { task, name, files, models, reports, params, views }: ExportOptions,
  tracking: TrainingRun,
  run: RunInfo,
): Promise<Saved> {
  await tracking.begin();
  const { source, cleaned, experiment, best, leak, fitted, folds, conclusion, test, scoring } =
    findings;
  const { set } = experiment;
  const fileName = files === "candidate" ? best.candidate.name : name;
  const onnx = await exportChecked(task, fileName, findings);
  const accepted = await acceptanceOf(task, findings);
  const moment = new Date();
  const commit = await gitCommit();
  // Where no exact values are known, what the score loses tells.
  const importance = findings.explanation
    ? columnImportance(fitted, findings.explanation)
    : lossShares(findings.inspection);
  // The folds that are told of are those that hold whole groups: rows to come are of new ones.
  const held = leak && folds.grouped && leak.scores !== best
    ? heldOut(leak.scores, folds.grouped)
    : findings.held;
  const counted = heldOutByWeight(experiment, held);
  // What the business gives is the deployment's; what the training chose is the model's own.
  const { given = false, ...decision } = conclusion.decision ?? { threshold: NaN, label: "" };
  const { threshold, label } = decision;
  const describe = (version: string, digest: string): ModelMetadata => ({
    model_name: fileName,
    name,
    version,
    timestamp: moment.toISOString(),
    model_digest: digest,
    metrics: {
      ...best.mean,
      ...leak && { [`${scoring.select}_grouped`]: leak.grouped },
      ...conclusion.metrics,
      ...findings.nested && {
        [`nested_${scoring.select}`]: meanOf(findings.nested.map(({ outer }) => outer)),
      },
      ...findings.fairness && fairnessMetrics(findings.fairness),
      ...test && Object.fromEntries(Object.entries(test).map(([key, v]) => [`test_${key}`, v])),
    },
    feature_columns: fitted.state.features,
    ...task.describe(set),
    input_schema: inputSchema(fitted.state),
    declared_features: set,
    feature_state: fitted.state,
    ...views && { feature_views: views },
    candidate: { ...best.candidate },
    pipeline: { name: run.pipeline, params },
    ...conclusion.decision && !given && { decision },
    ...conclusion.rejection && { rejection: conclusion.rejection },
    ...conclusion.alert && { alert: conclusion.alert },
    ...source.profiles && { profiles: source.profiles },
    ...conclusion.interval && { interval: conclusion.interval },
    data_digest: source.digest,
    run_id: tracking.parent.id,
    git_commit: commit,
    package_versions: packageVersions(),
    reference_statistics: referenceStatistics(findings.experiment.set, cleaned, {
      state: fitted.state,
      rows: folds.training ?? Int32Array.from({ length: cleaned.rows }, (_, row) => row),
    }),
    reference_performance: task.reference(counted.experiment, counted.held, conclusion, importance),
    acceptance: accepted,
  });
  const reached = findings.gates === undefined || findings.gates.missed.length === 0;
  const publish = reached && tracking.sweep === undefined;
  const deployed = given ? { threshold, label } : undefined;
  const bundle = reached
    ? await saveBundle(models, onnx, moment, describe, publish, deployed)
    : undefined;
  if (bundle !== undefined) tracking.sweep?.made(run.id, bundle);
  const metadata = bundle?.metadata ?? describe(timestampName(moment), sha256(onnx));
  const card = modelCard(task, findings);
  const report = await trainingReport(findings, card, metadata.version);
  const reportPath = join(reports, `${run.pipeline}_${metadata.version}.html`);
  await writeFileAtomic(reportPath, report);

  await tracking.logSummary(task, findings);
  await tracking.parent.logModel(
    await trackedModel(task, bundle?.modelPath ?? onnx, metadata, findings),
  );
  const encoder = new TextEncoder();
  for (const section of card) {
    const file = section.title.toLowerCase().replaceAll(" ", "_");
    const path = `model_card/${file}.json`;
    await tracking.parent.logArtifact(path, encoder.encode(JSON.stringify(section, null, 2)));
  }
  await tracking.parent.logArtifact(`report/${run.pipeline}.html`, encoder.encode(report));
  return {
    ...bundle && { bundle },
    published: publish && bundle?.held === undefined,
    ...publish && bundle?.held !== undefined && { held: bundle.held },
    reportPath,
  };
}

/** The model as MLflow knows it: signature and example of the raw columns. */
async function trackedModel(
  task: FittedTask,
  onnx: Uint8Array | string,
  metadata: ModelMetadata,
  { fitted: { state }, experiment: { set, data, seed } }: Findings,
): Promise<TrackedModel> {
  const fields = inputSchema(state);
  const count = Math.min(EXAMPLE_ROWS, data.rows);
  const shown = await withoutTexts(state, data, new Random(seed));
  const example = onnxInputs(state, shown, Int32Array.from({ length: count }, (_, i) => i));
  const cell = ({ name }: InputField, row: number) => {
    const value = example[name][row];
    return typeof value === "number" && Number.isNaN(value) ? null : value;
  };
  return {
    name: modelName,
    file: onnx,
    inputs: fields.map(({ name, kind }) => ({
      name,
      type: kind === "number" ? "double" : "string",
    })),
    outputs: task.outputs(set),
    inputExample: {
      columns: fields.map(({ name }) => name),
      data: Array.from({ length: count }, (_, row) => fields.map((field) => cell(field, row))),
    },
    metadata: { model_name: metadata.model_name, version: metadata.version },
    // What a server needs to serve the model from a registry.
    files: { [metadataFileName]: JSON.stringify(metadata, null, 2) },
  };
}
