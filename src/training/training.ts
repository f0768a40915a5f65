/** Wires a declared training into a pipeline. */

import { UsageError, WorkerPool } from "../base/mod.ts";
import { type CleanData, isClassTarget } from "../features/mod.ts";
import { metricOf } from "../metrics/mod.ts";
import type { Builder, Handle, SavedFile } from "../pipeline/mod.ts";
import { checkWritable } from "../registry/mod.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateScores, SkippedCandidate } from "./cross_validate.ts";
import type { ByParams, TrainingDeclaration } from "./declaration.ts";
import type { FittedModel } from "./experiment.ts";
import type { Explanation } from "./explanation.ts";
import type { LeakCheck } from "./leak_check.ts";
import type { LearningPoint } from "./learning_curve.ts";
import type { Folds } from "./splits/deal.ts";
import type { Concluded } from "./tasks/contract.ts";
import type { TrainingData } from "./training_data.ts";
import { checkFairness, type FairnessFindings } from "./fairness.ts";
import { checkGates, type GateReport } from "./gates.ts";
import type { CommonParams } from "./params.ts";
import { readySearch, type SearchParams } from "./search/declaration.ts";
import { cornerCandidates } from "./search/space.ts";
import { wireSearch } from "./search/wire.ts";
import type { Split } from "./splits/splits.ts";
import * as steps from "./steps.ts";
import { taskOf } from "./tasks/tasks.ts";
import { TrainingRun } from "./track/training_run.ts";
import type { NestedFold, SearchFindings } from "./trials.ts";
import { trackedSweep } from "./track/training_sweep.ts";

/** The outputs of a training's steps, to wire steps of one's own with. */
export interface TrainingHandles {
  /** The raw rows. */
  readonly source: Handle<TrainingData>;
  /** The cleaned rows. */
  readonly cleaned: Handle<CleanData>;
  /** The rows that are trained on, filled within groups if that is declared. */
  readonly data: Handle<CleanData>;
  /** Which rows are for what. */
  readonly folds: Handle<Folds>;
  /** What the search found, where there is one. */
  readonly search?: Handle<SearchFindings>;
  /** What the search promises for unseen rows, fold by fold, where that was asked for. */
  readonly nested?: Handle<readonly NestedFold[]>;
  /** How each candidate did; of a search the chosen one. */
  readonly scores: Handle<readonly (CandidateScores | SkippedCandidate)[]>;
  /** The best candidate. */
  readonly best: Handle<CandidateScores>;
  /** What whole groups held out say; absent without groups that folds may split. */
  readonly leak?: Handle<LeakCheck>;
  /** Held-out predictions, and what follows from them. */
  readonly concluded: Handle<Concluded>;
  /** The model that is exported. */
  readonly fitted: Handle<FittedModel>;
  /** Metrics of the test part, where one is held out. */
  readonly test?: Handle<Record<string, number>>;
  /** How groups are decided on, where that is asked for. */
  readonly fairness?: Handle<FairnessFindings>;
  /** What the best was held to, where there are gates. */
  readonly gates?: Handle<GateReport>;
  /** Metric by number of training rows. */
  readonly curve: Handle<readonly LearningPoint[]>;
  /** Shapley values of a sample. */
  readonly explanation: Handle<Explanation | undefined>;
  /** The files that were written. */
  readonly exported: Handle<readonly SavedFile[]>;
  /** Threads of the run. */
  readonly pool: Handle<WorkerPool>;
}

/**
 * Wires a training: rows are loaded, cleaned and dealt to folds, candidates are
 * cross-validated one nested MLflow run each, the best is checked, fitted, explained,
 * exported as one ONNX file and tracked. What is given back are the handles of its
 * steps, for steps of one's own.
 *
 * @throws {UsageError} for a declaration that contradicts itself, before anything runs.
 *
 * @example
 * ```ts
 * import { classes, featureSet, number, oneHot } from "../features/mod.ts";
 * import { pipeline } from "../pipeline/mod.ts";
 * import { grid } from "./candidate.ts";
 * import { trainingParams } from "./params.ts";
 *
 * pipeline("loans", {
 *   description: "Train the model of loans",
 *   params: trainingParams({}, { data: "data/raw/loans.csv" }),
 * }, (builder) =>
 *   void training(builder, {
 *     name: "loans",
 *     features: featureSet({
 *       target: classes("default", ["0", "1"]),
 *       columns: { income: number({ min: 0 }), purpose: oneHot() },
 *     }),
 *     candidates: grid({ learner: [{ kind: "gradientBoosting" }, { kind: "randomForest" }] }),
 *     threshold: { costs: { falsePositive: 1, falseNegative: 5 } },
 *     gates: { roc_auc: { min: 0.8 } },
 *   }));
 * ```
 */
export function training<Params extends CommonParams>(
  builder: Builder<Params>,
  declared: TrainingDeclaration<Params>,
): TrainingHandles {
  const { params } = builder;
  const { name, features: set, data: { make, fillWithinGroup } = {}, files = "name" } = declared;
  const { seed, models, reports, folds: count } = params;
  const given = <T>(value: ByParams<Params, T>): T =>
    typeof value === "function" ? (value as (params: Params) => T)(params) : value;
  const task = declared.task ?? taskOf(set);
  const split: Split = given(declared.split) ?? { kind: task.splits[0] as "plain" };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/i.test(name) || /^model$/i.test(name)) {
    throw new UsageError(`Cannot call a model "${name}"`, {
      next: 'use letters, digits and single "-", as in home-equity; "model" is taken',
    });
  }
  if (!task.splits.includes(split.kind)) {
    throw new UsageError(`Cannot split "${split.kind}" for a ${task.kind} task`, {
      next: `use one of ${task.splits.join(", ")}`,
    });
  }
  const gates = given(declared.gates);
  if (gates !== undefined) checkGates(gates, task.metricTask);
  const fairness = given(declared.fairness);
  if (fairness !== undefined) {
    checkFairness(fairness, isClassTarget(set.target) ? set.target.classes : []);
  }
  const { metric, rule = "best" } = typeof declared.select === "object"
    ? declared.select
    : { metric: declared.select };
  const select = metricOf(metric ?? task.metrics[0], task.metricTask).name;
  if (rule !== "best" && rule !== "oneStandardError") {
    throw new UsageError(`Cannot choose a candidate by the rule "${rule}"`, {
      next: 'use "best" or "oneStandardError"',
    });
  }
  const searched = declared.search &&
    readySearch(given(declared.search), params as SearchParams, seed, select);
  if ((searched === undefined) === (declared.candidates === undefined)) {
    throw new UsageError(
      searched === undefined
        ? "Cannot train: there are neither candidates nor a search"
        : "Cannot train: there are candidates and a search",
      { next: "declare candidates or search" },
    );
  }
  const candidates = searched
    ? cornerCandidates(searched.settings, searched.plan.space)
    : checkedCandidates(given(declared.candidates!));
  const more = [...declared.metrics ?? [], ...Object.keys(gates ?? {})];
  const metrics = [...new Set([...task.metrics, select, ...more])];
  for (const metric of metrics) metricOf(metric, task.metricTask);
  checkNames(set.columns, isClassTarget(set.target) ? set.target.classes : []);
  const scoring = { metrics, select };
  const setting = { task, set, seed, scoring };
  const { threshold: declaredThreshold, coverage } = declared;
  const wishes = { threshold: given(declaredThreshold), coverage };

  // Threads, checks and tracking change no output: they do not count for the cache.
  const pool = builder.resource("workers", {
    open: ({ run }) => new WorkerPool(run.jobs),
    close: (pool) => pool.close(),
    counts: false,
  });
  const writable = builder.resource("writable", {
    open: async () => {
      for (const folder of [models, reports]) await checkWritable(folder);
    },
    counts: false,
  });
  const tracking = builder.resource("tracking", {
    sweep: trackedSweep(params, select),
    open: (context) => TrainingRun.open(params, context, declared.run),
    close: (run, { status }) => run.close(status),
    counts: false,
  });

  const path = builder.file("data", params.data, make && { make });
  const source = builder.step("load", { path }, steps.loadStep({}));
  const cleaned = builder.step("clean", { source }, steps.cleanStep({ set }));
  const data = fillWithinGroup ? builder.step("fill", { cleaned }, steps.fillStep({})) : cleaned;
  const folds = builder.step(
    "split",
    { source, data },
    steps.splitStep({
      ...{ task, set, seed, name, split, folds: count, models, candidates, ...wishes },
      ...searched && { trials: searched.plan.trials },
    }),
  );
  const work = { data, folds, pool, writable, tracking };
  const dealing = { rule, split, count: split.folds ?? count };
  const { search, nested, scores } = searched
    ? wireSearch(builder, searched, setting, dealing, { ...work, source })
    : {
      search: undefined,
      nested: undefined,
      scores: builder.each("train", candidates, work, steps.trainStep(setting)),
    };
  const checksLeak = set.group !== undefined && !/group|time/i.test(split.kind);
  const best = builder.step(
    "evaluate",
    { scores },
    steps.evaluateStep({ scoring, rule, tell: !checksLeak }),
  );
  const leak = checksLeak
    ? builder.step("leak_check", { best, data, folds, pool }, steps.leakStep(setting))
    : undefined;
  const concluded = builder.step(
    "conclude",
    { best, data, folds },
    steps.concludeStep({ task, set, seed, ...wishes }),
  );
  const fitted = builder.step(
    "fit",
    { best, data, folds, pool },
    steps.fitStep({ task, set, seed }),
  );
  const test = split.test === undefined
    ? undefined
    : builder.step("test", { fitted, data, folds }, steps.testStep(setting));
  const compared = fairness && builder.step(
    "fairness",
    { source, data, concluded },
    steps.fairnessStep({ set, seed, fairness }),
  );
  const fairGates = fairness?.gates;
  const gate: Handle<GateReport> | undefined = gates ?? fairGates
    ? builder.step(
      "gates",
      { best, ...leak && { leak }, ...test && { test }, ...compared && { fairness: compared } },
      steps.gateStep({ gates: gates ?? {}, fairGates: fairGates ?? {} }),
      { outcome: true },
    )
    : undefined;
  const curve = builder.step(
    "learning_curve",
    { best, data, folds, pool },
    steps.curveStep(setting),
  );
  const explanation = builder.step(
    "explain",
    { fitted, data, pool },
    steps.explainStep({ set, seed }),
  );
  const exported = builder.step(
    "export",
    {
      ...{ source, cleaned, data, folds, scores, best, concluded, fitted, curve, explanation },
      ...{ writable, tracking },
      ...leak && { leak },
      ...test && { test },
      ...gate && { gates: gate },
      ...search && { search },
      ...nested && { nested },
      ...compared && { fairness: compared },
    },
    steps.exportStep({
      ...setting,
      ...{ name, files, models, reports, experiment: params.experiment, uri: params.tracking },
      params: plainData(params),
    }),
  );
  return {
    ...{ source, cleaned, data, folds, scores, best, leak, concluded, fitted, test },
    ...{ search, nested, fairness: compared, gates: gate, curve, explanation, exported, pool },
  };
}

/** Parameters as the metadata keep them: where a model was tracked is no part of how it was made. */
function plainData<Params extends CommonParams>(params: Params): Record<string, unknown> {
  const { tracking: _, ...rest } = params;
  return rest;
}

function checkedCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  const names = candidates.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (candidates.length === 0 || twice !== undefined) {
    throw new UsageError(
      candidates.length === 0
        ? "Cannot train: there are no candidates"
        : `Cannot train: two candidates are named "${twice}"`,
      { next: "give candidates with grid({ learner: […] }), each with a name of its own" },
    );
  }
  return candidates;
}

/** Names that the ONNX graph gives its outputs cannot be those of columns. */
function checkNames(columns: object, classes: readonly string[]): void {
  const taken = new Set(["label", "prediction", ...classes.map((name) => `probability_${name}`)]);
  const clash = Object.keys(columns).find((name) => taken.has(name));
  if (clash === undefined) return;
  throw new UsageError(`Cannot use column "${clash}": the model's output has that name`, {
    next: "rename the column in the data and in the features",
  });
}
