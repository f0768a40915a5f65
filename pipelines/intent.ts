/**
 * What does a customer want? Linear models over the n-grams of a message compete at several
 * strengths; answers that are not sure enough are left to a person. The messages are made up
 * unless a file is named: scores on them tell nothing of real customers.
 */

import { z } from "zod";
import { type Builder, pipeline } from "../src/pipeline/mod.ts";
import {
  grid,
  type ParamsWith,
  training,
  type TrainingAdditions,
  type TrainingHandles,
  trainingParams,
} from "../src/training/mod.ts";
import { intentFeatures, intentRules } from "./intent/columns.ts";
import { makeMessages, messagesPath } from "./intent/generate.ts";

/** Parameters of its own. */
export const intentParams = {
  precision: z.number().gt(0).lt(1).default(0.98)
    .describe("Share of accepted answers that are to be right"),
  strengths: z.array(z.number().gt(0).max(1e6)).min(1).default([0.3, 1, 3])
    .describe("Inverse penalties C that compete, as [0.3, 1, 3]"),
  encoded: z.boolean().default(true)
    .describe("Let the sentence encoder read messages too, if deno task encoder fetched it"),
  min_f1_macro: z.number().min(0).max(1).default(0.8).describe("Least F1 Macro to be published"),
};

/** Where its data and runs are. */
export const intentDefaults = {
  data: messagesPath,
  about: "CSV or Parquet file with the columns text and intent; made up where it is missing",
  experiment: "intent",
};

/** Wires the training, with what comes before it. */
export function intentTraining(
  builder: Builder<ParamsWith<typeof intentParams>>,
  additions?: TrainingAdditions,
): TrainingHandles {
  return training(builder, {
    name: "intent",
    features: intentFeatures(builder.params.encoded),
    data: { ...makeMessages(builder.params.data), validate: intentRules },
    candidates: ({ strengths }) =>
      grid({
        learner: strengths.flatMap((C) => [
          {
            kind: "linearSvm" as const,
            params: { C },
            calibration: { method: "sigmoid" as const },
          },
          { kind: "logisticRegression" as const, params: { C: 10 * C, tol: 1e-4 } },
        ]),
      }),
    split: { kind: "stratified", test: 0.2 },
    select: "f1_macro",
    metrics: ["log_loss"],
    threshold: ({ precision }) => ({ precision }),
    gates: ({ min_f1_macro: min }) => ({ f1_macro: { min } }),
  }, additions);
}

export default pipeline("intent", {
  description: "Train the model of intents: what a message asks for, and whether it is sure",
  params: trainingParams(intentParams, intentDefaults),
}, (builder) => void intentTraining(builder));
