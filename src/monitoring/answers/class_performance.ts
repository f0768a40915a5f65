/** How good a classifier is on the current rows: known where labels are, estimated if not. */

import {
  type ClassificationQuality,
  classificationQuality,
  type ClassifierPredictions,
  estimatePerformance,
  type PerformanceScores,
  realizedScores,
  type ReferencePerformance,
  takePredictions,
} from "../../drift/mod.ts";
import type { Slices } from "../slices.ts";

/** What a classifier said about rows, and their true classes if they are known. */
export interface ClassifiedRows {
  /** What it said. */
  readonly predictions: ClassifierPredictions;
  /** True classes, −1 if one is not known, shape [rows]. */
  readonly labels?: Int32Array;
}

/** Estimated metrics of all rows, or of one slice. */
export type Estimate = ReturnType<typeof estimatePerformance>;

/** What can be said about the model's quality. */
export interface Performance {
  /** Metrics to be expected, without looking at labels; undefined for models of older versions. */
  readonly estimated?: Estimate;
  /** The same slice by slice, and what is known where enough labels are. */
  readonly overTime: readonly {
    readonly estimated?: Estimate;
    readonly realized?: PerformanceScores;
  }[];
  /** The quality on rows whose labels are known. */
  readonly realized?: ClassificationQuality;
}

/** Labels that a slice needs for its metrics to say anything. */
const FEWEST_LABELS = 30;

/** Estimates if the model can give them and, where there are labels, measures. */
export function performanceOf(
  current: ClassifiedRows,
  slices: Slices,
  reference: ReferencePerformance | undefined,
): Performance {
  const estimate = ({ predictions }: ClassifiedRows) =>
    reference && { estimated: estimatePerformance(reference, predictions) };
  const overTime = slices.edges.slice(0, -1).map((from, i) => {
    const part = rowsOf(current, slices.order.subarray(from, slices.edges[i + 1]));
    const own = labelled(part);
    return {
      ...estimate(part),
      ...(own && own.labels.length >= FEWEST_LABELS && {
        realized: realizedScores(own.labels, own.predictions),
      }),
    };
  });
  const known = labelled(current);
  return {
    ...estimate(current),
    overTime,
    ...(known && { realized: classificationQuality(known.labels, known.predictions) }),
  };
}

/** The rows whose labels are known. */
function labelled({ labels, predictions }: ClassifiedRows): Required<ClassifiedRows> | undefined {
  if (labels === undefined) return undefined;
  const rows = Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0);
  return rows.length === 0 ? undefined : {
    labels: rows.map((row) => labels[row]),
    predictions: takePredictions(predictions, rows),
  };
}

function rowsOf({ predictions, labels }: ClassifiedRows, rows: Int32Array): ClassifiedRows {
  return {
    predictions: takePredictions(predictions, rows),
    labels: labels && rows.map((row) => labels[row]),
  };
}
