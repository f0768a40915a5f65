/**
 * The steps of a training. Each is a declaration of its own that closes over nothing, so
 * that what a kept output depends on is its code, its inputs and what it was given.
 */

import type { WorkerPool } from "../base/mod.ts";
import { clean, type CleanData, type FeatureSet, fillWithinGroup, fit } from "../features/mod.ts";
import { metricOf } from "../metrics/mod.ts";
import type { ProfileSpec } from "../profile/mod.ts";
import { type StepContext, stepFunction } from "../pipeline/mod.ts";
import { beatsAll } from "./baseline.ts";
import { type Candidate, kindsOf, placedLearner } from "./candidate.ts";
import { closing, savedFiles } from "./closing.ts";
import {
  type CandidateScores,
  isLeftOut,
  isScored,
  selectBest,
  type SkippedCandidate,
  tryCandidate,
} from "./cross_validate.ts";
import type { MetricGate } from "./gate.ts";
import type { FittedModel, Scoring } from "./experiment.ts";
import { explain, type Explanation } from "./explanation.ts";
import { exportModel, type ExportOptions } from "./export_model.ts";
import {
  type Fairness,
  type FairnessFindings,
  fairnessMetrics,
  judgeFairness,
} from "./fairness.ts";
import type { Findings } from "./findings.ts";
import { type GateReport, holdToGates, joinGates } from "./gates.ts";
import { type HeldOut, heldOut } from "./held_out.ts";
import { inspect, type Inspection } from "./inspection.ts";
import { checkLeak, type LeakCheck } from "./leak_check.ts";
import { scoreLearningCurve } from "./learning_curve.ts";
import { loadData } from "./load_data.ts";
import { banner, bestLine, candidateLine, nothingLearned, trainingVerdict } from "./messages.ts";
import type { SelectionRule } from "./selection.ts";
import { dealFolds, type Folds, type Split } from "../splits/mod.ts";
import type { Conclusion, Wishes } from "./tasks/contract.ts";
import type { TrainingRun } from "./track/training_run.ts";
import { experimentOn, type StepRows, type StepSetting } from "./step_setting.ts";
import type { TrainingData } from "./training_data.ts";
import { vectorsOf } from "./vectors.ts";

const kindsOfBest = {
  input: "best",
  pick: ({ candidate }: CandidateScores) => kindsOf(candidate),
};

/** Reads the file. */
export const loadStep: (
  given: { profile?: ProfileSpec },
) => (inputs: { path: string }) => Promise<TrainingData> = stepFunction(
  import.meta.url,
  "loadStep",
  ({ profile }: { profile?: ProfileSpec }, { path }: { path: string }): Promise<TrainingData> =>
    loadData(path, profile),
);

/** Cleans what was read, row by row; nothing is learned yet. */
export const cleanStep = stepFunction(
  import.meta.url,
  "cleanStep",
  async (
    { set, fetched }: { set: FeatureSet; fetched: readonly string[] },
    { source }: { source: TrainingData },
    context: StepContext,
  ) =>
    clean(set, source.table, {
      target: "required",
      vectors: await vectorsOf(set, source.table, { ...context, fetched }),
    }),
);

/** Fills missing values from rows of the same group. */
export const fillStep = stepFunction(
  import.meta.url,
  "fillStep",
  (_: object, { cleaned }: { cleaned: CleanData }) => fillWithinGroup(cleaned),
);

/** Deals rows to folds; refuses what could not be trained. */
export const splitStep = stepFunction(
  import.meta.url,
  "splitStep",
  (
    given: Omit<StepSetting<"check">, "scoring"> & Wishes & {
      name: string;
      split: Split;
      folds: number;
      models: string;
      candidates: readonly Candidate[];
      /** Trials of a search, of which the candidates are corners. */
      trials?: number;
    },
    { source, data }: { source: TrainingData; data: CleanData },
    { log }: StepContext,
  ): Folds => {
    const { task, set, name, split, folds, seed, models, candidates, trials, threshold, coverage } =
      given;
    const experiment = experimentOn(given, data);
    task.check(experiment, { threshold, coverage });
    const dealt = dealFolds(set, data, split, { folds, seed, table: source.table });
    const constrained = candidates.filter(({ learner }) => learner.monotone);
    if (constrained.length > 0) {
      const state = fit(set, data);
      for (const candidate of constrained) placedLearner(candidate, state);
    }
    const told = { models, folds: split.folds ?? folds, candidates: candidates.length, trials };
    log(banner(name, source, data, set.target, dealt, told));
    return dealt;
  },
);

/** Scores a candidate on all folds. */
export const trainStep = stepFunction(
  import.meta.url,
  "trainStep",
  async (
    given: StepSetting,
    candidate: Candidate,
    { data, folds, pool, tracking }: StepRows & { pool: WorkerPool; tracking: TrainingRun },
    context: StepContext,
  ): Promise<CandidateScores | SkippedCandidate> => {
    const { task, scoring } = given;
    const experiment = experimentOn(given, data);
    const scores = await tryCandidate(
      task,
      candidate,
      folds.random,
      experiment,
      scoring,
      pool,
      context,
    );
    await tracking.logCandidate(scores);
    if (isLeftOut(scores)) context.warn(`${candidate.name} is left out: ${scores.failure}`);
    else context.log(candidateLine(scores, scoring.select));
    return scores;
  },
  { pick: kindsOf },
);

/** Scores what says the same of every row, on the folds of the others. */
export const baselineStep = stepFunction(
  import.meta.url,
  "baselineStep",
  (
    given: StepSetting,
    candidate: Candidate,
    { data, folds, pool }: StepRows & { pool: WorkerPool },
    context: StepContext,
  ): Promise<CandidateScores | SkippedCandidate> => {
    const { task, scoring } = given;
    const experiment = experimentOn(given, data);
    return tryCandidate(task, candidate, folds.random, experiment, scoring, pool, context);
  },
  { pick: kindsOf },
);

/**
 * Chooses the best candidate. The baseline is chosen only if it is better than all of them: as the
 * simplest of about the same it would always be.
 */
export const evaluateStep = stepFunction(
  import.meta.url,
  "evaluateStep",
  (
    { scoring: { select }, rule, tell }: {
      scoring: Scoring;
      rule: SelectionRule;
      tell: boolean;
    },
    { scores, nothing = [] }: Pick<Findings, "scores" | "nothing">,
    { metric, log, warn }: StepContext,
  ): CandidateScores => {
    const chosen = selectBest(scores, select, rule);
    const [baseline] = nothing.filter(isScored);
    const beaten = baseline && beatsAll(baseline, scores, select);
    const best = beaten ? baseline : chosen;
    metric(`best_${select}`, best.mean[select]);
    if (baseline) log(candidateLine(baseline, select));
    if (beaten) warn(nothingLearned(chosen, baseline, select));
    if (tell) log(bestLine(best, select));
    return best;
  },
);

/** Cross-validates the best candidate with whole groups held out. */
export const leakStep = stepFunction(
  import.meta.url,
  "leakStep",
  async (
    given: StepSetting,
    { best, data, folds, pool }: StepRows & { best: CandidateScores; pool: WorkerPool },
    context: StepContext,
  ): Promise<LeakCheck> => {
    const { task, scoring } = given;
    const experiment = experimentOn(given, data);
    const leak = await checkLeak(task, best, folds, experiment, scoring, pool, context);
    context.metric(`best_${scoring.select}_grouped`, leak.grouped);
    context.log(trainingVerdict(best, leak, scoring.select));
    return leak;
  },
  kindsOfBest,
);

/** Fits the best candidate to all rows that are no test. */
export const fitStep = stepFunction(
  import.meta.url,
  "fitStep",
  (
    given: Omit<StepSetting<"refit">, "scoring">,
    { best, data, folds, pool }: StepRows & { best: CandidateScores; pool: WorkerPool },
    context: StepContext,
  ): Promise<FittedModel> => {
    const rows = folds.training ?? Int32Array.from({ length: data.rows }, (_, row) => row);
    const experiment = experimentOn(given, data);
    return given.task.refit(best.candidate, experiment, rows, pool, context, folds.test);
  },
  kindsOfBest,
);

/** What held-out predictions say beside the choice. */
export const concludeStep = stepFunction(
  import.meta.url,
  "concludeStep",
  (
    given: Omit<StepSetting<"conclude">, "scoring"> & Wishes,
    { best, data, folds }: StepRows & { best: CandidateScores },
  ): { held: HeldOut; conclusion: Conclusion } => {
    const { task, threshold, coverage } = given;
    const held = heldOut(best, folds.random);
    const experiment = experimentOn(given, data);
    return { held, conclusion: task.conclude(experiment, held, { threshold, coverage }) };
  },
);

/** Judges the fitted model on the test part. */
export const testStep = stepFunction(
  import.meta.url,
  "testStep",
  async (
    given: StepSetting<"predict" | "metricInput">,
    { fitted, data, folds }: StepRows & { fitted: FittedModel },
    { metric }: StepContext,
  ): Promise<Record<string, number>> => {
    const { task, scoring } = given;
    const rows = folds.test!;
    const predictions = await task.predict(fitted, data, rows);
    const input = task.metricInput(experimentOn(given, data), { rows, predictions });
    const metrics = Object.fromEntries(
      scoring.metrics.map((name) => [name, metricOf(name).compute(input)]),
    );
    metric(`test_${scoring.select}`, metrics[scoring.select]);
    return metrics;
  },
);

/** Compares how groups are decided on. */
export const fairnessStep = stepFunction(
  import.meta.url,
  "fairnessStep",
  (
    given: Omit<StepSetting, "scoring" | "task"> & { fairness: Fairness },
    { source, data, concluded: { held, conclusion } }: {
      source: TrainingData;
      data: CleanData;
      concluded: Pick<Findings, "held" | "conclusion">;
    },
    { metric }: StepContext,
  ): FairnessFindings => {
    const { fairness } = given;
    const experiment = experimentOn(given, data);
    const found = judgeFairness(fairness, experiment, held, source.table, conclusion.decision);
    for (const { name, value } of found.measures) metric(name, value);
    return found;
  },
);

/** Holds the best candidate to the gates. */
export const gateStep = stepFunction(
  import.meta.url,
  "gateStep",
  (
    { gates, fairGates }: {
      gates: Readonly<Record<string, MetricGate>>;
      fairGates: Readonly<Record<string, MetricGate>>;
    },
    { best, leak, test, fairness }: {
      best: CandidateScores;
      fairness?: FairnessFindings;
      leak?: LeakCheck;
      test?: Readonly<Record<string, number>>;
    },
    { warn }: StepContext,
  ): GateReport => {
    const grouped = leak?.scores === best ? undefined : leak?.scores.mean;
    const judged = test
      ? holdToGates(gates, test, "the test part")
      : grouped
      ? holdToGates(gates, grouped, "folds with whole groups held out")
      : holdToGates(gates, best.mean, `the mean of ${best.folds.length} folds`);
    const report = fairness === undefined ? judged : joinGates(
      judged,
      holdToGates(fairGates, fairnessMetrics(fairness), `groups of ${fairness.column}`),
    );
    for (const missed of report.missed) warn(`Gate missed: ${missed}`);
    return report;
  },
);

/** Scores the best candidate on rising shares of a fold's training rows. */
export const curveStep = stepFunction(
  import.meta.url,
  "curveStep",
  (
    given: StepSetting,
    { best, data, folds, pool }: StepRows & { best: CandidateScores; pool: WorkerPool },
    context: StepContext,
  ) => {
    const { task, scoring } = given;
    const [first] = folds.random;
    return scoreLearningCurve(task, best, first, experimentOn(given, data), scoring, pool, context);
  },
  kindsOfBest,
);

/** Explains a sample of rows. */
export const explainStep = stepFunction(
  import.meta.url,
  "explainStep",
  (
    given: { set: FeatureSet; seed: number },
    { fitted, data, pool }: { fitted: FittedModel; data: CleanData; pool: WorkerPool },
    context: StepContext,
  ): Promise<Explanation | undefined> => explain(fitted, experimentOn(given, data), pool, context),
);

/** Asks the model what it does with its columns. */
export const inspectStep = stepFunction(
  import.meta.url,
  "inspectStep",
  (
    given: StepSetting<"predict" | "metricInput">,
    { fitted, data, folds }: StepRows & { fitted: FittedModel },
    context: StepContext,
  ): Promise<Inspection> => {
    const { task, scoring } = given;
    const experiment = experimentOn(given, data);
    return inspect(task, fitted, experiment, scoring.select, folds.test, context);
  },
);

/** Exports, saves and tracks the model. */
export const exportStep = stepFunction(
  import.meta.url,
  "exportStep",
  async (
    given: Omit<StepSetting, "task"> & ExportOptions & { experiment: string; uri: string },
    inputs:
      & Omit<Findings, "experiment" | "scoring" | "held" | "conclusion">
      & Pick<StepRows, "data">
      & { concluded: Pick<Findings, "held" | "conclusion">; tracking: TrainingRun },
    { log, run }: StepContext,
  ) => {
    const { data, tracking, concluded, ...found } = inputs;
    const { scoring, experiment, uri } = given;
    const findings = { ...found, ...concluded, scoring, experiment: experimentOn(given, data) };
    const saved = await exportModel(findings, given, tracking, run);
    log(closing(saved, findings, tracking, { experiment, uri, startedAt: run.startedAt }));
    return savedFiles(saved);
  },
);
