/** Wires a declared training into a pipeline. */

import { UsageError, type WorkerPool } from "../base/mod.ts";
import { type CleanData, isClassTarget } from "../features/mod.ts";
import { metricOf } from "../metrics/mod.ts";
import { type Builder, type Handle, onlyMembers, type SavedFile } from "../pipeline/mod.ts";
import { baselineOf } from "./baseline.ts";
import { schemaOf, validateStep } from "../validation/mod.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateScores, SkippedCandidate } from "./cross_validate.ts";
import type { ByParams, TrainingDeclaration, TrainingViews } from "./declaration.ts";
import type { FittedModel } from "./experiment.ts";
import type { Explanation } from "./explanation.ts";
import type { Inspection } from "./inspection.ts";
import type { LeakCheck } from "./leak_check.ts";
import type { LearningPoint } from "./learning_curve.ts";
import type { Folds, Split } from "../splits/mod.ts";
import { type Concluded, fittedMembers } from "./tasks/contract.ts";
import type { TrainingData } from "./training_data.ts";
import { checkFairness, type FairnessFindings } from "./fairness.ts";
import { checkGates, type GateReport } from "./gates.ts";
import type { CommonParams } from "./params.ts";
import { joinStep } from "./join_views.ts";
import { readySearch, type SearchParams } from "./search/declaration.ts";
import { cornerCandidates } from "./search/space.ts";
import { wireSearch } from "./search/wire.ts";
import * as steps from "./steps.ts";
import { taskOf } from "./tasks/tasks.ts";
import { refuseWeightedSampling } from "./row_weights.ts";
import type { NestedFold, SearchFindings } from "./trials.ts";
import { fetchedEncoders } from "./vectors.ts";
import { trainingResources } from "./training_resources.ts";

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
  /** What shuffled and moved columns do to predictions. */
  readonly inspection: Handle<Inspection>;
  /** The files that were written. */
  readonly exported: Handle<readonly SavedFile[]>;
  /** Threads of the run. */
  readonly pool: Handle<WorkerPool>;
}

/** What is wired into a training beside it. */
export interface TrainingAdditions {
  /** Wires what has to succeed before anything is learned, given the rows as they were read. */
  readonly before?: (
    given: Pick<TrainingHandles, "source" | "pool"> & { readonly validated?: Handle<unknown> },
  ) => Handle<unknown>;
}

/**
 * Wires a training: rows are loaded, cleaned and dealt to folds, candidates are
 * cross-validated one nested MLflow run each, the best is checked, fitted, explained,
 * exported as one ONNX file and tracked. What is given back are the handles of its
 * steps, for steps of one's own.
 *
 * @param additions Steps that come before.
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
  additions: TrainingAdditions = {},
): TrainingHandles {
  const { params } = builder;
  const {
    name,
    features: set,
    data: { make, views, fillWithinGroup, validate, profile } = {},
    files = "name",
  } = declared;
  const { seed, models, reports, folds: count } = params;
  const given = <T>(value: ByParams<Params, T>): T =>
    typeof value === "function" ? (value as (params: Params) => T)(params) : value;
  const task = declared.task ?? taskOf(set);
  const split: Split = given(declared.split) ?? { kind: task.splits[0] as "plain" };
  refuseModelName(name);
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
  for (const candidate of candidates) task.checkCandidate(candidate);
  refuseWeightedSampling(set, candidates);
  const more = [...declared.metrics ?? [], ...Object.keys(gates ?? {})];
  const metrics = [...new Set([...task.metrics, select, ...more])];
  for (const metric of metrics) metricOf(metric, task.metricTask);
  checkNames(set.columns, isClassTarget(set.target) ? set.target.classes : []);
  const scoring = { metrics, select };
  const setting = { task: onlyMembers(task, "score"), set, seed, scoring };
  const { threshold: declaredThreshold, coverage } = declared;
  const wishes = { threshold: given(declaredThreshold), coverage };

  const { pool, writable, tracking } = trainingResources(builder, select, declared.run);

  const path = builder.file("data", params.data, make && { make });
  const raw = builder.step("load", { path }, steps.loadStep({ ...profile && { profile } }));
  const schema = validate && schemaOf(set, validate);
  const validated = schema && builder.step(
    "validate",
    { source: raw },
    validateStep({ schema, name, reports }),
    { cache: schema.fresh === undefined }, // what is fresh today is not tomorrow
  );
  const source = views === undefined ? raw : joinWith(builder, raw, views);
  const looked = additions.before?.({ source, pool, ...validated && { validated } });
  const cleaned = builder.step(
    "clean",
    { source, ...validated && { validated }, ...looked && { looked } },
    steps.cleanStep({ set, fetched: fetchedEncoders(set) }),
  );
  const data = fillWithinGroup ? builder.step("fill", { cleaned }, steps.fillStep({})) : cleaned;
  const folds = builder.step(
    "split",
    { source, data },
    steps.splitStep({
      task: onlyMembers(task, "check"),
      ...{ set, seed, name, split, folds: count, models, candidates, ...wishes },
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
  const baseline = baselineOf(task.metricTask, select, candidates);
  const nothing = baseline &&
    builder.each("baseline", [baseline], { data, folds, pool }, steps.baselineStep(setting));
  const best = builder.step(
    "evaluate",
    { scores, ...nothing && { nothing } },
    steps.evaluateStep({ scoring, rule, tell: !checksLeak }),
  );
  const leak = checksLeak
    ? builder.step("leak_check", { best, data, folds, pool }, steps.leakStep(setting))
    : undefined;
  const concluded = builder.step(
    "conclude",
    { best, data, folds },
    steps.concludeStep({ task: onlyMembers(task, "conclude"), set, seed, ...wishes }),
  );
  const fitted = builder.step(
    "fit",
    { best, data, folds, pool },
    steps.fitStep({ task: onlyMembers(task, "refit"), set, seed }),
  );
  const test = split.test === undefined ? undefined : builder.step(
    "test",
    { fitted, data, folds },
    steps.testStep({ ...setting, task: onlyMembers(task, "predict", "metricInput") }),
  );
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
  const inspection = builder.step(
    "inspect",
    { fitted, data, folds },
    steps.inspectStep({ ...setting, task: onlyMembers(task, "predict", "metricInput") }),
  );
  const exported = builder.step(
    "export",
    {
      ...{ source, cleaned, data, folds, scores, best, concluded, fitted, curve, explanation },
      ...{ inspection, writable, tracking },
      ...nothing && { nothing },
      ...leak && { leak },
      ...test && { test },
      ...gate && { gates: gate },
      ...search && { search },
      ...nested && { nested },
      ...compared && { fairness: compared },
    },
    steps.exportStep({
      ...setting,
      task: onlyMembers(task, ...fittedMembers),
      ...{ name, files, models, reports, experiment: params.experiment, uri: params.tracking },
      params: plainData(params),
      ...views && { views: views.joins.map(({ view }) => view) },
    }),
  );
  return {
    ...{ source, cleaned, data, folds, scores, best, leak, concluded, fitted, test },
    ...{ search, nested, fairness: compared, gates: gate, curve, explanation },
    ...{ inspection, exported, pool },
  };
}

/** The rows with the features of views, each as it was known at the row's moment. */
function joinWith<Params>(
  builder: Builder<Params>,
  loaded: Handle<TrainingData>,
  { time, joins }: TrainingViews,
): Handle<TrainingData> {
  const names = joins.map(({ view }) => view.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw new UsageError(`Cannot join the view "${twice}" twice`, { next: "name it once" });
  }
  return joins.reduce((rows, { view, history, make, columns }) => {
    const path = builder.file(`${view.name}_history`, history, make && { make });
    return builder.step(`join_${view.name}`, { rows, path }, joinStep({ view, time, columns }));
  }, loaded);
}

/** Refuses a name that files and pointers cannot have. */
export function refuseModelName(name: string): void {
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/i.test(name) && !/^model$/i.test(name)) return;
  throw new UsageError(`Cannot call a model "${name}"`, {
    next: 'use letters, digits and single "-", as in home-equity; "model" is taken',
  });
}

/** Parameters as the metadata keep them: where a model was tracked is no part of how it was made. */
export function plainData<Params extends CommonParams>(params: Params): Record<string, unknown> {
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
