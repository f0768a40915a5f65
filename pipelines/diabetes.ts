/**
 * Who has diabetes? Boosting, a forest and a logistic regression compete; the best is
 * published if it reaches what the environment or the parameters ask for.
 */

import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
import { grid, training, trainingParams } from "../src/training/mod.ts";
import { diabetesFeatures } from "./diabetes/columns.ts";
import { diabetesPath, makePeople } from "./diabetes/generate.ts";

/** The least of a metric: a parameter, else a variable of the environment, else what is usual. */
const least = (variable: string, usual: number) =>
  z.coerce.number().min(0).max(1).default(() => Number(Deno.env.get(variable) ?? usual))
    .describe(`Least to be published; ${variable}, or ${usual} where it is not set`);

export default pipeline("diabetes", {
  description: "Train the model of diabetes, held to gates",
  params: trainingParams({
    min_accuracy: least("MIN_MODEL_ACCURACY", 0.75),
    min_roc_auc: least("MIN_MODEL_ROC_AUC", 0.8),
    min_f1: least("MIN_MODEL_F1", 0.7),
    trees: z.int().min(1).max(10_000).default(200).describe("Trees of a forest, and rounds"),
  }, {
    data: diabetesPath,
    about: "CSV or Parquet file; the default one is generated where it is missing",
    experiment: "diabetes",
  }),
}, (builder) => {
  training(builder, {
    name: "diabetes",
    features: diabetesFeatures,
    data: makePeople(builder.params.data),
    candidates: ({ trees: nEstimators }) =>
      grid({
        learner: [
          { kind: "gradientBoosting", params: { nEstimators, learningRate: 0.05, maxDepth: 3 } },
          { kind: "randomForest", params: { nEstimators, minSamplesLeaf: 3 } },
          { kind: "logisticRegression" },
        ],
      }),
    split: { kind: "stratified" },
    select: "roc_auc",
    threshold: { metric: "f1" },
    gates: ({ min_accuracy, min_roc_auc, min_f1 }) => ({
      accuracy: { min: min_accuracy },
      roc_auc: { min: min_roc_auc },
      f1: { min: min_f1 },
    }),
  });
});
