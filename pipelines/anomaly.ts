/**
 * Is a transaction the user's own? Detectors without labels on how it differs from what the user
 * usually does; as many alerts as people can look at, however good they turn out to be.
 */

import { z } from "zod";
import { pipeline } from "../src/pipeline/mod.ts";
import { anomaly, grid, training, trainingParams } from "../src/training/mod.ts";
import { alertsPerDay } from "./anomaly/alerts_per_day.ts";
import { transactionFeatures, transactionProfile } from "./anomaly/columns.ts";
import { makeTransactions, transactionsPath } from "./anomaly/generate.ts";

const share = z.number().min(0).max(1);

export default pipeline("anomaly", {
  description: "Train the detector of unusual transactions",
  params: trainingParams({
    trees: z.int().min(1).max(10_000).default(100).describe("Trees of an isolation forest"),
    samples: z.int().min(2).default(256).describe("Rows that a tree draws"),
    alerts: z.number().gt(0).max(0.5).default(0.005)
      .describe("Share of transactions that may alert"),
    min_roc_auc: share.default(0.9).describe("Least ROC AUC to be published"),
  }, {
    data: transactionsPath,
    about: "CSV or Parquet file of transactions; the default one is generated where it is missing",
    experiment: "anomaly_experiment",
  }),
}, (builder) => {
  const { params } = builder;
  const { source, concluded } = training(builder, {
    name: "anomaly",
    run: "anomaly",
    task: anomaly,
    features: transactionFeatures,
    data: { ...makeTransactions(params.data), profile: transactionProfile },
    candidates: ({ trees, samples }) =>
      grid({
        learner: [
          { kind: "isolationForest", params: { nEstimators: trees, maxSamples: samples } },
          { kind: "ecod" },
        ],
      }),
    split: { kind: "time", column: "time", test: 0.2 },
    threshold: ({ alerts }) => ({ alerts }),
    gates: ({ min_roc_auc: min }) => ({ roc_auc: { min } }),
  });
  const { time } = transactionProfile;
  builder.step("alerts_per_day", { source, concluded }, alertsPerDay({ time }));
});
