/** How good a classifier was, small enough for a model's metadata and a page. */

import {
  averagePrecision,
  calibrationCurve,
  type ConfusionMatrix,
  confusionMatrix,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from "../../metrics/mod.ts";
import { type CurvePoints, thinCurve } from "../../report/mod.ts";
import { type ClassifierPredictions, type PerformanceScores, realizedScores } from "./scores.ts";

/** One class against all others. Plain JSON. */
export interface ClassQuality {
  /** Rows of the class. */
  readonly rows: number;
  /** True over false positive rate, at most 80 points. */
  readonly roc: CurvePoints;
  /** Area under it, null if all rows are of one class. */
  readonly auc: number | null;
  /** Precision (y) over recall (x), at most 80 points. */
  readonly precisionRecall: CurvePoints;
  /** Mean precision over recall. */
  readonly averagePrecision: number;
  /** Predicted probability, observed share and rows of ten bins; empty ones are left out. */
  readonly calibration: readonly {
    readonly predicted: number;
    readonly observed: number;
    readonly rows: number;
  }[];
}

/** The quality on rows whose labels are known. Plain JSON, a few kilobytes for each class. */
export interface ClassificationQuality {
  /** Number of rows. */
  readonly rows: number;
  /** The metrics, null if one is not defined. */
  readonly scores: Readonly<Record<keyof PerformanceScores, number | null>>;
  /** Counts of rows by true and predicted class. */
  readonly confusion: ConfusionMatrix;
  /** Each class in the order of their codes. */
  readonly classes: readonly ClassQuality[];
}

const POINTS = 80;

/**
 * Summarises predictions of rows whose labels are known, at least one.
 *
 * @param labels True classes, 0 to classes − 1, shape [rows].
 */
export function classificationQuality(
  labels: Int32Array,
  predictions: ClassifierPredictions,
): ClassificationQuality {
  const { classes, predicted, probabilities } = predictions;
  const rows = labels.length;
  const scores = Object.entries(realizedScores(labels, predictions))
    .map(([name, value]) => [name, finite(value)]);
  return {
    rows,
    scores: Object.fromEntries(scores),
    confusion: confusionMatrix(labels, predicted, classes),
    classes: Array.from({ length: classes }, (_, k) => {
      const positive = Uint8Array.from(labels, (label) => Number(label === k));
      const own = probabilities.subarray(k * rows, (k + 1) * rows);
      const auc = finite(rocAuc(positive, own));
      const { falsePositiveRate, truePositiveRate } = rocCurve(positive, own);
      const { precision, recall } = precisionRecallCurve(positive, own, {
        dropIntermediate: true,
      });
      return {
        rows: positive.reduce((sum, one) => sum + one, 0),
        // Rates of a class without rows, or of nothing else, are no curve.
        roc: auc === null
          ? { x: [], y: [] }
          : thinCurve(falsePositiveRate, truePositiveRate, POINTS),
        auc,
        precisionRecall: thinCurve(recall, precision, POINTS),
        averagePrecision: averagePrecision(positive, own),
        calibration: calibrationCurve(positive, own),
      };
    }),
  };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
