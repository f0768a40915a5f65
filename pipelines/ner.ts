/**
 * What does a message name? Models of spans find amounts, dates, categories, merchants and
 * accounts. The messages are made up unless a file is named: scores on them tell nothing of real
 * ones.
 */

import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
import { grid, training, trainingParams } from "../src/training/mod.ts";
import { nerFeatures } from "./ner/columns.ts";
import { makePayments, paymentsPath } from "./ner/generate.ts";

export default pipeline("ner", {
  description: "Train the model of entities: amounts, dates, merchants in messages",
  params: trainingParams({
    quick: z.boolean().default(false)
      .describe("Let averaged perceptrons compete instead of conditional random fields"),
    penalties: z.array(z.number().min(0).max(1e6)).min(1).default([0.03, 0.1])
      .describe("L1 penalties c1 of conditional random fields that compete, as [0.03, 0.1]"),
    min_span_f1: z.number().min(0).max(1).default(0.85).describe("Least F1 to be published"),
  }, {
    data: paymentsPath,
    about: "CSV or Parquet file with the columns text and entities; made up where it is missing",
    experiment: "ner",
  }),
}, (builder) => {
  training(builder, {
    name: "ner",
    features: nerFeatures,
    data: makePayments(builder.params.data),
    candidates: ({ quick, penalties }) =>
      grid({
        learner: quick
          ? [10, 20].map((rounds) => ({ kind: "averagedPerceptron" as const, params: { rounds } }))
          : penalties.map((c1) => ({ kind: "crf" as const, params: { c1, c2: 0.01 } })),
      }),
    split: { kind: "plain", test: 0.2 },
    gates: ({ min_span_f1: min }) => ({ span_f1: { min } }),
  });
});
