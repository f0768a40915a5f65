/** One trial: a candidate scored fold by fold, until it ends or is hopeless. */

import type { WorkerPool } from "../../base/mod.ts";
import {
  isHopeless,
  type PrunerChoice,
  type Report,
  type SearchPlan,
  trialPruner,
} from "../../search/mod.ts";
import type { Fold } from "../../dataset/mod.ts";
import type { Candidate } from "../candidate.ts";
import type { ComparisonData, FoldScores, RoundWatch, Scoring, Watch } from "../experiment.ts";
import type { TrainingTask } from "../tasks/contract.ts";
import type { TrialRecord } from "../trials.ts";
import type { SearchWatch } from "./watch.ts";

/** What a trial is scored on. */
export interface TrialSetting {
  /** The kind of task. */
  readonly task: Pick<TrainingTask, "score">;
  /** Rows and features. */
  readonly experiment: ComparisonData;
  /** By what trials are compared. */
  readonly scoring: Scoring;
  /** The folds, in the order in which they are judged. */
  readonly folds: readonly Fold[];
  /** How the search goes about. */
  readonly plan: Omit<SearchPlan, "trials">;
  /** Workers that score folds. */
  readonly pool: WorkerPool;
  /** What the trials share. */
  readonly watch: SearchWatch;
  /** How the boosting rounds of the first fold are judged, if they are. */
  readonly rounds?: Pick<RoundWatch, "every" | "warmup">;
}

/**
 * Scores a trial. After each fold its mean so far is told to the pruner, so folds are scored
 * ahead only on cores that would be idle: what comes out is the same on any number of them.
 *
 * @param history Trials of the earlier generations.
 * @throws the signal's reason if it is stopped; all else is a failed trial.
 */
export async function scoreTrial(
  setting: TrialSetting,
  number: number,
  candidate: Candidate,
  params: TrialRecord["params"],
  history: readonly TrialRecord[],
  { signal, progress }: Watch,
): Promise<TrialRecord> {
  const { task, experiment, scoring, folds, plan, pool, watch } = setting;
  const { select } = scoring;
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const values: number[] = [];
  const reports: Report[] = [];
  let told: readonly Report[] | undefined;
  const record = () => ({
    ...{ number, params, candidate, reports, folds: values },
    ...told && { rounds: told },
  });
  const judged: RoundWatch | undefined = setting.rounds && trialPruner(plan.pruner).isActive
    ? {
      ...setting.rounds,
      ...{ number, pruner: roundPruner(plan.pruner), seed: plan.seed },
      history: history.map((trial) => ({ ...trial, params: {}, reports: trial.rounds ?? [] })),
    }
    : undefined;
  const brief: Scoring = { metrics: [select], select, brief: true };
  const done = folds.map(() => 0);
  const score = async (index: number): Promise<FoldScores> => {
    const prepared = await watch.fold(index, folds[index], experiment, pool);
    const job = {
      ...{ experiment, candidate, fold: folds[index], index, scoring: brief, prepared },
      ...judged && index === 0 && { rounds: judged },
    };
    return await pool.run(task.score, job, {
      signal: both,
      onProgress: (share) => {
        done[index] = share;
        progress(done.reduce((sum, part) => sum + part, 0) / folds.length);
      },
    });
  };
  const mayEnd = trialPruner(plan.pruner).isActive;
  using _ = watch.enter();
  const begun: Promise<FoldScores>[] = [];
  try {
    for (let index = 0; index < folds.length; index++) {
      const beside = index === 0 ? plan.parallel : watch.underWay;
      const ahead = mayEnd ? Math.ceil(pool.size / beside) : folds.length;
      while (begun.length < Math.min(index + ahead, folds.length)) {
        const fold = score(begun.length);
        // Whoever waits for it hears of its error.
        fold.catch(() => {});
        begun.push(fold);
      }
      const { metrics, rounds, hopeless } = await begun[index];
      told ??= rounds;
      if (hopeless) {
        stop.abort();
        return { ...record(), state: "pruned" };
      }
      values.push(metrics[select]);
      const value = values.reduce((sum, one) => sum + one, 0) / values.length;
      if (Number.isNaN(value)) throw new Error(`a fold holds too little for ${select}`);
      reports.push({ step: index + 1, value });
      if (index === folds.length - 1) return { ...record(), state: "complete", value };
      // A fold that was scored ahead is about to end: to stop its worker would cost more.
      if (isHopeless(plan, number, reports, history)) return { ...record(), state: "pruned" };
    }
    throw new Error("There are no folds");
  } catch (error) {
    stop.abort();
    signal.throwIfAborted();
    const failure = error instanceof Error ? error.message : String(error);
    return { ...record(), state: "failed", failure: failure.split("\n")[0] };
  }
}

/** The pruner of boosting rounds: they learn, so the best round counts. */
function roundPruner(choice: PrunerChoice): PrunerChoice {
  return typeof choice === "object" && choice.kind === "median"
    ? { ...choice, judge: "best" }
    : choice;
}
