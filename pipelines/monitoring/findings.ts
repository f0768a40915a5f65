/** Everything that a comparison found, before any of it is written down. */

import type { WorkerPool } from "../../src/base/mod.ts";
import {
  type ColumnSample,
  compare,
  type DriftResult,
  type DriftSample,
} from "../../src/drift/mod.ts";
import { type CorrelationChange, correlationChange } from "./correlation.ts";
import { type ComparedWindow, comparedWindows } from "./over_time.ts";
import type { DriftParams } from "./params.ts";
import { type Performance, performanceOf } from "./performance.ts";
import { type ColumnProfile, profileOf } from "./profile.ts";
import type { Sides } from "./read_sides.ts";
import type { Side } from "./side.ts";
import { type Slices, slicesOf } from "./slices.ts";
import type { WatchedModel } from "./watched_model.ts";

/** What was compared and what came of it. */
export interface DriftFindings extends Sides {
  /** The columns, each with its verdict. */
  readonly inputs: DriftResult;
  /** Target, predicted class and probabilities; undefined where the model has none to compare. */
  readonly outputs?: DriftResult;
  /** Each column of both sides, by name. */
  readonly profiles: Readonly<Record<string, { reference: ColumnProfile; current: ColumnProfile }>>;
  /** The current rows in slices. */
  readonly slices: Slices;
  /** The comparison window by window; empty where rows have no times. */
  readonly windows: readonly ComparedWindow[];
  /** How good the model is. */
  readonly performance?: Performance;
  /** Undefined where the reference's rows are gone. */
  readonly correlation?: CorrelationChange;
}

/** Columns whose correlations are compared: those that changed most. */
const CORRELATED = 25;

/**
 * Compares the sides.
 *
 * @param progress Hears what is under way and the share that is done.
 */
export async function findDrift(
  sides: Sides,
  { preset, seed }: DriftParams,
  pool: WorkerPool,
  progress: (done: number, label: string) => void,
): Promise<DriftFindings> {
  const { reference, current, model } = sides;
  progress(0, "comparing columns");
  const importance = model?.bundle.metadata.reference_performance?.column_importance;
  const inputs = await compare(reference.sample, current.sample, {
    preset,
    seed,
    pool,
    importance,
  });
  progress(0.6, "comparing predictions");
  const [was, is] = [outputsOf(reference, model), outputsOf(current, model)];
  const common = Object.keys(is.columns).some((name) => Object.hasOwn(was.columns, name));
  const outputs = common ? await compare(was, is, { preset, seed }) : undefined;
  progress(0.7, "judging data quality and performance");
  const slices = slicesOf(current);
  const names = inputs.columns.map(({ column }) => column);
  const byEffect = [...inputs.columns].sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0));
  return {
    ...sides,
    inputs,
    outputs,
    profiles: Object.fromEntries(names.map((name) => [name, {
      reference: profileOf(reference.sample.columns[name]),
      current: profileOf(current.sample.columns[name]),
    }])),
    slices,
    windows: await comparedWindows(reference, current, slices, seed),
    performance: performanceOf(current, slices, model),
    correlation: correlationChange(
      reference.sample,
      current.sample,
      byEffect.map(({ column }) => column).slice(0, CORRELATED),
    ),
  };
}

/** Target, predicted class and probabilities as columns; none where a model has none. */
function outputsOf(side: Side, model: WatchedModel | undefined): DriftSample {
  if (model === undefined) return { rows: side.sample.rows, columns: {} };
  const { classes, reference: kept } = model;
  if ("count" in Object.values(side.sample.columns)[0] && kept !== undefined) {
    const columns: Record<string, ColumnSample> = {
      target: kept.target,
      prediction: kept.prediction,
    };
    for (const [label, statistics] of Object.entries(kept.probabilities)) {
      columns[`probability of ${label}`] = statistics;
    }
    return { rows: side.sample.rows, columns };
  }
  const columns: Record<string, ColumnSample> = {};
  const { labels, predictions } = side;
  if (labels) {
    // Rows whose label is not known yet are no missing values.
    const rows = Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0);
    const codes = rows.map((row) => labels[row]);
    columns.target = { kind: "category", codes, vocabulary: classes, rows };
  }
  if (predictions) {
    const { predicted: codes, probabilities } = predictions;
    columns.prediction = { kind: "category", codes, vocabulary: classes };
    classes.forEach((label, k) => {
      const values = probabilities.subarray(k * codes.length, (k + 1) * codes.length);
      columns[`probability of ${label}`] = { kind: "number", values };
    });
  }
  return { rows: side.sample.rows, columns, groups: side.sample.groups };
}
