/** What tasks of classes have in common. */

import { z } from "@hono/zod-openapi";
import { ModelError } from "../../../src/base/mod.ts";
import { accuracy, averageScores, confusionMatrix, logLoss } from "../../../src/metrics/mod.ts";
import { openModel } from "../../../src/onnx_runtime/mod.ts";
import type { ModelMetadata } from "../../../src/registry/mod.ts";
import { Problem } from "../../http/problem.ts";
import type { Scores } from "../../model/inference.ts";
import { shortestFloat32 } from "../../model/shortest_float32.ts";
import type { ParsedRecord } from "../../model/record_parser.ts";
import type {
  AnswerWriter,
  JudgedPrediction,
  Logged,
  OutputTensor,
  ServedThreshold,
  TaskAnswers,
} from "./contract.ts";
import { explainedClasses } from "./explained_parts.ts";
import { commonFields } from "./schema.ts";
import { ending } from "./warnings.ts";

/** An answer of `POST /predict`. */
export const classAnswer = z.object({
  ...commonFields,
  prediction: z.string().openapi({ description: "The predicted class" }),
  prediction_code: z.int().min(0).openapi({ description: "Its place in class_labels" }),
  probabilities: z.array(z.number().min(0).max(1.0001)).openapi({
    description: "Probability of each class, in the order of class_labels",
  }),
  class_labels: z.array(z.string()),
  threshold: z.number().optional().openapi({
    description: "The probability from which to act: configured, or the model's own",
  }),
  above_threshold: z.boolean().optional().openapi({
    description: "Whether the probability of the threshold's class reaches it",
  }),
  accepted: z.boolean().optional().openapi({
    description: "Whether the model is sure enough of its prediction, by its own rule",
  }),
  out_of_scope: z.number().min(-0.0001).max(1).optional().openapi({
    description: "How little the record is like any class: 1 − the highest probability",
  }),
}).openapi("ClassAnswer");

/** A task of classes; `compared` is whose probability a threshold without a class means. */
export function classTask(
  compared: (metadata: ModelMetadata) => string | undefined,
): TaskAnswers {
  return {
    open: openModel,
    writer: (metadata, threshold) =>
      new ClassWriter(metadata, withLabel(threshold, metadata, compared) ?? metadata.decision),
    fault(scores) {
      const total = scores.reduce((sum, share) => sum + share, 0);
      return Math.abs(total - 1) < 1e-3 ? undefined : `probabilities that sum to ${total}`;
    },
    answer: classAnswer,
    explained: ({ class_labels }) => class_labels,
    space: (trees) => trees,
    explainedPrediction: ({ prediction }) => prediction,
    explainedParts: explainedClasses,
    truth(label, classes) {
      const text = String(label);
      if (classes.includes(text)) return text;
      return { fault: `"${text}" is none of ${classes.join(", ")}` };
    },
    quality: qualityOf,
    agree: (one, other) => one === other,
  };
}

function withLabel(
  threshold: ServedThreshold | undefined,
  metadata: ModelMetadata,
  compared: (metadata: ModelMetadata) => string | undefined,
): ServedThreshold | undefined {
  return threshold && { ...threshold, label: threshold.label ?? compared(metadata) };
}

/** Writes answers from pieces that are ready when the model is loaded. */
class ClassWriter implements AnswerWriter {
  readonly tensors: readonly OutputTensor[];
  readonly #classes: readonly string[];
  /** `"prediction":…,"prediction_code":…,"probabilities":[` by code. */
  readonly #heads: readonly string[];
  readonly #labels: string;
  readonly #tail: string;
  /** Place of the class that the threshold is about, -1 for the predicted one. */
  readonly #compared: number;
  /** The probability from which on an answer is accepted, if the model says. */
  readonly #acceptedFrom?: number;

  constructor(
    { class_labels, model_name, version, rejection }: ModelMetadata,
    private readonly threshold?: ServedThreshold,
  ) {
    const label = threshold?.label;
    this.#compared = label === undefined ? -1 : class_labels.indexOf(label);
    if (label !== undefined && this.#compared < 0) {
      throw new ModelError(
        `Cannot compare the probability of "${label}": the classes are ${class_labels.join(", ")}`,
        { next: "correct THRESHOLD_CLASS, or the decision in the model's metadata" },
      );
    }
    this.#classes = class_labels;
    this.#acceptedFrom = rejection?.threshold;
    this.#heads = class_labels.map((label, code) =>
      `"prediction":${JSON.stringify(label)},"prediction_code":${code},"probabilities":[`
    );
    this.#labels = `],"class_labels":${JSON.stringify(class_labels)},"latency_ms":`;
    this.#tail = `,"model_name":${JSON.stringify(model_name)},"model_version":${
      JSON.stringify(version)
    }`;
    this.tensors = [
      { name: "label", datatype: "BYTES", of: ({ code }) => class_labels[code] },
      ...class_labels.map((label, k): OutputTensor => ({
        name: `probability_${label}`,
        datatype: "FP32",
        of: ({ scores }) => scores[k],
      })),
    ];
  }

  write(
    id: string,
    { code, scores }: Scores,
    latencyMs: number,
    { warnings }: ParsedRecord,
  ): string {
    let text = `{"request_id":"${id}",${this.#heads[code]}`;
    for (let k = 0; k < scores.length; k++) {
      // Written so that NaN is refused.
      if (!(scores[k] >= 0)) throw noNumber(scores[k]);
      text += k === 0 ? scores[k] : `,${scores[k]}`;
    }
    text += this.#labels + latencyMs + this.#tail;
    if (this.threshold !== undefined) {
      const { threshold } = this.threshold;
      const above = scores[this.#compared < 0 ? code : this.#compared] >= threshold;
      text += `,"threshold":${threshold},"above_threshold":${above}`;
    }
    if (this.#acceptedFrom !== undefined) {
      const sure = scores[code];
      text += `,"accepted":${sure >= this.#acceptedFrom},"out_of_scope":${
        shortestFloat32(Math.fround(1 - sure))
      }`;
    }
    return text + ending(warnings);
  }

  logged({ code, scores }: Scores): Logged {
    const probabilities: Record<string, number> = {};
    for (let k = 0; k < scores.length; k++) probabilities[this.#classes[k]] = scores[k];
    return { prediction: this.#classes[code], probabilities };
  }
}

/** The refusal of a record for which the model gives no finite number. */
export function noNumber(found: number): Problem {
  return new Problem(422, `Cannot predict: the model gives ${found} for the record`);
}

/** Accuracy, mean F1 score of the classes that were seen, mean −ln of the true class's probability. */
function qualityOf(judged: readonly JudgedPrediction[]): Record<string, number> {
  const classes = Object.keys(judged[0].probabilities ?? {});
  const codes = (pick: (one: JudgedPrediction) => string | number) =>
    judged.map((one) => classes.indexOf(String(pick(one))));
  const truth = codes(({ label }) => label);
  const matrix = confusionMatrix(truth, codes(({ prediction }) => prediction), classes.length);
  const probabilities = classes.flatMap((name) => judged.map((one) => one.probabilities![name]));
  return {
    accuracy: accuracy(matrix),
    macro_f1: averageScores(matrix, "macro").f1,
    log_loss: logLoss(truth, probabilities, classes.length),
  };
}
