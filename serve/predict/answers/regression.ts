/** A number, with how far it may be off if the training kept that. */

import { z } from "@hono/zod-openapi";
import { openRegression } from "../../../src/onnx_runtime/mod.ts";
import type { ModelMetadata, PredictionInterval } from "../../../src/registry/mod.ts";
import type { Scores } from "../../model/inference.ts";
import type { ParsedRecord } from "../../model/record_parser.ts";
import { noNumber } from "./classes.ts";
import type {
  AnswerWriter,
  JudgedPrediction,
  Logged,
  OutputTensor,
  TaskAnswers,
} from "./contract.ts";
import { explainedClasses } from "./explained_parts.ts";
import { commonFields } from "./schema.ts";
import { ending } from "./warnings.ts";

/** What two numbers may differ by, as a share of the larger one, and count as the same. */
const SAME = 0.01;

/** An answer of `POST /predict`. */
export const numberAnswer = z.object({
  ...commonFields,
  prediction: z.number().openapi({ description: "The predicted number" }),
  interval: z.object({
    lower: z.number(),
    upper: z.number(),
    coverage: z.number().gt(0).lt(1),
  }).optional().openapi({
    description: "Holds the true number in a share of `coverage` of all cases (split conformal); " +
      "absent where the training kept no residuals",
  }),
}).openapi("NumberAnswer");

/** Models of numbers. */
export const regressionAnswers: TaskAnswers = {
  open: openRegression,
  writer: (metadata) => new NumberWriter(metadata),
  fault: ([value]) => Number.isFinite(value) ? undefined : `the number ${value}`,
  answer: numberAnswer,
  explained: () => ["prediction"],
  // Scores that are no numbers yet are their logarithms.
  space: (trees) => trees === "margin" ? "log" : "value",
  explainedPrediction({ prediction, classes }, trees) {
    const { score } = classes[prediction];
    return trees === "margin" ? Math.exp(score) : score;
  },
  explainedParts: explainedClasses,
  truth(label) {
    const value = typeof label === "number" || label.trim() === "" ? label : Number(label);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    return { fault: `"${label}" is no number` };
  },
  quality: qualityOf,
  agree: (one, other) =>
    Math.abs(Number(one) - Number(other)) <=
      SAME * Math.max(Math.abs(Number(one)), Math.abs(Number(other))),
};

class NumberWriter implements AnswerWriter {
  readonly tensors: readonly OutputTensor[] = [
    { name: "prediction", datatype: "FP32", of: ({ scores }) => scores[0] },
  ];
  readonly #interval?: PredictionInterval;
  readonly #tail: string;

  constructor({ model_name, version, interval }: ModelMetadata) {
    this.#interval = interval;
    this.#tail = `,"model_name":${JSON.stringify(model_name)},"model_version":${
      JSON.stringify(version)
    }`;
  }

  write(
    id: string,
    { scores: [value] }: Scores,
    latencyMs: number,
    { warnings }: ParsedRecord,
  ): string {
    if (!Number.isFinite(value)) throw noNumber(value);
    let text = `{"request_id":"${id}","prediction":${value}`;
    if (this.#interval !== undefined) {
      const { half_width, coverage } = this.#interval;
      // Twelve digits are within what a Float64 holds: without the noise of the last ones.
      const lower = Number((value - half_width).toPrecision(12));
      const upper = Number((value + half_width).toPrecision(12));
      text += `,"interval":{"lower":${lower},"upper":${upper},"coverage":${coverage}}`;
    }
    return `${text},"latency_ms":${latencyMs}${this.#tail}${ending(warnings)}`;
  }

  logged({ scores: [prediction] }: Scores): Logged {
    return { prediction };
  }
}

/** Root of the mean squared error, mean absolute error, mean error (predicted minus true). */
function qualityOf(judged: readonly JudgedPrediction[]): Record<string, number> {
  const errors = judged.map(({ prediction, label }) => Number(prediction) - Number(label));
  const mean = (of: (error: number) => number) =>
    errors.reduce((sum, error) => sum + of(error), 0) / errors.length;
  return {
    rmse: Math.sqrt(mean((error) => error * error)),
    mae: mean(Math.abs),
    bias: mean((error) => error),
  };
}
