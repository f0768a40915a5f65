/** Answers of classifiers: a class for each row, and the probability of each class. */

import type { ClassifierPredictions, ColumnSample } from "../../drift/mod.ts";
import { openModel } from "../../onnx_runtime/mod.ts";
import { decidedClasses, isOfClasses, type ReferenceClasses } from "../../registry/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import { finite } from "../words.ts";
import { performanceOf } from "./class_performance.ts";
import { performanceSection, performanceWords, realizedSection } from "./class_sections.ts";
import type { AnswerKind, Answers } from "./contract.ts";
import { inBatches } from "./in_batches.ts";

/** Answers that name a class. */
export const classAnswers: AnswerKind = {
  kept(model): Answers {
    const kept = keptOf(model);
    if (kept === undefined) return { columns: {}, quality: () => undefined };
    const probabilities = Object.entries(kept.probabilities)
      .map(([label, statistics]) => [probabilityOf(label), statistics]);
    return {
      columns: {
        target: kept.target,
        prediction: kept.prediction,
        ...Object.fromEntries(probabilities),
      },
      quality: () => undefined,
    };
  },
  logged({ predictions, probabilities: logged, labels }, model) {
    const classes = model.metadata.class_labels;
    const codeOf = coder(classes);
    const rows = predictions.length;
    const probabilities = new Float64Array(classes.length * rows);
    classes.forEach((label, k) => {
      if (Object.hasOwn(logged, label)) probabilities.set(logged[label], k * rows);
    });
    const codes = Int32Array.from(predictions, codeOf);
    return answersOf(model, { codes, probabilities }, labels && Int32Array.from(labels, codeOf));
  },
  async predicted({ rows, inputs }, truth, model) {
    const classes = model.metadata.class_labels;
    const opened = await openModel(model.path);
    const probabilities = new Float32Array(classes.length * rows);
    try {
      const order = classes.map((label) => opened.classes.indexOf(label));
      for (const [from, to] of inBatches(rows)) {
        const { data } = (await opened.predict(inputs(from, to))).probabilities;
        order.forEach((at, k) => {
          const own = data.subarray(at * (to - from), (at + 1) * (to - from));
          probabilities.set(own, k * rows + from);
        });
      }
    } finally {
      await opened.close();
    }
    const labels = truth && Int32Array.from(truth, coder(classes));
    return answersOf(
      model,
      { codes: decidedClasses(probabilities, classes), probabilities },
      labels,
    );
  },
};

/** What a classifier said of rows. */
interface Said {
  /** The predicted class of each row, shape [rows]. */
  readonly codes: Int32Array;
  /** Class by class, shape [classes × rows]. */
  readonly probabilities: Float32Array | Float64Array;
}

function answersOf(
  model: WatchedModel,
  { codes, probabilities }: Said,
  given: Int32Array | undefined,
): Answers {
  const vocabulary = model.metadata.class_labels;
  const labels = given?.some((label) => label >= 0) ? given : undefined;
  const kept = keptOf(model);
  // Quality is that of what is done with a prediction: judged as the reference was.
  const predictions: ClassifierPredictions = {
    classes: vocabulary.length,
    predicted: kept?.decided === undefined
      ? codes
      : decidedClasses(probabilities, vocabulary, kept.decided),
    probabilities,
  };
  const columns: Record<string, ColumnSample> = {};
  if (labels) {
    // Rows whose label is not known yet are no missing values.
    const rows = Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0);
    columns.target = { kind: "category", codes: rows.map((row) => labels[row]), vocabulary, rows };
  }
  columns.prediction = { kind: "category", codes, vocabulary };
  vocabulary.forEach((label, k) => {
    const values = probabilities.subarray(k * codes.length, (k + 1) * codes.length);
    columns[probabilityOf(label)] = { kind: "number", values };
  });
  return {
    columns,
    quality(slices) {
      const performance = performanceOf({ predictions, labels }, slices, kept?.performance);
      const { estimated, realized } = performance;
      const sections = [
        performanceSection(performance, slices, kept),
        realizedSection(realized, vocabulary, kept),
      ];
      const estimates = Object.entries(estimated ?? {}).map(([name, { value, low, high, alert }]) =>
        [name, { value: finite(value), low: finite(low), high: finite(high), alert }] as const
      );
      return {
        words: performanceWords(performance),
        sections: sections.filter((section) => section !== undefined),
        json: {
          estimated: estimated ? Object.fromEntries(estimates) : null,
          realized: realized?.scores ?? null,
        },
      };
    },
  };
}

/** Held-out predictions that came with the model; undefined in models of older versions. */
function keptOf({ metadata }: WatchedModel): ReferenceClasses | undefined {
  const kept = metadata.reference_performance;
  return kept === undefined || !isOfClasses(kept) ? undefined : kept;
}

function probabilityOf(label: string): string {
  return `probability of ${label}`;
}

/** From a class as it is written to its code, −1 if there is none of that name. */
function coder(classes: readonly string[]): (cell: unknown) => number {
  const codes = new Map(classes.map((label, code) => [label, code]));
  return (cell) => codes.get(String(cell)) ?? -1;
}
