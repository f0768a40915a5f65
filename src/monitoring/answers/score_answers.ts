/** Answers of detectors: a score for each row, and what reviews found of some. */

import type { ColumnSample } from "../../drift/mod.ts";
import { metricOf } from "../../metrics/mod.ts";
import type { AnomalyTask, ReferenceScores } from "../../registry/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { AnswerKind, AnswerQuality, Answers } from "./contract.ts";
import { predictedNumbers } from "./in_batches.ts";

/** Metrics of reviewed rows, and what they are called in words. */
const metrics = {
  average_precision: "average precision",
  roc_auc: "ROC AUC",
  alert_precision: "precision of alerts",
  alert_recall: "recall of alerts",
} as const;

/** Reviewed rows of either kind that metrics need at least. */
const FEWEST = 5;

/** Answers that tell how unusual a row is. */
export const scoreAnswers: AnswerKind = {
  kept(model): Answers {
    const kept = keptOf(model);
    if (kept === undefined) return { columns: {}, quality: () => undefined };
    const { target, prediction, quality: scores } = kept;
    return {
      columns: { target, prediction },
      scores,
      scored: prediction.count,
      quality: () => undefined,
    };
  },
  logged: ({ predictions, labels }, model) =>
    answersOf(model, Float64Array.from(predictions, Number), labels),
  async predicted({ rows, inputs }, truth, model) {
    const predicted = await predictedNumbers(model.path, rows, inputs);
    return answersOf(model, predicted, truth);
  },
};

function answersOf(
  model: WatchedModel,
  scores: Float64Array,
  truth: readonly unknown[] | undefined,
): Answers {
  const prediction: ColumnSample = { kind: "number", values: scores };
  const { positive } = model.metadata.task as AnomalyTask;
  // Rows that nobody reviewed are no usual ones.
  const rows = Int32Array.from(truth?.keys() ?? [])
    .filter((row) => ![null, undefined, ""].includes(truth![row] as null));
  if (rows.length === 0) return { columns: { prediction }, quality: () => undefined };
  const unusual = rows.map((row) => Number(String(truth![row]) === positive));
  const own = metricsOf(model, unusual, Float64Array.from(rows, (row) => scores[row]));
  return {
    columns: {
      target: { kind: "category", codes: unusual, vocabulary: ["0", "1"], rows },
      prediction,
    },
    scores: own,
    scored: rows.length,
    quality: (_, { scores: was = {} }) => qualityOf(own, was, rows.length),
  };
}

function metricsOf(
  { metadata: { alert } }: WatchedModel,
  unusual: Int32Array,
  scores: Float64Array,
): Record<string, number | null> {
  const hits = unusual.reduce((sum, one) => sum + one, 0);
  const probabilities = new Float64Array(2 * scores.length);
  probabilities.set(scores, scores.length);
  const ranked = (name: string) =>
    Math.min(hits, unusual.length - hits) < FEWEST
      ? null
      : metricOf(name, "binary").compute({ yTrue: unusual, probabilities });
  const alerts = unusual.filter((_, i) => scores[i] >= (alert?.threshold ?? Infinity));
  const found = alerts.reduce((sum, one) => sum + one, 0);
  return {
    average_precision: ranked("average_precision"),
    roc_auc: ranked("roc_auc"),
    alert_precision: alerts.length > 0 ? found / alerts.length : null,
    alert_recall: hits > 0 ? found / hits : null,
  };
}

function qualityOf(
  own: Readonly<Record<string, number | null>>,
  was: Readonly<Record<string, number | null>>,
  rows: number,
): AnswerQuality {
  const told = Object.entries(metrics).map(([name, title]) =>
    [title, own[name] ?? null, was[name] ?? null] as const
  );
  const words = told.filter(([, value]) => value !== null).map(([title, value, before]) =>
    `${title} ${value!.toFixed(3)}${before === null ? "" : ` (${before.toFixed(3)} in training)`}`
  );
  return {
    words: words.length === 0 ? [] : [`Of ${rows} reviewed rows: ${words.join(", ")}.`],
    sections: [{
      title: "What reviews found",
      text: `${rows} rows were reviewed. Reviews that look at alerts alone flatter the recall.`,
      table: {
        head: ["Metric", "Now", "In training"],
        rows: told.map(([title, value, before]) => [title, value ?? "–", before ?? "–"]),
      },
    }],
    json: { realized: own },
  };
}

/** Held-out scores that came with the model. */
function keptOf({ metadata }: WatchedModel): ReferenceScores | undefined {
  const kept = metadata.reference_performance;
  return kept?.kind === "scores" ? kept : undefined;
}
