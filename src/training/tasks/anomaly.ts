/** How unusual a row is: learned without labels, which only tell how good that is. */

import { alertBudget, type TreeDetector } from "../../anomaly/mod.ts";
import { UsageError } from "../../base/mod.ts";
import { categoryStatistics, numericStatistics, ofSeveralModels } from "../../drift/mod.ts";
import { isClassTarget, transform } from "../../features/mod.ts";
import { metricOf } from "../../metrics/mod.ts";
import { checkRegressionParity, onnxInputs } from "../../onnx_runtime/mod.ts";
import { exportRegression } from "../../onnx/mod.ts";
import { predictNumbers } from "../../trees/mod.ts";
import { anomalySections } from "../sections/anomaly_sections.ts";
import { isAlertShare } from "../threshold.ts";
import { checkClasses, groupsOf } from "./classes.ts";
import type { TrainingTask } from "./contract.ts";
import {
  anomalyInput,
  candidateDetector,
  positiveClass,
  refitDetector,
  scoreDetector,
  unusualRows,
} from "./fit_anomalies.ts";

/** Share of rows that may alert unless another one is declared. */
const USUAL_SHARE = 0.01;

/** What is said of alerts by name: of those that the threshold makes, and of the rows that it misses. */
export function alertQuality(
  unusual: ArrayLike<number>,
  scores: ArrayLike<number>,
  threshold: number,
): Record<"alert_precision" | "alert_recall" | "alert_share" | "alert_accuracy", number> {
  let [alerts, hits, all] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    all += unusual[i];
    if (!(scores[i] >= threshold)) continue;
    alerts++;
    hits += unusual[i];
  }
  return {
    alert_precision: hits / alerts,
    alert_recall: hits / all,
    alert_share: alerts / scores.length,
    alert_accuracy: 1 - (alerts - hits + all - hits) / scores.length,
  };
}

/** How unusual a row is. It is never guessed from a target of two classes: declarations name it. */
export const anomaly: TrainingTask = {
  module: import.meta.url,
  name: "anomaly",
  kind: "anomaly",
  metricTask: "binary",
  metrics: ["average_precision", "roc_auc", "ks"],
  splits: ["stratified", "plain", "grouped", "stratifiedGrouped", "time"],
  fits: (target) => isClassTarget(target) && target.classes.length === 2,
  checkCandidate: (candidate) => void candidateDetector(candidate),
  check(experiment, { threshold }) {
    if (threshold !== undefined && !isAlertShare(threshold)) {
      throw new UsageError("Cannot set the threshold by labels or by hand", {
        next: "give the share of rows that may alert, as threshold: { alerts: 0.01 }",
      });
    }
    checkClasses(experiment);
  },
  score: scoreDetector,
  refit: refitDetector,
  predict: async ({ state, model }, data, rows) =>
    await predictNumbers((model as TreeDetector).trees, transform(state, data, rows)),
  metricInput: (experiment, { rows, predictions }) => anomalyInput(experiment, rows, predictions),
  conclude(experiment, { rows, predictions }, { threshold }) {
    const share = isAlertShare(threshold) ? threshold.alerts : USUAL_SHARE;
    const alert = alertBudget(predictions, share);
    const quality = alertQuality(unusualRows(experiment, rows), predictions, alert.threshold);
    return {
      alert,
      metrics: Object.fromEntries(
        Object.entries(quality).filter(([, value]) => Number.isFinite(value)),
      ),
    };
  },
  describe: (set) => ({
    task: { kind: "anomaly", column: set.target.column, positive: positiveClass({ set }) },
    class_labels: [],
  }),
  export: ({ state, model }, _set, about) =>
    exportRegression({ state, model: model as TreeDetector, ...about }),
  async checkParity(bytes, { state, model }, rows) {
    await checkRegressionParity({
      bytes,
      inputs: onnxInputs(state, rows),
      values: await predictNumbers((model as TreeDetector).trees, transform(state, rows)),
    });
  },
  outputs: () => [{ name: "prediction", type: "float" }],
  scoreNames: () => ["anomaly"],
  reference(experiment, held, { alert }, importance) {
    const { rows, predictions, models } = held;
    const groups = groupsOf(experiment, held);
    const values = Float64Array.from(predictions);
    const unusual = unusualRows(experiment, rows);
    const statistics = numericStatistics(values, groups);
    const input = anomalyInput(experiment, rows, values);
    const quality = {
      ...Object.fromEntries(
        anomaly.metrics.map((name) => [name, metricOf(name, "binary").compute(input)]),
      ),
      ...alertQuality(unusual, values, alert!.threshold),
    };
    return {
      kind: "scores",
      quality: Object.fromEntries(
        Object.entries(quality).filter(([, value]) => Number.isFinite(value)),
      ),
      target: categoryStatistics(unusual, ["0", "1"], groups),
      // What is said of rows to come is said by one more model than those of the folds.
      prediction: models === undefined
        ? statistics
        : ofSeveralModels(statistics, { kind: "number", values }, models),
      column_importance: importance,
    };
  },
  sections: ({ experiment, held, conclusion }) =>
    anomalySections(
      unusualRows(experiment, held.rows),
      Float64Array.from(held.predictions),
      conclusion.alert!,
      positiveClass(experiment),
    ),
};
