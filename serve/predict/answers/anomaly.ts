/** How unusual a record is: its score, where that stands among others, and what made it so. */

import { z } from "@hono/zod-openapi";
import { ModelError, percentileRank } from "../../../src/base/mod.ts";
import { openRegression } from "../../../src/onnx_runtime/mod.ts";
import type { ModelMetadata } from "../../../src/registry/mod.ts";
import type { Scores } from "../../model/inference.ts";
import type { ParsedRecord } from "../../model/record_parser.ts";
import { noNumber } from "./classes.ts";
import type { AnswerWriter, JudgedPrediction, OutputTensor, TaskAnswers } from "./contract.ts";
import { regressionAnswers } from "./regression.ts";
import { commonFields } from "./schema.ts";
import { ending } from "./warnings.ts";

/** Columns that an answer names. */
const NAMED = 5;

/** An answer of `POST /predict`. */
export const anomalyAnswer = z.object({
  ...commonFields,
  prediction: z.number().openapi({ description: "The score, as models of numbers call it" }),
  score: z.number().openapi({ description: "How unusual the record is: higher is more so" }),
  percentile: z.number().min(0).max(100).openapi({
    description: "Share in percent of the training's held-out rows that are less unusual",
  }),
  is_anomaly: z.boolean().openapi({ description: "Whether the score reaches the threshold" }),
  threshold: z.number().openapi({
    description: "The score that only the declared share of rows reaches; labels have no say in it",
  }),
  columns: z.array(z.object({ column: z.string(), share: z.number().min(0).max(1) })).optional()
    .openapi({
      description:
        "What made the record unusual: the columns that raise its score most, each with " +
        "its share in all that raises it; absent where ONNX Runtime runs the model",
    }),
}).openapi("AnomalyAnswer");

/** Models of anomalies. */
export const detectorAnswers: TaskAnswers = {
  ...regressionAnswers,
  open: openRegression,
  reasons: true,
  writer(metadata, threshold) {
    if (threshold === undefined) return new AnomalyWriter(metadata);
    throw new ModelError(`Cannot set a threshold of ${metadata.model_name} by hand`, {
      next: "leave THRESHOLD out: the budget of alerts that it was trained with decides",
    });
  },
  answer: anomalyAnswer,
  explained: () => ["anomaly"],
  space: () => "margin",
  truth: (label) => String(label),
  quality: qualityOf,
};

class AnomalyWriter implements AnswerWriter {
  readonly tensors: readonly OutputTensor[] = [
    { name: "prediction", datatype: "FP32", of: ({ scores }) => scores[0] },
  ];
  readonly #threshold: number;
  readonly #scores: Float64Array;
  readonly #tail: string;

  constructor({ model_name, version, alert }: ModelMetadata) {
    if (alert === undefined) {
      throw new ModelError(`Cannot serve ${model_name}: its metadata tell no threshold of alerts`, {
        next: "train it again with this version",
      });
    }
    this.#threshold = alert.threshold;
    this.#scores = Float64Array.from(alert.scores);
    this.#tail = `,"model_name":${JSON.stringify(model_name)},"model_version":${
      JSON.stringify(version)
    }`;
  }

  write(
    id: string,
    { scores: [score], reasons }: Scores,
    latencyMs: number,
    { warnings }: ParsedRecord,
  ): string {
    if (!Number.isFinite(score)) throw noNumber(score);
    const percentile = Number((100 * percentileRank(this.#scores, score)).toFixed(2));
    const why = reasons === undefined ? "" : `,"columns":${JSON.stringify(strongest(reasons()))}`;
    return `{"request_id":"${id}","prediction":${score},"score":${score},` +
      `"percentile":${percentile},"is_anomaly":${score >= this.#threshold},` +
      `"threshold":${this.#threshold}${why},"latency_ms":${latencyMs}${this.#tail}` +
      ending(warnings);
  }

  logged({ scores: [prediction] }: Scores) {
    return { prediction };
  }
}

/** The columns that raise a score most, with their shares. */
function strongest(parts: ReadonlyMap<string, number>): { column: string; share: number }[] {
  const raising = [...parts].filter(([, part]) => part > 0).sort(([, a], [, b]) => b - a);
  const total = raising.reduce((sum, [, part]) => sum + part, 0);
  return raising.slice(0, NAMED)
    .map(([column, part]) => ({ column, share: Number((part / total).toFixed(3)) }));
}

/** The mean score by what reviews found; monitoring knows which of them are to alert. */
function qualityOf(judged: readonly JudgedPrediction[]): Record<string, number> {
  const sums = new Map<string, [sum: number, count: number]>();
  for (const { label, prediction } of judged) {
    const [sum, count] = sums.get(String(label)) ?? [0, 0];
    sums.set(String(label), [sum + Number(prediction), count + 1]);
  }
  return Object.fromEntries(
    [...sums].map(([label, [sum, count]]) => [`mean_score_${label}`, sum / count]),
  );
}
