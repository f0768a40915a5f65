/**
 * Will a loan be paid back? Boosted trees that are monotone if the business is,
 * held to a least ranking and to fairness by age, decided at the business's threshold,
 * which stands beside the model and is the deployment's to set.
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
import { loanFeatures, loanRules, riskDirections } from "./credit_risk/columns.ts";
import { loansPath, makeLoans } from "./credit_risk/generate.ts";

const share = z.number().min(0).max(1);

/** Parameters of its own. */
export const riskParams = {
  n_estimators: z.int().min(1).max(10_000).default(100).describe("Rounds of boosting"),
  max_depth: z.int().min(1).max(32).default(7).describe("Depth of a tree"),
  num_leaves: z.int().min(2).max(1024).default(31).describe("Leaves of a tree"),
  learning_rate: z.number().gt(0).max(1).default(0.05).describe("Weight of a tree"),
  subsample: z.number().gt(0).max(1).default(0.8).describe("Share of rows for a tree"),
  colsample_bytree: z.number().gt(0).max(1).default(0.8).describe("Share of columns for a tree"),
  reg_alpha: z.number().min(0).default(1).describe("L1 penalty on leaves"),
  reg_lambda: z.number().min(0).default(1).describe("L2 penalty on leaves"),
  is_unbalance: z.boolean().default(false).describe("Whether classes weigh the same"),
  threshold: share.default(0.4542).describe("Probability from which on a loan is refused"),
  min_roc_auc: share.default(0.75).describe("Least ROC AUC to be published"),
  min_disparate_impact: share.default(0.8).describe("Least ratio of approvals between ages"),
};

/** Where its data and runs are. */
export const riskDefaults = {
  data: loansPath,
  about: "CSV or Parquet file; the default one is generated where it is missing",
  experiment: "credit_risk_experiment",
};

/** Wires the training, with what comes before it. */
export function riskTraining(
  builder: Builder<ParamsWith<typeof riskParams>>,
  additions?: TrainingAdditions,
): TrainingHandles {
  return training(builder, {
    name: "credit-risk",
    run: "lgb_credit_risk",
    features: loanFeatures,
    data: { ...makeLoans(builder.params.data), validate: loanRules },
    candidates: (given) =>
      grid({
        learner: [{
          kind: "gradientBoosting",
          params: {
            growth: "leafwise",
            nEstimators: given.n_estimators,
            maxDepth: given.max_depth,
            numLeaves: given.num_leaves,
            learningRate: given.learning_rate,
            subsample: given.subsample,
            colsample: given.colsample_bytree,
            regAlpha: given.reg_alpha,
            regLambda: given.reg_lambda,
            isUnbalance: given.is_unbalance,
          },
          monotone: riskDirections,
        }],
      }),
    split: { kind: "stratified", test: 0.2 },
    select: "roc_auc",
    metrics: ["ks"],
    threshold: ({ threshold }) => threshold,
    fairness: ({ min_disparate_impact: min }) => ({
      column: "person_age",
      edges: [25, 40],
      favourable: "0",
      gates: { disparate_impact: { min } },
    }),
    gates: ({ min_roc_auc: min }) => ({ roc_auc: { min } }),
  }, additions);
}

export default pipeline("credit_risk", {
  description: "Train the model of credit risk, monotone, fair and gated",
  params: trainingParams(riskParams, riskDefaults),
}, (builder) => void riskTraining(builder));
