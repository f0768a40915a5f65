/** Puts together what a look at the log found. */

import { writeFileAtomic } from "../../base/mod.ts";
import { compare } from "../../drift/mod.ts";
import { nameOf } from "../../registry/mod.ts";
import {
  type ColumnStatus,
  type ModelStatus,
  type MonitorStatus,
  type OpenAlert,
  type RecentQuality,
  statusFile,
} from "../../monitor_files/mod.ts";
import { meaningOf } from "../sides/meaning.ts";
import { stabilityIndex } from "./claimed_shares.ts";
import { columnEvidence } from "./judgement.ts";
import { gapsKey, type ModelWatch, valuesKey } from "./model_watch.ts";
import { recentQuality } from "./quality.ts";
import type { MonitorState } from "./state.ts";

/** What a model is like now. */
export async function statusOf(
  watch: ModelWatch,
  champion: boolean,
  open: readonly OpenAlert[],
): Promise<ModelStatus> {
  const { model: { metadata }, state, claims } = watch;
  const { rows, counts } = watch.recent();
  const logs = columnEvidence(watch);
  const columnsOf = (columns: typeof claims.inputs, kind: ColumnStatus["kind"]) =>
    Object.entries(columns).map(([column, watched]): ColumnStatus => {
      const own = counts[column];
      const log = Math.max(logs[valuesKey(column)] ?? -Infinity, logs[gapsKey(column)]);
      return {
        ...{ column, kind },
        psi: own === undefined ? null : stabilityIndex(watched, own),
        missing: own === undefined || own.gaps[0] === 0 ? null : own.gaps[1] / own.gaps[0],
        log10_odds: Number.isFinite(log) ? log / Math.LN10 : 0,
      };
    });
  const meanings = Object.keys(state.texts ?? {}).map(meaningOf).map((column): ColumnStatus => ({
    ...{ column, kind: "input", psi: null, missing: null },
    log10_odds: (logs[valuesKey(column)] ?? 0) / Math.LN10,
  }));
  const columns = [
    ...columnsOf(claims.inputs, "input"),
    ...meanings,
    ...columnsOf(claims.outputs, "output"),
  ];
  const scores = columns.flatMap(({ kind, psi }) => kind === "input" && psi !== null ? [psi] : []);
  const quality = recentQuality(watch);
  return {
    name: nameOf(metadata),
    model_name: metadata.model_name,
    model_version: metadata.version,
    champion,
    roles: state.roles,
    predictions: state.predictions,
    labels: state.labels,
    words: wordsOf(watch, open, quality),
    drift: {
      rows,
      score: scores.length === 0 ? null : Math.max(...scores),
      calibrated: await calibrated(watch),
      columns,
    },
    quality,
    // The window that is open is drawn as far as it has come.
    history: state.window === null ? state.history : [...state.history, watch.point(state.window)],
  };
}

/** The verdict of the preset that keeps the false discovery rate, on the latest rows. */
async function calibrated(watch: ModelWatch) {
  const sample = watch.recentSample();
  const reference = watch.model.metadata.reference_statistics;
  const names = Object.keys(sample.columns).filter((name) =>
    Object.hasOwn(reference, name) && reference[name].kind === sample.columns[name].kind &&
    (reference[name].kind !== "number" || "sketch" in reference[name])
  );
  if (sample.rows === 0 || names.length === 0) return null;
  const part = (columns: typeof reference) =>
    Object.fromEntries(names.map((name) => [name, columns[name]]));
  const [first] = names;
  const { count, missing } = reference[first];
  const { drifted, severity } = await compare(
    { rows: count + missing, columns: part(reference) },
    { rows: sample.rows, columns: part(sample.columns) },
  );
  return { drifted, severity };
}

function wordsOf(
  { state }: ModelWatch,
  open: readonly OpenAlert[],
  { accuracy, expected_accuracy: expected }: RecentQuality,
): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const alerts = open.map(({ alert_type, severity, columns }) =>
    `${severity} ${alert_type.replace("_", " ")}` +
    (columns.length === 0 ? "" : ` (${columns.slice(0, 5).join(", ")})`)
  );
  return [
    alerts.length === 0 ? "Nothing has changed since training" : `Open: ${alerts.join("; ")}`,
    `${state.predictions.toLocaleString("en")} predictions, ${
      state.labels.toLocaleString("en")
    } of them with a label`,
    ...Object.entries(state.texts ?? {}).flatMap(([name, { latest }]) =>
      latest === null ? [] : [
        `The latest texts are told from those of training by what they mean (${name}) with a ROC ` +
        `AUC of ${latest.area.toFixed(3)}, by chance up to ${latest.chance.toFixed(3)}`,
      ]
    ),
    ...accuracy === null ? [] : [
      `${percent(accuracy.value)} of the latest ${accuracy.rows} answers were right` +
      (expected === null ? "" : `, ${percent(expected)} in training`),
    ],
  ];
}

/** Writes the status. */
export async function writeStatus(
  log: string,
  state: MonitorState,
  models: readonly ModelStatus[],
  { now, windowMs }: { readonly now: Date; readonly windowMs: number },
): Promise<void> {
  const status: MonitorStatus = {
    schema_version: 1,
    checked_at: now.toISOString(),
    window_ms: windowMs,
    models,
    open_alerts: state.open,
    waiting_deliveries: state.outbox.length,
    unmatched_labels: state.unmatched,
  };
  await writeFileAtomic(statusFile(log), JSON.stringify(status));
}
