/**
 * Has the data changed since the model was trained? Statistics, two presets that
 * judge by them, sketches that stand for rows, windows of a stream, and what can
 * be said of a model's performance without labels.
 *
 * @module
 */

export type {
  CategoryStatistics,
  EffectiveCounts,
  Histogram,
  NumericStatistics,
} from "./column_statistics.ts";
export { categoryStatistics, numericStatistics } from "./reference_statistics.ts";
export {
  type EstimatedMetric,
  estimatePerformance,
  expectedErrors,
  type ReferenceMetric,
  type ReferencePerformance,
  referencePerformance,
  takePredictions,
} from "./performance/estimate.ts";
export {
  type ClassificationQuality,
  classificationQuality,
  type ClassQuality,
} from "./performance/quality.ts";
export {
  type ClassifierPredictions,
  type PerformanceMetric,
  performanceMetrics,
  type PerformanceScores,
  realizedScores,
} from "./performance/scores.ts";
export type { Random, TaskOptions, WorkerPool } from "../base/mod.ts";
export { CategorySketch } from "./category_sketch.ts";
export type { ColumnSketch } from "./column_sketch.ts";
export { effectiveCounts, valueGroups } from "./effective_sample_size.ts";
export type { StatisticName } from "./statistics/catalogue.ts";
export { compare, type CompareOptions } from "./compare.ts";
export type {
  CategoryDistribution,
  NumberDistribution,
  SideDistributions,
} from "./distribution.ts";
export { driftReason } from "./drift_reason.ts";
export { ofSeveralModels } from "./model_variance.ts";
export { NumberSketch } from "./number_sketch.ts";
export { QuantileSketch, type QuantileSketchState } from "./quantile_sketch.ts";
export {
  type ColumnDrift,
  type DriftColumnKind,
  type DriftResult,
  type MultivariateDrift,
  type PresetName,
  severities,
  type Severity,
  type UnseenCategories,
} from "./result.ts";
export type {
  CategorySample,
  ColumnSample,
  ColumnStatistics,
  ColumnValues,
  DateSample,
  DriftSample,
  EmbeddedTexts,
  NumberSample,
  PresenceStatistics,
  TextSample,
} from "./sample.ts";
export { type RawSample, SampleSketch, type SketchedSample } from "./sample_sketch.ts";
export { domainClassifierHead } from "./multivariate.ts";
export { countStatistics, gapStatistics, numberStatistics } from "./statistics/catalogue.ts";
export type { Measurement, Statistic, StatisticHead } from "./statistics/contract.ts";
export { chanceArea, type Separation } from "./statistics/domain_classifier.ts";
export {
  embeddingClassifierHead,
  embeddingDomainClassifier,
} from "./statistics/embedding_domain_classifier.ts";
export { textClassifierHead } from "./statistics/text_domain_classifier.ts";
export {
  type DriftBatch,
  driftOverTime,
  type DriftWindow,
  type WindowLength,
  type WindowOptions,
} from "./windows.ts";
