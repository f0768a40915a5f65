/**
 * From raw rows to a tracked model: pairs of sampler and learner are cross-validated,
 * the best is checked for leaks, fitted to all rows and exported as one ONNX file.
 */

import { WorkerPool } from "../src/base/mod.ts";
import { type CleanData, fillWithinGroup } from "../src/features/mod.ts";
import { pipeline, savedFile } from "../src/pipeline/mod.ts";
import { checkWritable } from "../src/registry/mod.ts";
import { creditFeatures } from "./credit_score/columns.ts";
import { cleanData, loadData, makeWhereDefault } from "./credit_score/load_data.ts";
import { combinationsOf } from "./training/combination.ts";
import { crossValidate, selectBest } from "./training/cross_validate.ts";
import { explain } from "./training/explanation.ts";
import { exportModel, reportsFolder, savedPaths } from "./training/export_model.ts";
import { dealFolds } from "./training/folds.ts";
import { checkLeak } from "./training/leak_check.ts";
import { learningCurve } from "./training/learning_curve.ts";
import { banner, closing, combinationLine, verdict } from "./training/messages.ts";
import { trainParams } from "./training/params.ts";
import { refit } from "./training/refit.ts";
import type { Experiment } from "./training/score_fold.ts";
import { TrainingRun } from "./training/training_run.ts";
import { trackedSweep } from "./training/training_sweep.ts";

export default pipeline("train", {
  description: "Train, compare, track and export the credit-score model",
  params: trainParams,
}, ({ step, each, file, resource, params }) => {
  // Threads, checks and tracking change no output: they do not count for the cache.
  const pool = resource("workers", {
    open: ({ run }) => new WorkerPool(run.jobs),
    close: (pool) => pool.close(),
    counts: false,
  });
  const writable = resource("writable", {
    open: async () => {
      for (const folder of [params.models, reportsFolder]) await checkWritable(folder);
    },
    counts: false,
  });
  const tracking = resource("tracking", {
    sweep: trackedSweep(params),
    open: (context) => TrainingRun.open(params, context),
    close: (run, { status }) => run.close(status),
    counts: false,
  });

  const experimentOn = (data: CleanData): Experiment => (
    { set: creditFeatures, data, seed: params.seed }
  );

  const path = file("data", params.data, makeWhereDefault(params.data));
  const source = step("load", { path }, ({ path }) => loadData(path));
  const cleaned = step("clean", { source }, ({ source }) => cleanData(source));
  const data = step("fill", { cleaned }, ({ cleaned }) => fillWithinGroup(cleaned));
  const folds = step("split", { source, data }, ({ source, data }, { log }) => {
    const { folds, seed, models, combinations } = params;
    log(banner(source, data, { folds, models, combinations }));
    return dealFolds(creditFeatures, data, { folds, seed });
  });
  const scores = each(
    "train",
    combinationsOf(params),
    { data, folds, pool, writable, tracking },
    async (combination, { data, folds, pool, tracking }, context) => {
      const experiment = experimentOn(data);
      const scores = await crossValidate(combination, folds.random, experiment, pool, context);
      await tracking.logCombination(scores);
      context.log(combinationLine(scores));
      return scores;
    },
  );
  const best = step("evaluate", { scores }, ({ scores }, { metric }) => {
    const best = selectBest(scores);
    metric("best_f1_macro", best.mean.f1_macro);
    return best;
  });
  const leak = step(
    "leak_check",
    { best, data, folds, pool },
    async ({ best, data, folds, pool }, context) => {
      const leak = await checkLeak(best, folds, experimentOn(data), pool, context);
      context.metric("best_f1_macro_grouped", leak.grouped);
      context.log(verdict(best, leak));
      return leak;
    },
  );
  const fitted = step(
    "fit",
    { best, data, pool },
    ({ best, data, pool }, context) => refit(best.combination, experimentOn(data), pool, context),
  );
  const curve = step(
    "learning_curve",
    { best, data, folds, pool },
    ({ best, data, folds, pool }, context) =>
      learningCurve(best, folds.random[0], experimentOn(data), pool, context),
  );
  const explanation = step(
    "explain",
    { fitted, data, pool },
    ({ fitted, data, pool }, context) => explain(fitted, experimentOn(data), pool, context),
  );
  step(
    "export",
    {
      ...{ source, cleaned, data, folds, scores, best, leak, fitted, curve, explanation },
      ...{ writable, tracking },
    },
    async ({ data, tracking, ...found }, { log, run }) => {
      const findings = { ...found, experiment: experimentOn(data) };
      const saved = await exportModel(findings, params.models, tracking);
      const { experiment, tracking: uri } = params;
      log(closing(saved, tracking, { experiment, uri, startedAt: run.startedAt }));
      return savedPaths(saved).map((path) => savedFile(path));
    },
  );
});
