/**
 * Figures as plotly JSON and self-contained HTML pages. Figures take plain
 * arrays, so any room can fill them; each carries a sentence for those who
 * cannot see it.
 *
 * @module
 */

export type { Figure } from "./figure.ts";
export { type Bar, barFigure } from "./figures/bar.ts";
export { calibrationFigure, type CalibrationSeries } from "./figures/calibration.ts";
export { confusionFigure } from "./figures/confusion.ts";
export { gainFigure, type GainSeries, liftFigure, type LiftSeries } from "./figures/gain.ts";
export {
  type LearningCurve,
  learningCurveFigure,
  type LearningSeries,
} from "./figures/learning_curve.ts";
export { precisionRecallFigure, type PrecisionRecallSeries } from "./figures/precision_recall.ts";
export { rocFigure, type RocSeries } from "./figures/roc.ts";
export { shapBarFigure, type ShapOutputs } from "./figures/shap_bar.ts";
export { type ShapPoints, shapSummaryFigure } from "./figures/shap_summary.ts";
export { type Contribution, type ShapRow, shapWaterfallFigure } from "./figures/shap_waterfall.ts";
export { page, type Section } from "./page.ts";
export type { TableSection } from "./table.ts";
