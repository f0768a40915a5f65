/**
 * From raw rows to a tracked, exported model: combinations of a sampler and a
 * learner are cross-validated, the best is checked for leaks, fitted to all rows
 * and exported as one ONNX file.
 */

import { z } from "zod";
import { WorkerPool } from "../src/base/mod.ts";
import { clean, type CleanData, fillWithinGroup } from "../src/features/mod.ts";
import { pipeline } from "../src/pipeline/mod.ts";
import { checkModelsFolder } from "../src/registry/mod.ts";
import { creditFeatures } from "./credit_score/columns.ts";
import { defaultDataPath, loadData } from "./credit_score/load_data.ts";
import { type Combination, combinations } from "./training/combination.ts";
import { crossValidate, selectBest } from "./training/cross_validate.ts";
import { exportModel } from "./training/export_model.ts";
import { dealFolds } from "./training/folds.ts";
import { checkLeak } from "./training/leak_check.ts";
import { banner, closing, combinationLine, verdict } from "./training/messages.ts";
import { refit } from "./training/refit.ts";
import type { Experiment } from "./training/score_fold.ts";
import { TrainingRun } from "./training/training_run.ts";

const names = combinations.map(({ name }) => name);
const endings = { succeeded: "FINISHED", failed: "FAILED", cancelled: "KILLED" } as const;

const params = z.object({
  data: z.string().default(defaultDataPath)
    .describe("CSV or Parquet file; the default one is generated where it is missing"),
  models: z.string().default("models").describe("Folder for the exported model"),
  folds: z.int().min(2).max(100).default(5).describe("Folds of the cross-validation"),
  seed: z.int().min(0).max(2 ** 31 - 1).default(42).describe("Seed of everything random"),
  trees: z.int().min(1).max(10_000).default(100).describe("Trees of a random forest"),
  rounds: z.int().min(1).max(10_000).default(100).describe("Rounds of gradient boosting"),
  combinations: z.array(z.enum(names)).min(1).default(names).describe("What to compare"),
  experiment: z.string().min(1).default("credit-score-training").describe("MLflow experiment"),
});

export default pipeline("train", {
  description: "Train, compare, track and export the credit-score model",
  params,
  cache: false,
}, ({ step, each, resource, params }) => {
  const pool = resource("workers", {
    open: ({ run }) => new WorkerPool(run.jobs),
    close: (pool) => pool.close(),
  });
  const tracking = resource("tracking", {
    open: ({ run, warn }) =>
      TrainingRun.open({ experiment: params.experiment, startedAt: run.startedAt, warn }),
    close: (run, { status }) => run.close(endings[status]),
  });

  const experimentOf = (data: CleanData, { learner }: Combination): Experiment => ({
    set: creditFeatures,
    data,
    seed: params.seed,
    nEstimators: learner === "RandomForest" ? params.trees : params.rounds,
  });

  const source = step("load", {}, async (_, context) => {
    await checkModelsFolder(params.models);
    return await loadData(params.data, context);
  });
  const data = step("clean", { source }, ({ source }, { log }) => {
    const data = fillWithinGroup(clean(creditFeatures, source.table, { target: "required" }));
    log(banner(source, data, params));
    return data;
  });
  const folds = step("split", { data }, ({ data }) => dealFolds(creditFeatures, data, params));
  const scores = each(
    "train",
    combinations.filter(({ name }) => params.combinations.includes(name)),
    { data, folds, pool, tracking },
    async (combination, { data, folds, pool, tracking }, context) => {
      const experiment = experimentOf(data, combination);
      const scores = await crossValidate(combination, folds.random, experiment, pool, context);
      await tracking.logCombination(scores, experiment.nEstimators);
      context.log(combinationLine(scores));
      return scores;
    },
  );
  const best = step("evaluate", { scores }, ({ scores }) => selectBest(scores));
  const leak = step(
    "leak_check",
    { best, data, folds, pool },
    async ({ best, data, folds, pool }, context) => {
      const experiment = experimentOf(data, best.combination);
      const leak = await checkLeak(best, folds, experiment, pool, context);
      context.log(verdict(best, leak));
      return leak;
    },
  );
  const fitted = step(
    "fit",
    { best, data, pool },
    ({ best, data, pool }, context) =>
      refit(best.combination, experimentOf(data, best.combination), pool, context),
  );
  step(
    "export",
    { source, data, scores, best, leak, fitted, tracking },
    async ({ data, tracking, ...found }, { log, run }) => {
      const experiment = experimentOf(data, found.best.combination);
      const saved = await exportModel({ ...found, experiment }, params.models, tracking);
      log(closing(saved, tracking, run.startedAt));
    },
  );
});
