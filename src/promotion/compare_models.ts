/** Two models on the same rows: how much better one is, and how sure that is. */

import { DataError, Random } from "../base/mod.ts";
import {
  clean,
  type CleanData,
  cleanedAs,
  columnsOfState,
  type FeatureSet,
  flatTruth,
  isClassTarget,
  type TextColumn,
} from "../features/mod.ts";
import {
  bootstrapInterval,
  flatTags,
  type MetricInput,
  metricOf,
  type MetricTask,
} from "../metrics/mod.ts";
import { onnxInputs } from "../onnx_runtime/mod.ts";
import { describedRows, type ModelMetadata, type ReadModel } from "../registry/mod.ts";
import { type Table, takeTableRows } from "../dataset/mod.ts";
import { mostProbable } from "../trees/mod.ts";
import { predictRows } from "./predictions.ts";

/** Draws of the bootstrap, fewer if there are very many rows. */
const RESAMPLES = 1000;
const MOST_DRAWN = 20_000_000;
const CONFIDENCE = 0.95;

/** The first metric of each task, if the model does not say by which it was chosen. */
const usual: Record<MetricTask, string> = {
  binary: "roc_auc",
  multiclass: "f1_macro",
  regression: "rmse",
  spans: "span_f1",
};

/** What a comparison found. */
export interface Comparison {
  /** Name of the metric. */
  readonly metric: string;
  /** Which values are better. */
  readonly direction: "higher" | "lower";
  /** The metric of the candidate. */
  readonly candidate: number;
  /** The metric of the champion. */
  readonly champion: number;
  /** How much better the candidate is: positive if it is. */
  readonly gain: number;
  /** Lower end of the gain's interval. */
  readonly low: number;
  /** Upper end of the gain's interval. */
  readonly high: number;
  /** Rows that were compared. */
  readonly rows: number;
  /** What was drawn again: rows, or whole groups of them. */
  readonly drawn: "rows" | "groups";
}

/** Rows with the truth, cleaned for a model. */
export interface Judged {
  /** The rows. */
  readonly data: CleanData;
  /** The same rows, raw. */
  readonly table: Table;
  /** Classes or numbers of the truth, shape [rows]; of spans tags, text after text, −1 between them. */
  readonly truth: ArrayLike<number>;
}

/**
 * Reads the truth by what the candidate's metadata say.
 *
 * @throws {DataError} if it is not there.
 */
export function judgedRows(metadata: ModelMetadata, raw: Table): Judged {
  const table = describedRows(metadata, raw);
  const set = metadata.declared_features;
  if (set === undefined) {
    throw new DataError("Cannot read the truth: the model's metadata do not tell its column", {
      next: "train the model again with this version",
    });
  }
  // Rows of production, which have no weights, count the same.
  const weighed = set.weight !== undefined && Object.hasOwn(table.columns, set.weight);
  const data = clean({ ...set, ...!weighed && { weight: undefined } }, table, {
    target: "required",
    state: metadata.feature_state,
  });
  const truth = data.labels ?? data.values ?? spansTruth(set, data);
  return { data, truth, table: data.kept ? takeTableRows(table, data.kept) : table };
}

/** The true tags of texts. */
function spansTruth({ columns }: FeatureSet, data: CleanData): Int32Array {
  const [[name, { kind }]] = Object.entries(columns);
  const column = cleanedAs(data.columns[name], { kind, name }) as TextColumn;
  return flatTruth(column, data.spans!, Int32Array.from({ length: data.rows }, (_, row) => row));
}

/** What a model says of raw rows, shape [outputs × rows]. */
export async function predictTable(model: ReadModel, table: Table): Promise<Float64Array> {
  const { feature_state: state, declared_features } = model.metadata;
  const set: FeatureSet = declared_features ?? {
    target: { column: "", classes: model.metadata.class_labels },
    columns: columnsOfState(state),
  };
  const data = clean(set, table, { target: "none", state });
  return await predictRows(model, onnxInputs(state, data), data.rows);
}

/** What metrics read of predictions. */
export function metricInputOf(
  { task, class_labels, declared_features }: ModelMetadata,
  truth: ArrayLike<number>,
  predictions: Float64Array,
): MetricInput {
  if (task.kind === "regression" || task.kind === "forecast") {
    return { yTrue: truth, predictions };
  }
  if (task.kind === "spans") {
    return { yTrue: truth, labels: flatTags(truth, predictions), classes: task.labels.length };
  }
  const rows = truth.length;
  if (task.kind === "anomaly") {
    const { target } = declared_features ?? {};
    const positive = target && isClassTarget(target) ? target.classes.indexOf(task.positive) : 1;
    const probabilities = new Float64Array(2 * rows);
    probabilities.set(predictions, positive * rows);
    return { yTrue: truth, probabilities, positive };
  }
  const shares = Float32Array.from(predictions);
  return {
    yTrue: truth,
    labels: mostProbable(shares, rows),
    probabilities: predictions,
    classes: class_labels.length,
    ...task.kind === "binary" && { positive: class_labels.indexOf(task.positive) },
  };
}

/** The metric that a model was chosen by. */
export function metricFor({ task, acceptance }: ModelMetadata, wanted?: string) {
  const kind: MetricTask = task.kind === "anomaly"
    ? "binary"
    : task.kind === "forecast"
    ? "regression"
    : task.kind;
  return metricOf(wanted ?? acceptance?.metric ?? usual[kind], kind);
}

/**
 * Compares two models on the same rows by the interval that the difference of their metrics has
 * when rows are drawn again; whole groups are drawn if rows belong together. Rows count by their
 * weights where the table has them.
 *
 * @param table Raw rows with the truth.
 * @param wanted Name of the metric; the one that the candidate was chosen by if left out.
 * @throws {DataError} if the rows do not fit the models.
 * @throws {UsageError} if the metric does not fit the task.
 */
export async function compareOnRows(
  candidate: ReadModel,
  champion: ReadModel,
  table: Table,
  wanted?: string,
): Promise<Comparison> {
  const { metadata } = candidate;
  const metric = metricFor(metadata, wanted);
  const judged = judgedRows(metadata, table);
  const { rows } = judged.data;
  const inputs = await Promise.all([candidate, champion].map(async (model) => {
    const predictions = await predictTable(model, judged.table);
    return metricInputOf(metadata, judged.truth, predictions);
  }));
  const scores = (sampleWeight?: ArrayLike<number>) =>
    inputs.map((input) => metric.compute({ ...input, ...sampleWeight && { sampleWeight } }));
  const sign = metric.direction === "higher" ? 1 : -1;
  const gainOf = ([own, other]: readonly number[]) => sign * (own - other);
  const { groups } = judged.data;
  const units = groups === undefined ? rows : Math.max(-1, ...groups) + 1;
  const { weights } = judged.data;
  const drawn = (counts: Uint32Array) => {
    const times = groups === undefined
      ? counts
      : Uint32Array.from(groups, (group) => counts[group]);
    return weights ? weights.map((weight, i) => weight * times[i]) : times;
  };
  const interval = bootstrapInterval(
    units,
    (counts) => gainOf(scores(drawn(counts))),
    new Random(1),
    {
      resamples: Math.max(200, Math.min(RESAMPLES, Math.floor(MOST_DRAWN / rows))),
      confidence: CONFIDENCE,
      // A rare class must not be absent from a draw.
      ...groups === undefined && judged.data.labels && { strata: judged.data.labels },
    },
  );
  const [own, other] = scores(weights);
  return {
    metric: metric.name,
    direction: metric.direction,
    candidate: own,
    champion: other,
    gain: gainOf([own, other]),
    low: interval.low,
    high: interval.high,
    rows,
    drawn: groups === undefined ? "rows" : "groups",
  };
}
