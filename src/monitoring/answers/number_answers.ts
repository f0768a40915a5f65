/** Answers of regressions: a number for each row. */

import type { ColumnSample } from "../../drift/mod.ts";
import { openRegression } from "../../onnx/session.ts";
import type { ReferenceNumbers } from "../../registry/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { AnswerKind, Answers } from "./contract.ts";
import { inBatches } from "./in_batches.ts";
import { errorScoresOf, numberQuality } from "./number_quality.ts";
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
  logged(records, model, groups) {
    return answersOf(
      model,
      Float64Array.from(records, ({ prediction }) => Number(prediction)),
      Float64Array.from(records, ({ label }) => numberOf(label)),
      groups,
    );
  },
  async predicted({ rows, inputs }, truth, model, groups) {
    const opened = await openRegression(model.path);
    const predicted = new Float64Array(rows);
    try {
      for (const [from, to] of inBatches(rows)) {
        predicted.set(await opened.predict(inputs(from, to)), from);
      }
    } finally {
      await opened.close();
    }
    return answersOf(model, predicted, truth && Float64Array.from(truth, numberOf), groups);
  },
};

function answersOf(
  model: WatchedModel,
  predicted: Float64Array,
  truth: Float64Array | undefined,
  groups: Int32Array | undefined,
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
  const { interval } = model.metadata;
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
function numberOf(cell: unknown): number {
  return cell === null || cell === undefined || cell === "" ? NaN : Number(cell);
}
