/** The lines of the prediction log. */

import { z } from "zod";

/**
 * How a model took part in an answer: it answered as the champion, it answered
 * as the challenger, or it ran in the champion's shadow and nobody saw its answer.
 */
export type Role = "champion" | "challenger" | "shadow";

/** A raw record: the columns of the model's schema as the request sent them. */
export type RawRecord = Readonly<Record<string, number | string | null>>;

/** One line of a `predictions_….jsonl` file. */
export interface PredictionRecord {
  /** When it was answered, ISO 8601 in UTC. */
  readonly time: string;
  /**
   * Id of the request; the records of a batch end in `#0`, `#1`, …, later months of a forecast in
   * `@2026-03`.
   */
  readonly request_id: string;
  /** Sampler and learner, as `Over_RandomForest`. */
  readonly model_name: string;
  /** Version of the model, `YYYYMMDD_HHMMSS`. */
  readonly model_version: string;
  /** How the model took part. */
  readonly role: Role;
  /** Keyed digest of whom the row is about, where the model's rows come in groups. */
  readonly group?: string;
  /** Raw columns of the schema as they were sent; what was not sent is not there. */
  readonly inputs: RawRecord;
  /** The predicted class, or the predicted number. */
  readonly prediction: string | number;
  /** Probability of each class; of a number what is told beside it, as the ends of an interval. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** Milliseconds from the parsed request to the answer. */
  readonly latency_ms: number;
}

/** The id of a part of an answer that comes true by itself, as a later month of a forecast. */
export function partId(requestId: string, part: string): string {
  return `${requestId}@${part}`;
}

/** One line of a `feedback_….jsonl` file: what turned out to be true of an earlier prediction. */
export interface FeedbackRecord {
  /** When it was told, ISO 8601 in UTC. */
  readonly time: string;
  /** Id of the request that it belongs to. */
  readonly request_id: string;
  /** The true class, or the true number. */
  readonly label: string | number;
}

/** The schema of a prediction's line. */
export const predictionRecord: z.ZodType<PredictionRecord> = z.object({
  time: z.string(),
  request_id: z.string(),
  model_name: z.string(),
  model_version: z.string(),
  role: z.enum(["champion", "challenger", "shadow"]),
  group: z.string().optional(),
  inputs: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  prediction: z.union([z.string(), z.number()]),
  probabilities: z.record(z.string(), z.number()).optional(),
  latency_ms: z.number(),
});

/** The schema of a feedback's line. */
export const feedbackRecord: z.ZodType<FeedbackRecord> = z.object({
  time: z.string(),
  request_id: z.string(),
  label: z.union([z.string(), z.number()]),
});
