/** The sections of a report about predicted classes. */

import { Random } from "../../base/mod.ts";
import {
  averagePrecision,
  averageScores,
  bootstrapInterval,
  calibrationCurve,
  classScores,
  type ConfusionMatrix,
  confusionMatrix,
  expectedCalibrationError,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from "../../metrics/mod.ts";
import {
  calibrationFigure,
  confusionFigure,
  precisionRecallFigure,
  rocFigure,
  type Section,
} from "../../report/mod.ts";
import { mostProbable } from "../../trees/mod.ts";
import { ofClass, type OutOfFold } from "../held_out.ts";

const RESAMPLES = 500;

/** Where held-out predictions err, how they rank, and whether their probabilities are true. */
export function classSections(
  predictions: OutOfFold,
  classes: readonly string[],
  seed: number,
): Section[] {
  const { labels, probabilities } = predictions;
  const predicted = mostProbable(probabilities, labels.length);
  const confusion = confusionMatrix(labels, predicted, classes.length);
  return [
    classReport(predictions, confusion, classes, seed),
    ranking(predictions, classes),
    calibration(predictions, classes),
  ];
}

/** Precision, recall and F1 of each class, and where the model errs. */
function classReport(
  predictions: OutOfFold,
  confusion: ConfusionMatrix,
  classes: readonly string[],
  seed: number,
): Section {
  const { low, high } = f1Interval(predictions, classes.length, seed);
  return {
    title: "Class by class",
    text:
      "Every row was predicted once, by the fold that held it out. Macro-F1 over all rows lies " +
      `between ${low.toFixed(4)} and ${high.toFixed(4)} in 95 % of bootstrap resamples.`,
    table: {
      head: ["Class", "Precision", "Recall", "F1", "Rows"],
      rows: classScores(confusion).map((
        { precision, recall, f1, support },
        k,
      ) => [classes[k], precision, recall, f1, support]),
    },
    figures: [confusionFigure("Confusion matrix over all folds", classes, confusion)],
  };
}

/** How far macro-F1 would move on other rows of the same kind. */
function f1Interval(
  { labels, probabilities }: OutOfFold,
  classes: number,
  seed: number,
): { low: number; high: number } {
  const rows = labels.length;
  const predicted = mostProbable(probabilities, rows);
  const macroF1 = (counts: Uint32Array) =>
    averageScores(confusionMatrix(labels, predicted, classes, counts), "macro").f1;
  return bootstrapInterval(rows, macroF1, new Random(seed), {
    resamples: RESAMPLES,
    strata: labels,
  });
}

/** How well the probabilities rank rows. */
function ranking(predictions: OutOfFold, classes: readonly string[]): Section {
  const each = classes.map((label, k) => ({ label, ...ofClass(predictions, k) }));
  return {
    title: "Ranking",
    text: "Each class against the others, from the probabilities of held-out rows.",
    figures: [
      rocFigure(
        "ROC curves",
        each.map(({ label, positive, probability }) => ({
          label,
          ...rocCurve(positive, probability),
          auc: rocAuc(positive, probability),
        })),
      ),
      precisionRecallFigure(
        "Precision and recall",
        each.map(({ label, positive, probability }) => ({
          label,
          ...precisionRecallCurve(positive, probability, { dropIntermediate: true }),
          averagePrecision: averagePrecision(positive, probability),
        })),
      ),
    ],
  };
}

/** Whether the probabilities mean what they say. */
function calibration(predictions: OutOfFold, classes: readonly string[]): Section {
  const each = classes.map((label, k) => ({ label, ...ofClass(predictions, k) }));
  const errors = each.map(({ label, positive, probability }) =>
    `${label} ${(100 * expectedCalibrationError(positive, probability)).toFixed(1)}`
  );
  return {
    title: "Calibration",
    text: `Mean gap between probability and frequency, in points: ${errors.join(", ")}. Sampling ` +
      "changes the class shares that a model learns, so probabilities of sampled models lean " +
      "towards the rare classes.",
    figures: [calibrationFigure(
      "Calibration of held-out rows",
      each.map(({ label, positive, probability }) => ({
        label,
        bins: calibrationCurve(positive, probability),
      })),
    )],
  };
}
