/**
 * Figures for cells: each takes plain values and gives a view with a plotly figure,
 * a still drawing and a sentence.
 */

import {
  averagePrecision,
  calibrationCurve,
  confusionMatrix,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from "../metrics/mod.ts";
import {
  type AxisNames,
  bandFigure,
  type BandSeries,
  type Bar,
  barFigure,
  boxFigure,
  calibrationFigure,
  confusionFigure,
  dotFigure,
  type HeatmapCells,
  heatmapFigure,
  type HeatmapOptions,
  histogramFigure,
  type LearningCurveData,
  learningCurveFigure,
  lineFigure,
  type PointSeries,
  precisionRecallFigure,
  rocFigure,
  scatterFigure,
  shapBarFigure,
  type ShapOutputs,
  type ShapPoints,
  type ShapRow,
  shapSummaryFigure,
  shapWaterfallFigure,
  type ValueSeries,
} from "../report/mod.ts";
import { figureView } from "./figure_view.ts";
import type { View } from "./view.ts";

/** What a model said about rows whose classes are known. */
export interface KnownPredictions {
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** True class of each row, shape [rows]. */
  readonly labels: ArrayLike<number>;
  /** Probabilities class by class, shape [classes × rows]. */
  readonly probabilities: Float32Array | Float64Array;
}

/** The distribution of one group of values, or of several over one another. */
export function histogram(
  title: string,
  axis: string,
  series: readonly ValueSeries[],
  bins?: number,
): View {
  return figureView(histogramFigure(title, axis, series, bins));
}

/** Median, quartiles and whiskers of each group. */
export function box(title: string, axis: string, groups: readonly ValueSeries[]): View {
  return figureView(boxFigure(title, axis, groups));
}

/** Points by group; of more than 4,000 some are left out and the title says how many. */
export function scatter(title: string, axes: AxisNames, series: readonly PointSeries[]): View {
  return figureView(scatterFigure(title, axes, series));
}

/** A line for each series. */
export function line(title: string, axes: AxisNames, series: readonly PointSeries[]): View {
  return figureView(lineFigure(title, axes, series));
}

/** A line with its band, as a forecast with its interval, before what is usual. */
export function band(title: string, axis: string, series: BandSeries): View {
  return figureView(bandFigure(title, axis, series));
}

/** Horizontal bars, the first on top; with error bars where an error is given. */
export function bar(title: string, axis: string, bars: readonly Bar[]): View {
  return figureView(barFigure(title, axis, bars));
}

/** A dot for each value with its error bar, for values that lie close to each other. */
export function dot(title: string, axis: string, values: readonly Bar[]): View {
  return figureView(dotFigure(title, axis, values));
}

/** A matrix of numbers as colours. */
export function heatmap(title: string, cells: HeatmapCells, options?: HeatmapOptions): View {
  return figureView(heatmapFigure(title, cells, options));
}

/** Which classes are taken for which. */
export function confusion(title: string, predictions: KnownPredictions): View {
  const { classes, labels } = predictions;
  const counts = confusionMatrix(labels, mostLikely(predictions), classes.length);
  return figureView(confusionFigure(title, classes, counts));
}

/** ROC curves of each class against the others. */
export function roc(title: string, predictions: KnownPredictions): View {
  return figureView(rocFigure(
    title,
    oneAgainstRest(predictions).map(({ label, positive, probability }) => ({
      label,
      ...rocCurve(positive, probability),
      auc: rocAuc(positive, probability),
    })),
  ));
}

/** Precision over recall of each class against the others. */
export function precisionRecall(title: string, predictions: KnownPredictions): View {
  return figureView(precisionRecallFigure(
    title,
    oneAgainstRest(predictions).map(({ label, positive, probability }) => ({
      label,
      ...precisionRecallCurve(positive, probability, { dropIntermediate: true }),
      averagePrecision: averagePrecision(positive, probability),
    })),
  ));
}

/** Whether the probabilities of each class mean what they say. */
export function calibration(title: string, predictions: KnownPredictions, bins?: number): View {
  return figureView(calibrationFigure(
    title,
    oneAgainstRest(predictions).map(({ label, positive, probability }) => ({
      label,
      bins: calibrationCurve(positive, probability, bins === undefined ? {} : { bins }),
    })),
  ));
}

/** How much each feature matters, the most important on top. */
export function importance(title: string, shap: ShapOutputs, most?: number): View {
  return figureView(shapBarFigure(title, shap, most));
}

/** How far each feature moves the scores of all rows. */
export function shapSummary(title: string, shap: ShapPoints, most?: number): View {
  return figureView(shapSummaryFigure(title, shap, most));
}

/** How the score of one row came about. */
export function shapWaterfall(title: string, row: ShapRow, most?: number): View {
  return figureView(shapWaterfallFigure(title, row, most));
}

/** A score over boosting rounds or training sizes. */
export function learningCurve(title: string, curve: LearningCurveData): View {
  return figureView(learningCurveFigure(title, curve));
}

/** Each class with its probabilities, and 1 for each row that has it. */
function oneAgainstRest({ classes, labels, probabilities }: KnownPredictions) {
  const rows = labels.length;
  return classes.map((label, k) => ({
    label,
    positive: Int32Array.from(labels, (found) => found === k ? 1 : 0),
    probability: probabilities.subarray(k * rows, (k + 1) * rows),
  }));
}

/** The class with the highest probability of each row, the first if two are equal. */
function mostLikely({ classes, labels, probabilities }: KnownPredictions): Int32Array {
  const rows = labels.length;
  return Int32Array.from(labels, (_, i) => {
    let best = 0;
    for (let k = 1; k < classes.length; k++) {
      if (probabilities[k * rows + i] > probabilities[best * rows + i]) best = k;
    }
    return best;
  });
}
