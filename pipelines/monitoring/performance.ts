/** How good the model is on the current rows: known where labels are, estimated where not. */

import {
  type ClassificationQuality,
  classificationQuality,
  estimatePerformance,
  type PerformanceScores,
  realizedScores,
  takePredictions,
} from "../../src/drift/mod.ts";
import { labelled } from "./model_side.ts";
import type { Side } from "./side.ts";
import type { Slices } from "./slices.ts";
import type { WatchedModel } from "./watched_model.ts";

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

/** Estimates and, where there are labels, measures; undefined without predictions. */
export function performanceOf(
  current: Side,
  slices: Slices,
  model: WatchedModel | undefined,
): Performance | undefined {
  if (model === undefined || current.predictions === undefined) return undefined;
  const performance = model.reference?.performance;
  const known = labelled(current);
  const overTime = slices.edges.slice(0, -1).map((from, i) => {
    const part = rowsOf(current, slices.order.subarray(from, slices.edges[i + 1]));
    const own = labelled(part);
    return {
      ...(performance && { estimated: estimatePerformance(performance, part.predictions!) }),
      ...(own && own.labels.length >= FEWEST_LABELS && {
        realized: realizedScores(own.labels, own.predictions),
      }),
    };
  });
  return {
    ...(performance && { estimated: estimatePerformance(performance, current.predictions) }),
    overTime,
    ...(known && { realized: classificationQuality(known.labels, known.predictions) }),
  };
}

/** Predictions and labels of some rows. */
function rowsOf(side: Side, rows: Int32Array): Side {
  return {
    ...side,
    predictions: takePredictions(side.predictions!, rows),
    labels: side.labels && rows.map((row) => side.labels![row]),
  };
}
