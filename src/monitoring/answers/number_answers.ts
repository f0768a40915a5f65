/** Answers of regressions: a number for each row. */

import type { ColumnSample } from "../../drift/mod.ts";
import type { PredictionInterval, ReferenceNumbers } from "../../registry/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { AnswerKind, Answers } from "./contract.ts";
import { predictedNumbers } from "./in_batches.ts";
import { errorScoresOf, numberQuality, type RowIntervals } from "./number_quality.ts";
import { errorsJson, errorsSections, errorsWords } from "./number_sections.ts";

/** Answers that name a number. */
export const numberAnswers: AnswerKind = {
  kept(model): Answers {
    const kept = keptOf(model);
    if (kept === undefined) return { columns: {}, quality: () => undefined };
    const { target, prediction, error, quality: scores } = kept;
    return {
      columns: { target, prediction, error },
      scores,
      scored: error.count,
      quality: () => undefined,
    };
  },
  logged({ predictions, labels }, model, groups) {
    return answersOfNumbers(
      Float64Array.from(predictions, Number),
      labels && Float64Array.from(labels, numberOf),
      groups,
      model.metadata.interval,
    );
  },
  async predicted({ rows, inputs }, truth, model, groups) {
    const predicted = await predictedNumbers(model.path, rows, inputs);
    return answersOfNumbers(
      predicted,
      truth && Float64Array.from(truth, numberOf),
      groups,
      model.metadata.interval,
    );
  },
};

/**
 * Answers that are numbers.
 *
 * @param truth NaN where nobody knows yet, shape [rows].
 * @param intervals One for all rows, or one for each; undefined if the model gives none.
 */
export function answersOfNumbers(
  predicted: Float64Array,
  truth: Float64Array | undefined,
  groups: Int32Array | undefined,
  intervals: PredictionInterval | RowIntervals | undefined,
): Answers {
  const prediction: ColumnSample = { kind: "number", values: predicted };
  // Rows whose truth is not known yet are no missing values.
  const at = Int32Array.from(truth?.keys() ?? []).filter((row) => Number.isFinite(truth![row]));
  if (at.length === 0) return { columns: { prediction }, quality: () => undefined };
  const known = {
    truth: Float64Array.from(at, (row) => truth![row]),
    predicted: Float64Array.from(at, (row) => predicted[row]),
    groups: groups && at.map((row) => groups[row]),
  };
  const errors = known.truth.map((value, i) => value - known.predicted[i]);
  const interval = intervals && "lower" in intervals
    ? {
      ...intervals,
      lower: Float64Array.from(at, (row) => intervals.lower[row]),
      upper: Float64Array.from(at, (row) => intervals.upper[row]),
    }
    : intervals;
  return {
    columns: {
      target: { kind: "number", values: known.truth },
      prediction,
      error: { kind: "number", values: errors },
    },
    scores: errorScoresOf(known),
    scored: at.length,
    quality(slices, { scores, scored }) {
      const reference = scores && { scores, rows: scored ?? Infinity };
      const quality = numberQuality(known, at, slices, reference, interval);
      return {
        words: errorsWords(quality),
        sections: errorsSections(quality, slices),
        json: errorsJson(quality),
      };
    },
  };
}

/** Held-out predictions that came with the model. */
function keptOf({ metadata }: WatchedModel): ReferenceNumbers | undefined {
  const kept = metadata.reference_performance;
  return kept?.kind === "numbers" ? kept : undefined;
}

/** A true value as it is written, NaN if none is. */
export function numberOf(cell: unknown): number {
  return cell === null || cell === undefined || cell === "" ? NaN : Number(cell);
}
