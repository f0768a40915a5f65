/** Metrics by name, for whoever chooses among models or holds one to a limit. */

import { lookUp, UsageError } from "../base/mod.ts";
import { balancedAccuracy, cohenKappa, matthewsCorrelation } from "./agreement.ts";
import { averagePrecision } from "./average_precision.ts";
import { brierScore, brierScoreMulticlass } from "./brier_score.ts";
import { accuracy, type ConfusionMatrix, confusionMatrix } from "./confusion_matrix.ts";
import { ksStatistic } from "./ks_statistic.ts";
import { logLoss } from "./log_loss.ts";
import { meanAbsoluteError } from "./mean_absolute_error.ts";
import { meanAbsolutePercentageError } from "./mean_absolute_percentage_error.ts";
import { medianAbsoluteError } from "./median_absolute_error.ts";
import { averageScores, classScores, type PrecisionRecallF1 } from "./precision_recall_f1.ts";
import { r2Score } from "./r2_score.ts";
import { rocAuc, rocAucOneVsRest } from "./roc_auc.ts";
import { rootMeanSquaredError } from "./root_mean_squared_error.ts";
import { countSpans, type SpanCounts, spanScores, wholeTexts } from "./span_scores.ts";
import { tweedieDeviance } from "./tweedie_deviance.ts";

/** What is predicted: one of two classes, one of several, a number, or spans of a text. */
export type MetricTask = "binary" | "multiclass" | "regression" | "spans";

/** Rows to score. */
export interface MetricInput {
  /**
   * True classes, 0 to classes − 1, or true numbers, shape [rows]; of spans the true tags of the
   * tokens, text after text, −1 between texts.
   */
  readonly yTrue: ArrayLike<number>;
  /** Predicted classes, for metrics that need labels, shape [rows]; of spans the tags. */
  readonly labels?: ArrayLike<number>;
  /** Class by class, for metrics that need probabilities, shape [classes × rows]. */
  readonly probabilities?: ArrayLike<number>;
  /** Predicted numbers, for metrics that need predictions, shape [rows]. */
  readonly predictions?: ArrayLike<number>;
  /** Number of classes, of spans that of their labels; 2 if left out. */
  readonly classes?: number;
  /** The class that metrics of two classes are about; 1 if left out. */
  readonly positive?: number;
  /** How much each row counts, 0 or more, shape [rows]; 1 if left out. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** A metric as selection and gates use it. */
export interface Metric {
  /** Its name, as scikit-learn has it. */
  readonly name: string;
  /** Which values are better. */
  readonly direction: "higher" | "lower";
  /** Kinds of tasks that it can score. */
  readonly tasks: readonly MetricTask[];
  /** The part of {@link MetricInput} that it reads beside the truth. */
  readonly needs: "labels" | "probabilities" | "predictions";
  /**
   * Scores rows; NaN if they do not say (as a ranking of one class).
   *
   * @throws {UsageError} if what it needs is missing.
   * @throws {RangeError} if lengths or values do not fit.
   */
  compute(input: MetricInput): number;
}

type Definition = Omit<Metric, "name">;

const everyClass: readonly MetricTask[] = ["binary", "multiclass"];

/** A metric of the classes that were taken for each other. */
function ofMatrix(score: (matrix: ConfusionMatrix) => number): Definition {
  return {
    direction: "higher",
    tasks: everyClass,
    needs: "labels",
    compute: ({ yTrue, labels, classes = 2, sampleWeight }) =>
      score(confusionMatrix(yTrue, labels!, classes, sampleWeight)),
  };
}

/** The mean of a score over classes. */
const averaged = (score: keyof PrecisionRecallF1, average: "macro" | "weighted"): Definition =>
  ofMatrix((matrix) => averageScores(matrix, average)[score]);

/** A score of the positive one of two classes. */
const ofPositive = (score: keyof PrecisionRecallF1): Definition => ({
  direction: "higher",
  tasks: ["binary"],
  needs: "labels",
  compute: ({ yTrue, labels, positive = 1, sampleWeight }) =>
    classScores(confusionMatrix(yTrue, labels!, 2, sampleWeight))[positive][score],
});

type OfScores = (
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
) => number;

/** A metric of the probability of the positive one of two classes; of several what `all` says. */
function ofProbabilities(
  direction: Metric["direction"],
  two: OfScores,
  all?: (input: MetricInput, classes: number) => number,
): Definition {
  return {
    direction,
    tasks: all ? everyClass : ["binary"],
    needs: "probabilities",
    compute(input) {
      const { yTrue, probabilities, classes = 2, positive = 1, sampleWeight } = input;
      if (all && classes > 2) return all(input, classes);
      const rows = yTrue.length;
      const isPositive = Uint8Array.from(yTrue, (label) => Number(label === positive));
      const own = Float64Array.from(
        { length: rows },
        (_, i) => probabilities![positive * rows + i],
      );
      return two(isPositive, own, sampleWeight);
    },
  };
}

const ofNumbers = (direction: Metric["direction"], score: OfScores): Definition => ({
  direction,
  tasks: ["regression"],
  needs: "predictions",
  compute: ({ yTrue, predictions, sampleWeight }) => score(yTrue, predictions!, sampleWeight),
});

/** A metric of the spans that were found. */
const ofSpans = (score: (counts: readonly SpanCounts[]) => number): Definition => ({
  direction: "higher",
  tasks: ["spans"],
  needs: "labels",
  compute: ({ yTrue, labels, classes = 2, sampleWeight }) =>
    score(countSpans(yTrue, labels!, classes, sampleWeight)),
});

const definitions = {
  accuracy: ofMatrix(accuracy),
  balanced_accuracy: ofMatrix(balancedAccuracy),
  precision_macro: averaged("precision", "macro"),
  recall_macro: averaged("recall", "macro"),
  f1_macro: averaged("f1", "macro"),
  precision_weighted: averaged("precision", "weighted"),
  recall_weighted: averaged("recall", "weighted"),
  f1_weighted: averaged("f1", "weighted"),
  precision: ofPositive("precision"),
  recall: ofPositive("recall"),
  f1: ofPositive("f1"),
  mcc: ofMatrix(matthewsCorrelation),
  kappa: ofMatrix(cohenKappa),
  roc_auc: ofProbabilities(
    "higher",
    rocAuc,
    ({ yTrue, probabilities, sampleWeight }, classes) =>
      rocAucOneVsRest(yTrue, probabilities!, classes, "macro", sampleWeight),
  ),
  roc_auc_weighted: ofProbabilities(
    "higher",
    rocAuc,
    ({ yTrue, probabilities, sampleWeight }, classes) =>
      rocAucOneVsRest(yTrue, probabilities!, classes, "weighted", sampleWeight),
  ),
  average_precision: ofProbabilities("higher", averagePrecision),
  ks: ofProbabilities("higher", ksStatistic),
  log_loss: {
    direction: "lower",
    tasks: everyClass,
    needs: "probabilities",
    compute: ({ yTrue, probabilities, classes = 2, sampleWeight }) =>
      logLoss(yTrue, probabilities!, classes, sampleWeight),
  },
  brier: ofProbabilities(
    "lower",
    brierScore,
    ({ yTrue, probabilities, sampleWeight }, classes) =>
      brierScoreMulticlass(yTrue, probabilities!, classes, sampleWeight),
  ),
  rmse: ofNumbers("lower", rootMeanSquaredError),
  mae: ofNumbers("lower", meanAbsoluteError),
  median_absolute_error: ofNumbers("lower", medianAbsoluteError),
  mape: ofNumbers("lower", meanAbsolutePercentageError),
  r2: ofNumbers("higher", r2Score),
  poisson_deviance: ofNumbers(
    "lower",
    (yTrue, yPred, sampleWeight) => tweedieDeviance(yTrue, yPred, 1, sampleWeight),
  ),
  span_f1: ofSpans((counts) => spanScores(counts).f1),
  span_precision: ofSpans((counts) => spanScores(counts).precision),
  span_recall: ofSpans((counts) => spanScores(counts).recall),
  span_f1_macro: ofSpans((counts) =>
    counts.reduce((sum, own) => sum + spanScores([own]).f1, 0) / counts.length
  ),
  span_f1_partial: ofSpans((counts) => spanScores(counts, "partial").f1),
  whole_texts: {
    ...{ direction: "higher", tasks: ["spans"], needs: "labels" },
    compute: ({ yTrue, labels, sampleWeight }) => wholeTexts(yTrue, labels!, sampleWeight),
  },
} satisfies Record<string, Definition>;

/** The names of all metrics, or of those that can score a kind of task. */
export function metricNames(task?: MetricTask): string[] {
  return Object.entries<Definition>(definitions)
    .filter(([, { tasks }]) => task === undefined || tasks.includes(task))
    .map(([name]) => name);
}

/**
 * The metric of a name.
 *
 * @param task What is predicted, if that is known already.
 * @throws {UsageError} if there is no such metric (with the one that may have
 * been meant), or it cannot score the task.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { direction, compute } = metricOf("rmse", "regression");
 * assertEquals(direction, "lower");
 * assertEquals(compute({ yTrue: [1, 2], predictions: [1, 4] }), Math.SQRT2);
 * ```
 */
export function metricOf(name: string, task?: MetricTask): Metric {
  const definition = lookUp<Definition>("metric", name, definitions);
  const { tasks, needs } = definition;
  if (task !== undefined && !tasks.includes(task)) {
    throw new UsageError(
      `Cannot score a ${task} task by ${name}, which is for ${tasks.join(", ")}`,
      {
        next: `give one of ${metricNames(task).join(", ")}`,
      },
    );
  }
  return {
    name,
    ...definition,
    compute(input) {
      if (input[needs] !== undefined) return definition.compute(input);
      throw new UsageError(`Cannot compute ${name}: it needs ${needs}`, {
        next: `give ${needs} beside yTrue`,
      });
    },
  };
}
