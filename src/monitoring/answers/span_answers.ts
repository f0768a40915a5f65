/** Answers of models of spans: which labels they find, and how sure they are. */

import type { ColumnSample } from "../../drift/mod.ts";
import { spansOfCell } from "../../features/mod.ts";
import { spansOfTags } from "../../metrics/mod.ts";
import { openSpans } from "../../onnx_runtime/mod.ts";
import type { ReferenceSpans, SpansTask } from "../../registry/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { AnswerKind, Answers } from "./contract.ts";
import { inBatches } from "./in_batches.ts";

/** Answers that name spans. */
export const spanAnswers: AnswerKind = {
  kept(model): Answers {
    const kept = keptOf(model);
    if (kept === undefined) return { columns: {}, quality: () => undefined };
    const { target, prediction, confidence, quality: scores } = kept;
    return { columns: { target, prediction, confidence }, scores, quality: () => undefined };
  },
  logged({ predictions, probabilities, labels: told }, model) {
    const labels = labelsOf(model);
    const read = (cell: unknown) => labelsOfCell(cell, labels);
    return answersOf(labels, {
      found: predictions.map((prediction) => read(prediction) ?? []),
      confidence: Float64Array.from(probabilities.confidence ?? predictions.map(() => NaN)),
    }, told?.map(read));
  },
  async predicted({ rows, inputs }, truth, model) {
    const labels = labelsOf(model);
    const opened = await openSpans(model.path);
    const found: number[][] = [];
    const confidence = new Float64Array(rows);
    try {
      for (const [from, to] of inBatches(rows)) {
        const said = await opened.predict(inputs(from, to));
        const count = to - from;
        for (let i = 0; i < count; i++) {
          confidence[from + i] = said[i];
          const tags = Array.from(
            { length: said.length / count - 1 },
            (_, t) => said[(1 + t) * count + i],
          );
          found.push(spansOfTags(tags).map(({ label }) => label));
        }
      }
    } finally {
      await opened.close();
    }
    return answersOf(
      labels,
      { found, confidence },
      truth?.map((cell) => labelsOfCell(cell, labels)),
    );
  },
};

/** What a model said of rows: the labels of each row's spans, and how sure it was. */
interface Said {
  readonly found: readonly (readonly number[])[];
  readonly confidence: Float64Array;
}

function answersOf(
  labels: readonly string[],
  { found, confidence }: Said,
  truth: readonly (readonly number[] | undefined)[] | undefined,
): Answers {
  const columns: Record<string, ColumnSample> = {
    prediction: columnOf(labels, found),
    confidence: { kind: "number", values: confidence },
  };
  if (truth?.some((own) => own !== undefined)) columns.target = columnOf(labels, truth);
  return { columns, quality: () => undefined };
}

function columnOf(
  vocabulary: readonly string[],
  found: readonly (readonly number[] | undefined)[],
): ColumnSample {
  return {
    kind: "category",
    codes: Int32Array.from(found.flatMap((own) => own ?? [])),
    vocabulary,
    rows: Int32Array.from(found.flatMap((own, row) => (own ?? []).map(() => row))),
  };
}

function labelsOf({ metadata }: WatchedModel): readonly string[] {
  return (metadata.task as SpansTask).labels;
}

/** Labels of the spans that a cell tells; undefined if it tells none that can be read. */
function labelsOfCell(cell: unknown, labels: readonly string[]): number[] | undefined {
  if (typeof cell !== "string" || cell === "") return undefined;
  return spansOfCell(cell, labels, "a label").map(({ label }) => labels.indexOf(label));
}

function keptOf({ metadata }: WatchedModel): ReferenceSpans | undefined {
  const kept = metadata.reference_performance;
  return kept?.kind === "spans" ? kept : undefined;
}
