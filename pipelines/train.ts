/**
 * From raw rows to a tracked model: pairs of sampler and learner are cross-validated,
 * the best is checked for leaks, fitted to all rows and exported as one ONNX file.
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
import { creditFeatures, creditRules } from "./credit_score/columns.ts";
import { defaultDataPath, makeWhereDefault } from "./credit_score/default_data.ts";

/** The ten combinations, learners as large as given. */
const combinationsOf = (trees: number, rounds: number) =>
  grid({
    sampler: ["none", "randomOverSampler", "smote", "adasyn", "borderlineSmote"],
    learner: [
      { kind: "randomForest", params: { nEstimators: trees } },
      { kind: "gradientBoosting", params: { nEstimators: rounds } },
    ],
  });
const names = /* @__PURE__ */ combinationsOf(100, 100).map(({ name }) => name);

/** Parameters of its own. */
export const creditParams = {
  trees: z.int().min(1).max(10_000).default(100).describe("Trees of a random forest"),
  rounds: z.int().min(1).max(10_000).default(100).describe("Rounds of gradient boosting"),
  combinations: z.array(z.enum(names)).min(1).default(names).describe("What to compare"),
};

/** Where its data and runs are. */
export const creditDefaults = {
  data: defaultDataPath,
  about: "CSV or Parquet file; the default one is generated where it is missing",
  experiment: "credit-score-training",
};

/** Wires the training, with what comes before it. */
export function creditTraining(
  builder: Builder<ParamsWith<typeof creditParams>>,
  additions?: TrainingAdditions,
): TrainingHandles {
  const { data, trees, rounds, combinations } = builder.params;
  const all = combinationsOf(trees, rounds);
  return training(builder, {
    name: "credit-score",
    features: creditFeatures,
    data: { ...makeWhereDefault(data), fillWithinGroup: true, validate: creditRules },
    candidates: combinations.map((name) => all[names.indexOf(name)]),
    select: "f1_macro",
    files: "candidate",
  }, additions);
}

export default pipeline("train", {
  description: "Train, compare, track and export the credit-score model",
  params: /* @__PURE__ */ trainingParams(creditParams, creditDefaults),
}, (builder) => void creditTraining(builder));
