/**
 * Figures as plotly JSON and self-contained HTML pages. Figures take plain
 * arrays, so any room can fill them; each carries a sentence for those who
 * cannot see it.
 *
 * @module
 */

export { drawing, figurePlace } from "./drawing.ts";
export { type Figure, figureConfig, seriesColours } from "./figure.ts";
export { type Bar, barFigure } from "./figures/bar.ts";
export { dependenceFigure, type DependencePanel } from "./figures/dependence.ts";
export { dotFigure } from "./figures/dot.ts";
export { bandFigure, type BandSeries } from "./figures/band.ts";
export { boxFigure } from "./figures/box.ts";
export { calibrationFigure, type CalibrationSeries } from "./figures/calibration.ts";
export { confusionFigure } from "./figures/confusion.ts";
export { gainFigure, type GainSeries, liftFigure, type LiftSeries } from "./figures/gain.ts";
export { type HeatmapCells, heatmapFigure, type HeatmapOptions } from "./figures/heatmap.ts";
export { histogramFigure, type ValueSeries } from "./figures/histogram.ts";
export {
  type LearningCurveData,
  learningCurveFigure,
  type LearningSeries,
} from "./figures/learning_curve.ts";
export { lineFigure } from "./figures/lines.ts";
export { categoriesOverlayFigure, numbersOverlayFigure, type Overlay } from "./figures/overlay.ts";
export { type ParallelAxis, parallelCoordinatesFigure } from "./figures/parallel_coordinates.ts";
export { type LineValues, parallelLinesFigure } from "./figures/parallel_lines.ts";
export { precisionRecallFigure, type PrecisionRecallSeries } from "./figures/precision_recall.ts";
export { rocFigure, type RocSeries } from "./figures/roc.ts";
export { type AxisNames, type PointSeries, scatterFigure } from "./figures/scatter.ts";
export { type SearchedTrial, searchHistoryFigure } from "./figures/search_history.ts";
export { type Slice, slicesFigure } from "./figures/slices.ts";
export { shapBarFigure, type ShapOutputs } from "./figures/shap_bar.ts";
export { type ShapPoints, shapSummaryFigure } from "./figures/shap_summary.ts";
export { distributionsFigure, type SmallDistribution } from "./figures/small_multiples.ts";
export { type Contribution, type ShapRow, shapWaterfallFigure } from "./figures/shap_waterfall.ts";
export { figureSvg } from "./svg/figure_svg.ts";
export { type Detail, page, type PageBlock, type Section, type Tone } from "./page.ts";
export { style as pageStyle } from "./style.ts";
export { sparkline } from "./sparkline.ts";
export type { LinkCell, MarkCell, NumberCell, TableCell, TableSection } from "./table.ts";
export { type CurvePoints, thinCurve } from "./curve_points.ts";
