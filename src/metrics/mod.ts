/**
 * How good predictions are: arrays in, numbers out.
 *
 * Probabilities of several classes lie class by class, shape [classes × rows],
 * as the trees give them.
 *
 * @module
 */

export { balancedAccuracy, cohenKappa, matthewsCorrelation } from "./agreement.ts";
export { averagePrecision } from "./average_precision.ts";
export { type BootstrapInterval, bootstrapInterval, type BootstrapOptions } from "./bootstrap.ts";
export { brierScore, brierScoreMulticlass } from "./brier_score.ts";
export {
  type CalibrationBin,
  calibrationCurve,
  type CalibrationOptions,
  expectedCalibrationError,
} from "./calibration.ts";
export { type ClassificationReport, classificationReport } from "./classification_report.ts";
export { accuracy, type ConfusionMatrix, confusionMatrix } from "./confusion_matrix.ts";
export {
  type CostThreshold,
  costThreshold,
  leastCostClasses,
  meanCost,
  type OutcomeCosts,
} from "./cost.ts";
export { type FairnessReport, fairnessReport, type GroupRates } from "./fairness.ts";
export { type FairnessMeasure, fairnessMeasures, groupNames } from "./fairness_measures.ts";
export { type PairedComparison, pairedComparison } from "./paired_comparison.ts";
export { fitIsotonic, interpolate, type RisingLine, valueAt } from "./isotonic.ts";
export { crpsOfQuantiles, crpsOfSamples } from "./crps.ts";
export { ksStatistic } from "./ks_statistic.ts";
export { cumulativeGains, type GainCurve, type LiftBin, liftByQuantile } from "./lift.ts";
export { logLoss } from "./log_loss.ts";
export { meanAbsoluteError } from "./mean_absolute_error.ts";
export { meanAbsolutePercentageError } from "./mean_absolute_percentage_error.ts";
export { medianAbsoluteError } from "./median_absolute_error.ts";
export { pinballLoss } from "./pinball_loss.ts";
export { tweedieDeviance, unitDeviance } from "./tweedie_deviance.ts";
export { r2Score } from "./r2_score.ts";
export { rootMeanSquaredError } from "./root_mean_squared_error.ts";
export {
  type Metric,
  type MetricInput,
  metricNames,
  metricOf,
  type MetricTask,
} from "./catalogue.ts";
export { type PrecisionRecallCurve, precisionRecallCurve } from "./precision_recall_curve.ts";
export {
  averageScores,
  type ClassScores,
  classScores,
  type PrecisionRecallF1,
} from "./precision_recall_f1.ts";
export { ndcgAtK, recallAtK, reciprocalRank } from "./ranked_retrieval.ts";
export { denseRanks } from "./ranking.ts";
export { rocAuc, rocAucOneVsRest } from "./roc_auc.ts";
export { type CurveOptions, type RocCurve, rocCurve } from "./roc_curve.ts";
export type { Random } from "../base/mod.ts";
export {
  countSpans,
  flatTags,
  type SpanCounts,
  type SpanScores,
  spanScores,
  spansOfTags,
  type TokenSpan,
  wholeTexts,
} from "./span_scores.ts";
