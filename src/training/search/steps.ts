/** The steps of a search; see ../steps.ts. */

import { deriveSeed, type WorkerPool } from "../../base/mod.ts";
import { type StepContext, stepFunction } from "../../pipeline/mod.ts";
import { parametersOf, type SearchPlan } from "../../search/mod.ts";
import { type Candidate, kindsOf } from "../candidate.ts";
import { type CandidateScores, crossValidate } from "../cross_validate.ts";
import type { RoundWatch } from "../experiment.ts";
import { candidateLine } from "../messages.ts";
import { metricLabel } from "../metric_label.ts";
import type { SelectionRule } from "../selection.ts";
import { dealWithin, type Folds, type Split } from "../../splits/mod.ts";
import type { TrainingRun } from "../track/training_run.ts";
import type { StepRows, StepSetting } from "../step_setting.ts";
import type { TrainingData } from "../training_data.ts";
import type { NestedFold, SearchFindings, SkippedTrial, TrialRecord } from "../trials.ts";
import { chooseTrial, testShareOf } from "./choose.ts";
import { searchWithin } from "./nested.ts";
import { scoreTrial } from "./score_trial.ts";
import { candidateOf, searchedKinds, type SearchedSettings, trialName } from "./space.ts";
import type { SearchWatch } from "./watch.ts";

/** What the trials of earlier generations came to. */
export interface TrialHistory {
  /** By rising number. */
  readonly trials: readonly TrialRecord[];
  /** Trials that there was no time for. */
  readonly skipped: number;
}

// Which of several kinds a trial is made of depends on those before it: all count.
const kindsOfTrials = {
  pick: (_: unknown, { settings }: { settings: SearchedSettings }) => searchedKinds(settings),
};

const nothing: TrialHistory = { trials: [], skipped: 0 };

/** Makes one trial, unless the time is up. */
export const trialStep = stepFunction(
  import.meta.url,
  "trialStep",
  async (
    given: StepSetting & {
      plan: Omit<SearchPlan, "trials">;
      settings: SearchedSettings;
      rounds?: Pick<RoundWatch, "every" | "warmup">;
    },
    { number }: { number: number },
    { data, folds, pool, tracking, watch, history = nothing }: StepRows & {
      pool: WorkerPool;
      tracking: TrainingRun;
      watch: SearchWatch;
      history?: TrialHistory;
    },
    context: StepContext,
  ): Promise<TrialRecord | SkippedTrial> => {
    const { task, set, seed, scoring, plan, settings, rounds } = given;
    const { trials } = history;
    watch.tell(trials);
    if (watch.isOver) {
      context.forget();
      return { skipped: number };
    }
    const params = parametersOf(plan, number, trials);
    const candidate = candidateOf(settings, params, number);
    const experiment = { set, data, seed };
    const told = (): string | undefined => watch.bestSoFar && `best ${watch.bestSoFar}`;
    const trial = await scoreTrial(
      { ...{ task, experiment, scoring, plan, pool, watch, rounds }, folds: folds.random },
      number,
      candidate,
      params,
      trials,
      { signal: context.signal, progress: (done) => context.progress(done, told()) },
    );
    watch.tell([trial]);
    await tracking.logTrial(trial, scoring.select);
    const line = `${trialName(number)} - ${outcome(trial, scoring.select)}`;
    if (trial.state === "failed") context.warn(line);
    else context.log(watch.bestSoFar ? `${line} (best so far: ${watch.bestSoFar})` : line);
    return trial;
  },
  kindsOfTrials,
);

function outcome({ state, value, folds, rounds, failure }: TrialRecord, select: string): string {
  if (state === "failed") return `failed: ${failure}`;
  if (state === "pruned" && folds.length === 0) {
    return `pruned after round ${rounds?.at(-1)?.step} of fold 1`;
  }
  if (state === "pruned") return `pruned after fold ${folds.length}`;
  return `${metricLabel(select)}: ${value!.toFixed(4)}`;
}

/** Adds a generation to those before it. */
export const historyStep = stepFunction(
  import.meta.url,
  "historyStep",
  (
    _: object,
    { trials, history = nothing }: {
      trials: readonly (TrialRecord | SkippedTrial)[];
      history?: TrialHistory;
    },
  ): TrialHistory => {
    const made = trials.filter((trial): trial is TrialRecord => !("skipped" in trial));
    return {
      trials: [...history.trials, ...made],
      skipped: history.skipped + trials.length - made.length,
    };
  },
);

/** Chooses a trial, and says how sure the choice is. */
export const chooseStep = stepFunction(
  import.meta.url,
  "chooseStep",
  async (
    { plan, rule }: { plan: SearchPlan; rule: SelectionRule },
    { history, folds }: { history: TrialHistory; folds: Folds },
    { log, warn, metric }: StepContext,
  ): Promise<SearchFindings> => {
    const { trials, skipped } = history;
    const share = testShareOf(folds.random);
    const found = await chooseTrial(plan, trials, skipped, rule, share);
    const count = (state: TrialRecord["state"]) =>
      trials.filter((trial) => trial.state === state).length;
    metric("trials", trials.length);
    log(
      `Searched ${trials.length} trials: ${count("complete")} complete, ` +
        `${count("pruned")} pruned, ${count("failed")} failed`,
    );
    if (skipped > 0) {
      warn(`There was no time for ${skipped} trials: the next run goes on with them`);
    }
    const { params } = trials.find(({ number }) => number === found.chosen)!;
    const told = Object.entries(params).map(([name, value]) => `${name}=${value}`);
    log(`Chosen: ${trialName(found.chosen)} with ${told.join(" ")}`);
    if (found.chosen !== found.best) {
      log(`  ${trialName(found.best)} is best, within one standard error of it but less simple`);
    }
    return found;
  },
);

/** Searches again within the training rows of one fold. */
export const nestedStep = stepFunction(
  import.meta.url,
  "nestedStep",
  (
    given: StepSetting & {
      plan: SearchPlan;
      settings: SearchedSettings;
      rule: SelectionRule;
      split: Split;
      count: number;
    },
    { index }: { index: number },
    { source, data, folds, pool }: StepRows & { source: TrainingData; pool: WorkerPool },
    context: StepContext,
  ): Promise<NestedFold> => {
    const { set, seed, split, count, ...work } = given;
    const outer = folds.random[index];
    const inner = dealWithin(set, data, split, outer.train, {
      ...{ folds: count, table: source.table },
      seed: deriveSeed(seed, 12, index),
    });
    const experiment = { set, data, seed };
    return searchWithin({ ...work, experiment, pool }, outer, inner, index, context);
  },
  kindsOfTrials,
);

/** Scores the chosen trial with all that a candidate has. */
export const scoreChosenStep = stepFunction(
  import.meta.url,
  "scoreChosenStep",
  async (
    given: StepSetting,
    { search, data, folds, pool }: StepRows & { search: SearchFindings; pool: WorkerPool },
    context: StepContext,
  ): Promise<readonly CandidateScores[]> => {
    const { task, set, seed, scoring } = given;
    const candidate = chosenOf(search);
    const experiment = { set, data, seed };
    const scores = await crossValidate(
      task,
      candidate,
      folds.random,
      experiment,
      scoring,
      pool,
      context,
    );
    context.log(candidateLine(scores, scoring.select));
    return [scores];
  },
  { input: "search", pick: (search: SearchFindings) => kindsOf(chosenOf(search)) },
);

function chosenOf({ trials, chosen }: SearchFindings): Candidate {
  return trials.find(({ number }) => number === chosen)!.candidate;
}
