/** A number. */

import { numericStatistics, ofSeveralModels } from "../../drift/mod.ts";
import { isValueTarget, transform } from "../../features/mod.ts";
import {
  predictValues,
  type RegressionModel,
  regressorOf,
  type RegressorSpec,
} from "../../learners/mod.ts";
import { metricNames, metricOf } from "../../metrics/mod.ts";
import { checkRegressionParity, onnxInputs } from "../../onnx_runtime/mod.ts";
import { exportRegression } from "../../onnx/mod.ts";
import { numberSections } from "../sections/number_sections.ts";
import { UsageError } from "../../base/mod.ts";
import { weightsOf } from "../row_weights.ts";
import { groupsOf, refuseWish } from "./classes.ts";
import type { TrainingTask } from "./contract.ts";
import { refitValues, scoreValues, valuesOf } from "./fit_values.ts";

const COVERAGE = 0.9;

/** A number. */
export const regression: TrainingTask = {
  module: import.meta.url,
  name: "regression",
  kind: "regression",
  metricTask: "regression",
  metrics: ["rmse", "mae", "median_absolute_error", "r2"],
  splits: ["plain", "grouped", "time"],
  fits: isValueTarget,
  checkCandidate({ learner: { monotone: _, ...learner }, sampler }) {
    if (sampler !== undefined && sampler !== "none") refuseWish("a sampler", "classes");
    regressorOf(learner as RegressorSpec);
  },
  check(_, { threshold, coverage = COVERAGE }) {
    if (threshold !== undefined) refuseWish("a threshold", "two classes");
    if (!(coverage > 0 && coverage < 1)) {
      throw new UsageError(`Cannot keep an interval of coverage ${coverage}`, {
        next: "give a share above 0 and below 1, as in coverage: 0.9",
      });
    }
  },
  score: scoreValues,
  refit: refitValues,
  predict: async ({ state, model }, data, rows) =>
    await predictValues(model as RegressionModel, transform(state, data, rows)),
  metricInput: ({ data }, { rows, predictions }) => ({
    yTrue: valuesOf(data.values!, rows),
    predictions,
    sampleWeight: weightsOf(data, rows),
  }),
  conclude({ data }, { rows, predictions }, { coverage = COVERAGE }) {
    const errors = Float64Array.from(rows, (row, i) => Math.abs(data.values![row] - predictions[i]))
      .sort();
    // Split conformal prediction: of n errors the ⌈(n + 1) × coverage⌉-th, the last if that is beyond.
    const place = Math.min(errors.length, Math.ceil((errors.length + 1) * coverage));
    return { interval: { coverage, half_width: errors[place - 1] }, metrics: {} };
  },
  describe: ({ target: { column } }) => ({
    task: { kind: "regression", column },
    class_labels: [],
  }),
  export: ({ state, model }, _set, about) =>
    exportRegression({ state, model: model as RegressionModel, ...about }),
  async checkParity(bytes, { state, model: fitted }, rows) {
    const model = fitted as RegressionModel;
    await checkRegressionParity({
      bytes,
      inputs: onnxInputs(state, rows),
      values: await predictValues(model, transform(state, rows)),
      exponentials: "trees" in model && model.trees.link === "exp",
    });
  },
  outputs: () => [{ name: "prediction", type: "float" }],
  scoreNames: ({ target: { column } }) => [column],
  reference(experiment, held, _conclusion, importance) {
    const { rows, predictions, models } = held;
    const groups = groupsOf(experiment, held);
    const target = valuesOf(experiment.data.values!, rows);
    const quality = metricNames("regression").map((name) => [
      name,
      metricOf(name).compute({ yTrue: target, predictions }),
    ]);
    // What is said of rows to come is said by one more model than those of the folds.
    const said = (given: ArrayLike<number>) => {
      const values = Float64Array.from(given);
      const statistics = numericStatistics(values, groups);
      return models === undefined
        ? statistics
        : ofSeveralModels(statistics, { kind: "number", values }, models);
    };
    return {
      kind: "numbers",
      quality: Object.fromEntries(quality.filter(([, value]) => Number.isFinite(value))),
      target: numericStatistics(target, groups),
      prediction: said(predictions),
      error: said(target.map((value, i) => value - predictions[i])),
      column_importance: importance,
    };
  },
  sections: ({ experiment, held, conclusion }) =>
    numberSections(
      valuesOf(experiment.data.values!, held.rows),
      held.predictions,
      experiment.set.target.column,
      conclusion.interval,
    ),
};
