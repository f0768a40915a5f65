/**
 * Will a customer pay late? Loans are joined with how the customer had paid when the loan was asked
 * for; a server is told the customer alone and reads the rest from the feature store.
 */

import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
import { grid, training, trainingParams } from "../src/training/mod.ts";
import { repaymentFeatures } from "./repayment/columns.ts";
import { loansAskedPath, makeLoansAsked } from "./repayment/generate.ts";
import { joins } from "./repayment/views.ts";

export default pipeline("repayment", {
  description: "Train the model of repayment, on features as they were known",
  params: trainingParams({
    rounds: z.int().min(1).max(10_000).default(60).describe("Rounds of boosting"),
  }, {
    data: loansAskedPath,
    about: "CSV or Parquet file with customer and asked_at; made up where it is missing",
    experiment: "repayment",
  }),
}, (builder) => {
  training(builder, {
    name: "repayment",
    features: repaymentFeatures,
    data: { ...makeLoansAsked(builder.params.data), views: { time: "asked_at", joins } },
    candidates: ({ rounds }) =>
      grid({
        learner: [{
          kind: "gradientBoosting",
          params: { nEstimators: rounds, maxDepth: 3, learningRate: 0.1 },
        }],
      }),
    select: "roc_auc",
    threshold: 0.5,
  });
});
