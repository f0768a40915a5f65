/**
 * Who has diabetes? Boosting, a forest and a logistic regression compete, each with its
 * settings searched; the best is published if it reaches what the environment or the
 * parameters ask for.
 */

import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
import { categorical, float, int, logFloat } from "../src/search/mod.ts";
import { searchParams, training, trainingParams } from "../src/training/mod.ts";
import { diabetesFeatures } from "./diabetes/columns.ts";
import { diabetesPath, makePeople } from "./diabetes/generate.ts";

/** The least of a metric: a parameter, else a variable of the environment, else what is usual. */
const least = (variable: string, usual: number) =>
  z.coerce.number().min(0).max(1).default(() =>
    Number(/* @__FOLLOWED__: as a parameter */ Deno.env.get(variable) ?? usual)
  )
    .describe(`Least to be published; ${variable}, or ${usual} where it is not set`);

export default pipeline("diabetes", {
  description: "Train the model of diabetes, held to gates",
  params: trainingParams({
    min_accuracy: least("MIN_MODEL_ACCURACY", 0.75),
    min_roc_auc: least("MIN_MODEL_ROC_AUC", 0.8),
    min_f1: least("MIN_MODEL_F1", 0.7),
    ...searchParams(),
    trees: z.int().min(1).max(10_000).default(200)
      .describe("Most trees of a forest, and most rounds"),
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
    search: ({ trees }) => ({
      space: {
        learner: [
          {
            kind: "gradientBoosting",
            params: {
              nEstimators: int(Math.min(20, trees), trees),
              learningRate: logFloat(0.01, 0.3),
              maxDepth: int(2, 6),
              minChildWeight: logFloat(1, 20),
              subsample: float(0.5, 1),
              colsample: float(0.5, 1),
              regLambda: logFloat(0.1, 10),
            },
          },
          {
            kind: "randomForest",
            params: {
              nEstimators: trees,
              minSamplesLeaf: int(1, 30, { log: true }),
              maxFeatures: categorical(["sqrt", 0.6, "all"]),
            },
            classWeight: categorical(["balanced", null]),
          },
          { kind: "logisticRegression", params: { C: logFloat(1e-3, 100) } },
        ],
      },
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
