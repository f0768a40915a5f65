/** Spans of a text, with what they are worth. */

import { z } from "@hono/zod-openapi";
import { spansOfCell, type WrittenSpan } from "../../../src/features/mod.ts";
import { spansOfTags } from "../../../src/metrics/mod.ts";
import { openSpans } from "../../../src/onnx_runtime/mod.ts";
import type { ModelMetadata, SpansTask } from "../../../src/registry/mod.ts";
import {
  spottedValue,
  type SpotterName,
  tokensOf,
  type TokenSplit,
} from "../../../src/text/mod.ts";
import type { Scores } from "../../model/inference.ts";
import type { ParsedRecord } from "../../model/record_parser.ts";
import type {
  AnswerWriter,
  JudgedPrediction,
  Logged,
  OutputTensor,
  TaskAnswers,
} from "./contract.ts";
import { noNumber } from "./classes.ts";
import { commonFields } from "./schema.ts";
import { ending } from "./warnings.ts";

/** A span of an answer. */
const entity = z.object({
  label: z.string(),
  text: z.string().openapi({ description: "The text that it covers" }),
  start: z.int().min(0).openapi({ description: "Its first character, in UTF-16 units" }),
  end: z.int().min(1).openapi({ description: "One past its last character, in UTF-16 units" }),
  start_code_point: z.int().min(0).openapi({ description: "Its first character, in code points" }),
  end_code_point: z.int().min(1).openapi({
    description: "One past its last character, in code points",
  }),
  value: z.looseObject({}).nullable().optional().openapi({
    description: "What it is worth, by the rule of its label: amount and currency (ISO 4217), " +
      "date (ISO 8601), number; null where the rule finds none, or reads a part of its digits alone",
  }),
}).openapi("Entity");

/** An answer of `POST /predict`. */
export const spansAnswer = z.object({
  ...commonFields,
  entities: z.array(entity).openapi({ description: "Spans in the order of the text" }),
  confidence: z.number().min(0).max(1.0001).openapi({
    description: "Of a CRF the probability that all tags of the text are right",
  }),
}).openapi("SpansAnswer");

/** Models of spans. */
export const spansAnswers: TaskAnswers = {
  open: openSpans,
  writer: (metadata) => new SpansWriter(metadata),
  fault: ([confidence]) =>
    confidence >= 0 && confidence < 1.001 ? undefined : `the confidence ${confidence}`,
  answer: spansAnswer,
  explained: ({ task }) => (task as SpansTask).labels,
  space: () => "margin",
  explainedPrediction: ({ prediction }) => prediction,
  // Spans are named LABEL START-END.
  explainedParts: ({ classes }, asked = "all") =>
    Object.keys(classes).filter((name) =>
      asked === "all" || name.slice(0, name.lastIndexOf(" ")) === asked
    ),
  truth(label) {
    try {
      return JSON.stringify(spansOfCell(String(label), undefined, "the label"));
    } catch (error) {
      return { fault: (error as Error).message };
    }
  },
  quality: qualityOf,
  agree: (one, other) => one === other,
};

class SpansWriter implements AnswerWriter {
  readonly tensors: readonly OutputTensor[];
  readonly #task: SpansTask;
  readonly #split: TokenSplit;
  readonly #column: number;
  readonly #tail: string;

  constructor({ task, feature_state, model_name, version }: ModelMetadata) {
    this.#task = task as SpansTask;
    this.#column = 0;
    const [column] = feature_state.columns;
    this.#split = "rules" in column && "split" in column.rules ? column.rules.split : "words";
    this.#tail = `,"model_name":${JSON.stringify(model_name)},"model_version":${
      JSON.stringify(version)
    }`;
    const { labels } = this.#task;
    const nameOf = (tag: number) =>
      tag === 0 ? "O" : `${tag % 2 === 1 ? "B" : "I"}-${labels[(tag - 1) >> 1]}`;
    this.tensors = [
      {
        name: "tags",
        datatype: "BYTES",
        of: ({ scores }) => scores.slice(1).filter((tag) => tag >= 0).map(nameOf).join(" "),
      },
      { name: "confidence", datatype: "FP32", of: ({ scores }) => scores[0] },
    ];
  }

  write(id: string, scores: Scores, latencyMs: number, record: ParsedRecord): string {
    const [confidence] = scores.scores;
    if (!Number.isFinite(confidence)) throw noNumber(confidence);
    const text = record.values[this.#column] as string;
    const points = pointsOf(text);
    const { values = {} } = this.#task;
    const entities = this.#spans(scores, text).map(({ start, end, label }) => {
      const rule = values[label] as SpotterName | undefined;
      const covered = text.slice(start, end);
      return {
        ...{ label, text: covered, start, end },
        start_code_point: points(start),
        end_code_point: points(end),
        ...rule !== undefined && { value: spottedValue(rule, covered) ?? null },
      };
    });
    return `{"request_id":"${id}","entities":${
      JSON.stringify(entities)
    },"confidence":${confidence}` +
      `,"latency_ms":${latencyMs}${this.#tail}${ending(record.warnings)}`;
  }

  logged(scores: Scores, record: ParsedRecord): Logged {
    const text = record.values[this.#column] as string;
    const points = pointsOf(text);
    const spans = this.#spans(scores, text).map(({ start, end, label }): WrittenSpan => ({
      ...{ start: points(start), end: points(end), label },
    }));
    return { prediction: JSON.stringify(spans), probabilities: { confidence: scores.scores[0] } };
  }

  #spans({ scores }: Scores, text: string): WrittenSpan[] {
    const { starts, ends } = tokensOf(text.toWellFormed(), this.#split);
    return spansOfTags(scores, 1, 1 + starts.length).map(({ first, last, label }) => ({
      start: starts[first],
      end: ends[last],
      label: this.#task.labels[label],
    }));
  }
}

/** From a place in UTF-16 units to one in code points. */
function pointsOf(text: string): (unit: number) => number {
  if (!/[\ud800-\udfff]/.test(text)) return (unit) => unit;
  return (unit) => [...text.slice(0, unit)].length;
}

/** Precision, recall and F1 of spans whose ends and label are right. */
function qualityOf(judged: readonly JudgedPrediction[]): Record<string, number> {
  const keysOf = (cell: string | number) =>
    (JSON.parse(String(cell)) as WrittenSpan[]).map(({ start, end, label }) =>
      `${start} ${end} ${label}`
    );
  let [right, predicted, support] = [0, 0, 0];
  for (const { prediction, label } of judged) {
    const truth = new Set(keysOf(label));
    const found = keysOf(prediction);
    right += found.filter((key) => truth.has(key)).length;
    predicted += found.length;
    support += truth.size;
  }
  return {
    span_precision: predicted === 0 ? 0 : right / predicted,
    span_recall: support === 0 ? 0 : right / support,
    span_f1: predicted + support === 0 ? 0 : 2 * right / (predicted + support),
  };
}
