/** From evidence to alerts: what is new, what became worse and what is over. */

import { severities, type Severity } from "../../drift/mod.ts";
import type { AlertRecord, AlertType, OpenAlert } from "../../monitor_files/mod.ts";
import { meaningOf } from "../sides/meaning.ts";
import { isBack, stabilityIndex } from "./claimed_shares.ts";
import { forgetEvidence, logEvidence, refuted } from "./evidence.ts";
import {
  expectedWrongKey,
  gapsKey,
  type ModelWatch,
  MOVED,
  valuesKey,
  wrongKey,
} from "./model_watch.ts";
import { recentQuality } from "./quality.ts";
import type { MonitorState } from "./state.ts";
import { textEvidence } from "./watched_texts.ts";
import { isWrong, REFERENCE_CHANCE } from "./watched_claims.ts";

/** What is wrong with a model when it is looked at. */
interface Cause {
  readonly alert_type: AlertType;
  readonly severity: Severity;
  /** Where its evidence stands; empty for limits. */
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  readonly facts: Partial<AlertRecord>;
  readonly message: string;
}

/** Limits that are no question of evidence. */
export interface AlertLimits {
  /** Milliseconds that 95 of 100 predictions of a window may take. */
  readonly maxLatencyMs: number;
  /** Least predictions of a window of the champion; 0 for any number. */
  readonly minRows: number;
}

/** Share of unchanged streams in which any alert of drift is ever raised, at the most. */
export const FALSE_ALARMS = 0.05;
/** From this index of stability on a shift is large. */
const LARGE = 0.25;
/** How far texts are told apart by what they mean, from chance (0) to certainty (1): much and noticeably. */
const APART = [0.2, 0.1] as const;
/** Chance of a block of texts from which on it is as unchanged ones are. */
const USUAL = 0.05;
/** Drops of accuracy that are large and noticeable. */
const DROPS = [0.1, 0.05] as const;
/** Rows and labels that it takes to say that the cause of an alert is over. */
const ENOUGH = 200;
/** Windows that have to begin before an alert can be over. */
export const CALM = 2;
/** Predictions of a window whose latency says something. */
const TIMED = 20;

const actions: Readonly<Record<AlertType, string>> = {
  data_drift: "Look at the drifted columns; retrain the model if the change is here to stay",
  prediction_drift: "Look at what the model says now; check its inputs, and retrain if it is right",
  concept_drift: "Retrain the model on newly labelled rows: deno task pipeline retrain",
  estimated_drop:
    "Have some of the latest rows labelled, and retrain the model if they bear it out",
  latency: "Look at the load of the server and at the size of the model",
  volume: "Look whether callers still reach the server",
};

/** How many to one the evidence of each column stands, as logarithms. */
export function columnEvidence({ state, claims }: ModelWatch): Record<string, number> {
  const { evidence, texts = {} } = state;
  const logs: Record<string, number> = {};
  for (const [name, log] of Object.entries(textEvidence(texts))) logs[valuesKey(name)] = log;
  for (const [name, column] of Object.entries({ ...claims.inputs, ...claims.outputs })) {
    if (column.claims.length > 0) {
      logs[valuesKey(name)] = logEvidence(evidence, valuesKey(name), column.claims);
    }
    logs[gapsKey(name)] = logEvidence(evidence, gapsKey(name), [column.gapClaim]);
  }
  if (claims.wrong) logs[wrongKey] = logEvidence(evidence, wrongKey, [claims.wrong.claim]);
  if (claims.expectedWrong) {
    logs[expectedWrongKey] = logEvidence(evidence, expectedWrongKey, [claims.expectedWrong]);
  }
  return logs;
}

/**
 * Looks at a model: adds what is to be told to `state.unwritten`, and keeps
 * which alerts are open.
 *
 * @param champion Whether it is the one that answers.
 * @param replaced Whether another one has answered in its place for long: then its alerts are over.
 */
export function judgeModel(
  watch: ModelWatch,
  state: MonitorState,
  { limits, now, windowMs, champion, replaced }: {
    readonly limits: AlertLimits;
    readonly now: Date;
    readonly windowMs: number;
    readonly champion: boolean;
    readonly replaced: boolean;
  },
): void {
  const causes = replaced ? [] : [
    ...driftCauses(watch),
    ...limitCauses(watch, limits, champion ? now.getTime() : undefined, windowMs),
  ];
  for (const cause of causes) {
    const open = state.open.find(({ model, alert_type }) =>
      model === watch.model.name && alert_type === cause.alert_type
    );
    if (open === undefined) {
      const opened: OpenAlert = {
        key: `${watch.model.name}/${cause.alert_type}/${now.toISOString()}`,
        ...{ model: watch.model.name, alert_type: cause.alert_type, since: now.toISOString() },
        ...{ severity: cause.severity, columns: [...cause.columns], lines: 0 },
        moment: watch.state.evidence.begun,
      };
      state.open.push(opened);
      state.unwritten.push(record(watch, opened, "open", cause, now));
      continue;
    }
    open.columns = [...new Set([...open.columns, ...cause.columns])];
    if (severities.indexOf(cause.severity) <= severities.indexOf(open.severity)) continue;
    open.severity = cause.severity;
    state.unwritten.push(record(watch, open, "worse", cause, now));
  }
  state.open = state.open.filter((open) => {
    if (open.model !== watch.model.name) return true;
    const over = replaced || isOver(watch, open, causes);
    if (over) {
      const message = replaced
        ? `${open.model} does not answer any more`
        : `${open.alert_type} is over`;
      const cause = { ...open, keys: [], facts: {}, message };
      state.unwritten.push(record(watch, open, "resolved", cause, now));
    }
    return !over;
  });
}

function record(
  { model }: ModelWatch,
  open: OpenAlert,
  status: AlertRecord["status"],
  { severity, facts, message }: Cause,
  now: Date,
): AlertRecord {
  return {
    id: `${open.key}#${open.lines++}`,
    timestamp: now.toISOString(),
    ...{ alert_type: open.alert_type, status, severity },
    ...{ model_name: model.metadata.model_name, model_version: model.metadata.version },
    action_required: status === "resolved" ? "None" : actions[open.alert_type],
    message,
    ...facts,
  };
}

/** An alert that ends because nobody watches its model any more. */
export function endedRecord(open: OpenAlert, now: Date): AlertRecord {
  const [, model_name, model_version] = /^(.*)_v_(.*)$/.exec(open.model)!;
  return {
    id: `${open.key}#${open.lines++}`,
    timestamp: now.toISOString(),
    ...{ alert_type: open.alert_type, status: "resolved", severity: open.severity },
    ...{ model_name, model_version, action_required: "None" },
    message: `${open.model} is not watched any more`,
  };
}

function driftCauses(watch: ModelWatch): Cause[] {
  const { claims, state } = watch;
  const logs = columnEvidence(watch);
  const found = refuted(logs, FALSE_ALARMS - REFERENCE_CHANCE);
  const { counts, rows } = watch.recent();
  const { texts = {} } = state;
  const drift = (
    alert_type: AlertType,
    columns: WatchedColumns,
    textColumns: readonly string[],
  ): Cause[] => {
    const moved = [...Object.keys(columns), ...textColumns.map(meaningOf)].filter((name) =>
      found.includes(valuesKey(name)) || found.includes(gapsKey(name))
    );
    if (moved.length === 0) return [];
    const psi = Object.fromEntries(moved.map((name) => {
      const own = counts[name];
      return [name, own === undefined ? null : stabilityIndex(columns[name], own)] as const;
    }));
    const most = Math.max(0, ...Object.values(psi).map((score) => score ?? 0));
    const apart = textColumns.filter((name) => moved.includes(meaningOf(name)))
      .map((name) => 2 * texts[name].latest!.area - 1);
    const keys = moved.flatMap((name) => [valuesKey(name), gapsKey(name)]);
    return [{
      alert_type,
      severity: severities[
        Math.max(
          most >= LARGE ? 3 : most >= MOVED ? 2 : 1,
          ...apart.map((effect) => effect >= APART[0] ? 3 : effect >= APART[1] ? 2 : 1),
        )
      ],
      keys,
      columns: moved,
      facts: {
        drift_features: moved,
        psi_scores: psi,
        evidence: { odds: odds(Math.max(...keys.map((key) => logs[key] ?? -Infinity))), rows },
      },
      message: `${moved.slice(0, 5).join(", ")}${
        moved.length > 5 ? ` and ${moved.length - 5} more` : ""
      }: not as in training`,
    }];
  };
  return [
    ...drift("data_drift", claims.inputs, Object.keys(texts)),
    ...drift("prediction_drift", claims.outputs, []),
    ...found.includes(wrongKey) ? [conceptDrift(watch, logs[wrongKey], state.labels)] : [],
    ...found.includes(expectedWrongKey)
      ? [estimatedDrop(watch, logs[expectedWrongKey], state.predictions)]
      : [],
  ];
}

function estimatedDrop(watch: ModelWatch, log: number, rows: number): Cause {
  const { estimated, expected_accuracy } = recentQuality(watch);
  const [recent, expected] = [estimated?.accuracy.value ?? expected_accuracy!, expected_accuracy!];
  return {
    alert_type: "estimated_drop",
    severity: severityOf(expected - recent),
    keys: [expectedWrongKey],
    columns: [],
    facts: {
      estimated_accuracy: recent,
      expected_accuracy: expected,
      accuracy_drop: expected - recent,
      evidence: { odds: odds(log), rows },
    },
    message: `By how sure the model is, ${percent(recent)} of the latest answers are right, ${
      percent(expected)
    } in training`,
  };
}

function severityOf(drop: number): Severity {
  return drop >= DROPS[0] ? "high" : drop >= DROPS[1] ? "medium" : "low";
}

type WatchedColumns = ModelWatch["claims"]["inputs"];

function conceptDrift(watch: ModelWatch, log: number, rows: number): Cause {
  const { accuracy, expected_accuracy } = recentQuality(watch);
  const [recent, expected] = [accuracy!.value, expected_accuracy!];
  const drop = expected - recent;
  return {
    alert_type: "concept_drift",
    severity: severityOf(drop),
    keys: [wrongKey],
    columns: [],
    facts: {
      recent_accuracy: recent,
      expected_accuracy: expected,
      accuracy_drop: drop,
      evidence: { odds: odds(log), rows },
    },
    message: `${percent(recent)} of the latest answers were right, ${
      percent(expected)
    } in training`,
  };
}

function limitCauses(
  { state }: ModelWatch,
  { maxLatencyMs, minRows }: AlertLimits,
  now: number | undefined,
  windowMs: number,
): Cause[] {
  const last = state.history.at(-1);
  if (last === undefined) return [];
  const causes: Cause[] = [];
  const plain = { keys: [], columns: [], facts: {} };
  const p95 = last.rows >= TIMED ? last.latency_ms?.p95 ?? 0 : 0;
  if (p95 > maxLatencyMs) {
    causes.push({
      ...{ alert_type: "latency", ...plain },
      severity: p95 > 5 * maxLatencyMs ? "high" : "medium",
      message: `5 of 100 predictions took over ${Math.round(p95)} ms`,
    });
  }
  if (now === undefined || minRows === 0) return causes;
  const silent = state.window === null && now >= last.from + 2 * windowMs;
  const rows = silent ? 0 : last.rows;
  if (rows < minRows) {
    causes.push({
      ...{ alert_type: "volume", ...plain },
      severity: rows === 0 ? "high" : "medium",
      message: `${rows} predictions in a window, wanted ${minRows}`,
    });
  }
  return causes;
}

/** Whether the cause of an alert has ended; its evidence is then given up. */
function isOver(watch: ModelWatch, open: OpenAlert, causes: readonly Cause[]): boolean {
  const { state, claims } = watch;
  if (open.alert_type === "latency" || open.alert_type === "volume") {
    return !causes.some(({ alert_type }) => alert_type === open.alert_type);
  }
  // Evidence does not fade by itself: whether it still holds is told by windows begun since.
  if (state.evidence.begun < open.moment + CALM) return false;
  if (open.alert_type === "concept_drift") {
    if (claims.wrong === undefined) return true;
    const latest = state.judged.slice(-ENOUGH);
    const { model: { metadata } } = watch;
    const wrong = latest.filter(([label, ...said]) => isWrong(metadata, label, said)).length;
    if (latest.length < ENOUGH || wrong / latest.length > claims.wrong.claim.high) return false;
    forgetEvidence(state.evidence, [wrongKey]);
    return true;
  }
  if (open.alert_type === "estimated_drop") {
    const { estimated } = recentQuality(watch);
    const value = estimated?.accuracy.value ?? null;
    if (claims.expectedWrong === undefined || value === null) return true;
    if (state.predicted.length < ENOUGH || 1 - value > claims.expectedWrong.high) return false;
    forgetEvidence(state.evidence, [expectedWrongKey]);
    return true;
  }
  const { rows, worth, counts } = watch.recent();
  const texts = Object.entries(state.texts ?? {}).filter(([name]) =>
    open.columns.includes(meaningOf(name))
  );
  const back = rows >= ENOUGH && texts.every(([, { latest }]) => (latest?.p ?? 1) > USUAL) &&
    open.columns.every((name) => {
      const column = watch.columnOf(name);
      return column === undefined || counts[name] === undefined ||
        isBack(column, counts[name], Math.max(worth, 1) / rows);
    });
  if (back) {
    forgetEvidence(
      state.evidence,
      open.columns.flatMap((name) => [valuesKey(name), gapsKey(name)]),
    );
    for (const [, own] of texts) own.evidence = 0;
  }
  return back;
}

/** How many to one, as a number that JSON holds. */
function odds(log: number): number {
  return Math.min(1e12, Math.round(Math.exp(Math.min(log, 30))));
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
