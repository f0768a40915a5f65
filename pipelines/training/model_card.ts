/** The sections of a training report that are about one model. */

import { Random } from "../../src/base/mod.ts";
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
} from "../../src/metrics/mod.ts";
import {
  calibrationFigure,
  confusionFigure,
  learningCurveFigure,
  precisionRecallFigure,
  rocFigure,
  type Section,
  shapBarFigure,
  shapSummaryFigure,
} from "../../src/report/mod.ts";
import { mostProbable } from "../../src/trees/mod.ts";
import type { Explanation } from "./explanation.ts";
import type { Findings } from "./findings.ts";
import type { LearningPoint } from "./learning_curve.ts";
import { ofClass, type OutOfFold, outOfFold } from "./out_of_fold.ts";

const RESAMPLES = 500;

/** The sections about the best combination and the exported model. */
export function modelCard(findings: Findings): Section[] {
  const { best, folds, experiment, curve, explanation } = findings;
  const { classes } = experiment.set.target;
  const predictions = outOfFold(best, folds.random, experiment.data.labels!);
  const confusion = classes.map((_, i) =>
    classes.map((_, j) => best.folds.reduce((sum, fold) => sum + fold.confusion[i][j], 0))
  );
  return [
    classReport(predictions, confusion, classes, experiment.seed),
    ranking(predictions, classes),
    calibration(predictions, classes),
    learning(curve),
    importance(explanation, findings),
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

/** Whether more data would help. */
function learning(points: readonly LearningPoint[]): Section {
  return {
    title: "Learning curve",
    text: "The best combination on shares of the first fold's training rows. A curve that still " +
      "rises at its end asks for more data.",
    figures: [learningCurveFigure("Macro-F1 by number of training rows", {
      axis: "Training rows",
      metric: "Macro-F1",
      x: points.map((point) => point.rows),
      series: [
        { label: "training rows", values: points.map((point) => point.train) },
        { label: "held-out rows", values: points.map((point) => point.validation) },
      ],
    })],
  };
}

/** What the exported model looks at. */
function importance({ X, shap }: Explanation, { fitted, experiment }: Findings): Section {
  const { features } = fitted.state;
  const { classes } = experiment.set.target;
  const size = shap.features * shap.rows;
  // Boosting of two classes has one score: that of the second class.
  const outputs = classes.slice(-shap.outputs).map((label, k) => ({
    label,
    shap: shap.values.subarray(k * size, (k + 1) * size),
  }));
  return {
    title: "What the model looks at",
    text: `Exact Shapley values of ${shap.rows} training rows: how far each feature moves the ` +
      "model's score from its mean. They say what the model uses, not what causes the class.",
    figures: [
      shapBarFigure("Mean absolute Shapley value", { features, rows: shap.rows, outputs }),
      ...outputs.map(({ label, shap: values }) =>
        shapSummaryFigure(`What moves the score of ${label}`, {
          features,
          rows: shap.rows,
          shap: values,
          values: X.data,
        })
      ),
    ],
  };
}
