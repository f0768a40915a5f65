/**
 * How good predictions are: arrays in, numbers out.
 *
 * Probabilities of several classes lie class by class, shape [classes × rows],
 * as the trees give them.
 *
 * @module
 */

export { averagePrecision } from "./average_precision.ts";
export { brierScore, brierScoreMulticlass } from "./brier_score.ts";
export {
  type CalibrationBin,
  calibrationCurve,
  type CalibrationOptions,
  expectedCalibrationError,
} from "./calibration.ts";
export { type ClassificationReport, classificationReport } from "./classification_report.ts";
export { accuracy, type ConfusionMatrix, confusionMatrix } from "./confusion_matrix.ts";
export { ksStatistic } from "./ks_statistic.ts";
export { logLoss } from "./log_loss.ts";
export {
  averageScores,
  type ClassScores,
  classScores,
  type PrecisionRecallF1,
} from "./precision_recall_f1.ts";
export { rocAuc, rocAucOneVsRest } from "./roc_auc.ts";
