/** How a model did on rows that were held out, as its metadata keep it. */

import { z } from "zod";
import type {
  CategoryStatistics,
  ClassificationQuality,
  NumericStatistics,
  ReferencePerformance,
} from "../drift/mod.ts";
import type { DecisionRule } from "./decision.ts";

/** How the model did on training rows that were held out from it, by the kind of its task. */
export type ReferencePredictions =
  | ReferenceClasses
  | ReferenceNumbers
  | ReferenceSpans
  | ReferenceScores;

/** Held-out predictions of classes. */
export interface ReferenceClasses {
  /** Tells the kinds apart; files of older versions have none and hold classes. */
  readonly kind?: "classes";
  /** Calibration, expected metrics and their spread, to estimate performance without labels. */
  readonly performance: ReferencePerformance;
  /** Metrics, confusion matrix and curves. */
  readonly quality: ClassificationQuality;
  /** By what rows count as a class in both; the most probable one where absent. */
  readonly decided?: DecisionRule;
  /** Statistics of the labels. */
  readonly target: CategoryStatistics;
  /** Statistics of the predicted classes. */
  readonly prediction: CategoryStatistics;
  /** Statistics of the probability of each class, by its label. */
  readonly probabilities: Readonly<Record<string, NumericStatistics>>;
  /** Importance of each raw column to the model: mean absolute Shapley values, sum 1. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** Whether held-out predictions are of classes. */
export function isOfClasses(kept: ReferencePredictions): kept is ReferenceClasses {
  return kept.kind === undefined || kept.kind === "classes";
}

/** Held-out predictions of numbers. */
export interface ReferenceNumbers {
  /** Tells the kinds apart. */
  readonly kind: "numbers";
  /** Error metrics by name, as `rmse`. */
  readonly quality: Readonly<Record<string, number>>;
  /** Statistics of the true values. */
  readonly target: NumericStatistics;
  /** Statistics of the predicted values. */
  readonly prediction: NumericStatistics;
  /** Statistics of true minus predicted value. */
  readonly error: NumericStatistics;
  /** Importance of each raw column to the model: mean absolute Shapley values, sum 1. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** Held-out predictions of spans. */
export interface ReferenceSpans {
  /** Tells the kinds apart. */
  readonly kind: "spans";
  /** Metrics by name, as `span_f1`. */
  readonly quality: Readonly<Record<string, number>>;
  /** Statistics of the labels of true spans. */
  readonly target: CategoryStatistics;
  /** Statistics of the labels of predicted spans. */
  readonly prediction: CategoryStatistics;
  /** Statistics of how sure the model was, text by text. */
  readonly confidence: NumericStatistics;
  /** Importance of each raw column: none is told of texts. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** Held-out scores of anomalies. */
export interface ReferenceScores {
  /** Tells the kinds apart. */
  readonly kind: "scores";
  /** Metrics by name, as `average_precision` and `alert_precision`. */
  readonly quality: Readonly<Record<string, number>>;
  /** Statistics of what reviews found, "0" or "1". */
  readonly target: CategoryStatistics;
  /** Statistics of the scores. */
  readonly prediction: NumericStatistics;
  /** Importance of each raw column to the model: mean absolute Shapley values, sum 1. */
  readonly column_importance: Readonly<Record<string, number>>;
}

/** What another room of the framework wrote: an object, which is not looked into again here. */
export function written<T extends object>(): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === "object" && value !== null, "must be an object");
}

/** Checks what was kept of held-out predictions. */
export const referencePredictions: z.ZodType<ReferencePredictions> = z.union([
  z.object({
    kind: z.literal("numbers"),
    quality: z.record(z.string(), z.number()),
    target: written<NumericStatistics>(),
    prediction: written<NumericStatistics>(),
    error: written<NumericStatistics>(),
    column_importance: z.record(z.string(), z.number()),
  }),
  z.object({
    kind: z.literal("spans"),
    quality: z.record(z.string(), z.number()),
    target: written<CategoryStatistics>(),
    prediction: written<CategoryStatistics>(),
    confidence: written<NumericStatistics>(),
    column_importance: z.record(z.string(), z.number()),
  }),
  z.object({
    kind: z.literal("scores"),
    quality: z.record(z.string(), z.number()),
    target: written<CategoryStatistics>(),
    prediction: written<NumericStatistics>(),
    column_importance: z.record(z.string(), z.number()),
  }),
  z.object({
    kind: z.literal("classes").optional(),
    performance: written<ReferencePerformance>(),
    quality: written<ClassificationQuality>(),
    decided: z.object({ threshold: z.number(), label: z.string() }).optional(),
    target: written<CategoryStatistics>(),
    prediction: written<CategoryStatistics>(),
    probabilities: z.record(z.string(), written<NumericStatistics>()),
    column_importance: z.record(z.string(), z.number()),
  }),
]);
