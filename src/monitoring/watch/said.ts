/** What a model said of rows, as it is kept until their labels come. */

import type { ClassifierPredictions } from "../../drift/mod.ts";
import type { PredictionColumns } from "../../prediction_log/mod.ts";
import { decidedClasses, type ModelMetadata } from "../../registry/mod.ts";
import { levelName } from "../../series/mod.ts";

/** Answers of rows. */
export interface Said {
  /** Classes of the model; 0 of one that predicts numbers, of forecasts what is told beside. */
  readonly classes: number;
  /**
   * Class by the reference's rule, −1 if it is none of the model's; the number; of spans how
   * sure the model was; shape [rows].
   */
  readonly predicted: Int32Array | Float64Array;
  /** Class by class, or of forecasts as {@linkcode besideForecasts} names them, shape [classes × rows]. */
  readonly probabilities: Float64Array;
}

/** What is kept beside a forecast: the ends of the first interval, how far ahead it is, its scale. */
export function besideForecasts(level: number): readonly string[] {
  const name = levelName(level);
  return [`lower_${name}`, `upper_${name}`, "ahead", "scale"];
}

/** The answers of logged rows. */
export function saidBy(
  { class_labels: labels, reference_performance: kept, task }: ModelMetadata,
  { rows, predictions, probabilities: logged }: PredictionColumns,
): Said {
  if (kept?.kind === "spans") {
    const predicted = logged.confidence ?? new Float64Array(rows).fill(NaN);
    return { classes: 0, predicted, probabilities: new Float64Array() };
  }
  if (task.kind === "forecast") {
    const beside = besideForecasts(task.levels[0]);
    const probabilities = new Float64Array(beside.length * rows).fill(NaN);
    beside.forEach((name, k) => {
      if (logged[name] !== undefined) probabilities.set(logged[name], k * rows);
    });
    return {
      classes: beside.length,
      predicted: Float64Array.from(predictions, Number),
      probabilities,
    };
  }
  if (labels.length === 0) {
    const predicted = Float64Array.from(predictions, Number);
    return { classes: 0, predicted, probabilities: new Float64Array() };
  }
  const probabilities = new Float64Array(labels.length * rows);
  labels.forEach((label, k) => {
    if (Object.hasOwn(logged, label)) probabilities.set(logged[label], k * rows);
  });
  const rule = kept && "decided" in kept ? kept.decided : undefined;
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const predicted = rule === undefined
    ? Int32Array.from(predictions, (class_) => codeOf.get(String(class_)) ?? -1)
    : decidedClasses(probabilities, labels, rule);
  return { classes: labels.length, predicted, probabilities };
}

/** A row as plain numbers: the class, then the probability of each; or the number. */
export function saidRow({ classes, predicted, probabilities }: Said, row: number): number[] {
  const own = [predicted[row]];
  for (let k = 0; k < classes; k++) own.push(probabilities[k * predicted.length + row]);
  return own;
}

/** Rows that are kept as plain numbers, as metrics take them. */
export function saidAgain(
  rows: readonly (readonly number[])[],
  classes: number,
): ClassifierPredictions {
  const probabilities = new Float64Array(classes * rows.length);
  rows.forEach(([, ...own], i) =>
    own.forEach((share, k) => probabilities[k * rows.length + i] = share)
  );
  return { classes, predicted: Int32Array.from(rows, ([code]) => code), probabilities };
}
