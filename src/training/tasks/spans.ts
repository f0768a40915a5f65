/** Spans of a text. */

import { ModelError } from "../../base/mod.ts";
import { categoryStatistics, numericStatistics } from "../../drift/mod.ts";
import { cleanedAs, isSpanTarget, type TextColumn } from "../../features/mod.ts";
import {
  sequenceLearnerOf,
  type SequenceLearnerSpec,
  type SequenceModel,
  tagNames,
} from "../../learners/mod.ts";
import { metricNames, metricOf, spansOfTags } from "../../metrics/mod.ts";
import { exportSpans } from "../../onnx/mod.ts";
import { onnxInputs, openSpans } from "../../onnx_runtime/mod.ts";
import { spanSections } from "../sections/span_sections.ts";
import { refuseWish } from "./classes.ts";
import type { TrainingTask } from "./contract.ts";
import {
  checkSpans,
  predictSpans,
  refitSpans,
  scoreSpans,
  spanInput,
  spanTarget,
  textColumn,
} from "./fit_spans.ts";

/** What the file may say otherwise of how sure it is: sums of Float64 in another order. */
const TOLERANCE = 1e-6;

/**
 * Spans of a text. What a model says of a row is, output by output, how sure it is and the tag of
 * each token, filled up with −1: numbers as those of any task, of which folds, exports and the
 * server need not know what they mean.
 */
export const spanFinding: TrainingTask = {
  module: import.meta.url,
  name: "spanFinding",
  kind: "spans",
  metricTask: "spans",
  metrics: [
    ...["span_f1", "span_precision", "span_recall", "span_f1_partial", "span_f1_macro"],
    "whole_texts",
  ],
  splits: ["plain", "grouped", "time"],
  fits: isSpanTarget,
  checkCandidate({ learner, sampler }) {
    if (sampler !== undefined && sampler !== "none") refuseWish("a sampler", "classes");
    sequenceLearnerOf(learner as SequenceLearnerSpec);
  },
  check(experiment, { threshold }) {
    if (threshold !== undefined) refuseWish("a threshold", "classes");
    checkSpans(experiment);
  },
  score: scoreSpans,
  refit: refitSpans,
  predict({ state, model }, data, rows) {
    const [{ name, kind }] = state.columns;
    const column = cleanedAs(data.columns[name], { kind, name }) as TextColumn;
    return Promise.resolve(predictSpans({ state, model: model as SequenceModel }, column, rows));
  },
  metricInput: (experiment, { rows, predictions }) => spanInput(experiment, rows, predictions),
  conclude: () => ({ metrics: {} }),
  describe(set) {
    const { column, labels, values } = spanTarget({ set });
    return { task: { kind: "spans", column, labels, ...values && { values } }, class_labels: [] };
  },
  export: ({ state, model }, set, about) =>
    exportSpans({
      ...{ state, model: model as SequenceModel, ...about },
      tags: tagNames(spanTarget({ set }).labels),
    }),
  async checkParity(bytes, fitted, data) {
    const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
    const native = await spanFinding.predict(fitted, data, rows);
    const model = await openSpans(bytes);
    const said = await model.predict(onnxInputs(fitted.state, data)).finally(() => model.close());
    for (let at = 0; at < native.length; at++) {
      const allowed = at < data.rows ? TOLERANCE : 0;
      if (Math.abs(native[at] - (said[at] ?? -1)) <= allowed) continue;
      const row = at % data.rows;
      // Two readings that are as good as each other may be told apart by rounding alone.
      if (at >= data.rows && Math.abs(native[row] - said[row]) <= TOLERANCE && native[row] < 0.5) {
        continue;
      }
      throw new ModelError(
        `Refuse to export the model: text ${row + 1} is ${native[at]} natively and ${said[at]} ` +
          `in ONNX (${
            at < data.rows ? "confidence" : `tag of token ${Math.floor(at / data.rows)}`
          })`,
        { next: "report this with the training command: the export and the learner disagree" },
      );
    }
  },
  outputs: () => [{ name: "tags", type: "long" }, { name: "confidence", type: "double" }],
  scoreNames: ({ target: { column } }) => [column],
  reference(experiment, held, _conclusion, importance) {
    const { labels } = spanTarget(experiment);
    const input = spanInput(experiment, held.rows, held.predictions);
    const quality = metricNames("spans").map((name) => [name, metricOf(name).compute(input)]);
    const labelsOf = (tags: ArrayLike<number>) =>
      Int32Array.from(spansOfTags(tags), ({ label }) => label);
    return {
      kind: "spans",
      quality: Object.fromEntries(quality),
      target: categoryStatistics(labelsOf(input.yTrue), labels),
      prediction: categoryStatistics(labelsOf(input.labels!), labels),
      confidence: numericStatistics(
        Float64Array.from(held.predictions.subarray(0, held.rows.length)),
      ),
      column_importance: importance,
    };
  },
  sections({ experiment, held }) {
    return spanSections(experiment, held, spanTarget(experiment).labels, textColumn(experiment));
  },
};
