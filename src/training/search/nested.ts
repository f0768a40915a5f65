/** What a search promises for rows that it has not seen: it is made again within each fold. */

import { deriveSeed, type WorkerPool } from "../../base/mod.ts";
import type { SearchPlan } from "../../search/mod.ts";
import type { Fold } from "../../dataset/mod.ts";
import type { ComparisonData, Scoring, Watch } from "../experiment.ts";
import { meanOf, type SelectionRule } from "../selection.ts";
import type { TrainingTask } from "../tasks/contract.ts";
import type { NestedFold } from "../trials.ts";
import { chooseTrial, testShareOf } from "./choose.ts";
import { searchRows } from "./search_rows.ts";
import type { SearchedSettings } from "./space.ts";
import { SearchWatch } from "./watch.ts";

/** What an outer fold needs. */
export interface NestedWork {
  readonly task: Pick<TrainingTask, "score">;
  readonly experiment: ComparisonData;
  readonly scoring: Scoring;
  readonly plan: SearchPlan;
  readonly settings: SearchedSettings;
  readonly rule: SelectionRule;
  readonly pool: WorkerPool;
}

/**
 * Searches within the training rows of an outer fold and scores what it chose on the rows that
 * the search has not seen (Cawley and Talbot, 2010, "On Over-fitting in Model Selection").
 *
 * @param inner Folds of the training rows.
 */
export async function searchWithin(
  { task, experiment, scoring, plan, settings, rule, pool }: NestedWork,
  outer: Fold,
  inner: readonly Fold[],
  index: number,
  watch: Watch,
): Promise<NestedFold> {
  const { select } = scoring;
  const own: SearchPlan = { ...plan, seed: deriveSeed(plan.seed, 13, index) };
  const setting = {
    ...{ task, experiment, scoring, pool, folds: inner },
    watch: new SearchWatch(Infinity, select, plan.direction),
  };
  const trials = await searchRows(setting, own, settings, watch);
  const { chosen } = await chooseTrial(own, trials, 0, rule, testShareOf(inner));
  const trial = trials.find(({ number }) => number === chosen)!;
  const job = { experiment, candidate: trial.candidate, fold: outer, index };
  const { metrics } = await pool.run(task.score, {
    ...job,
    scoring: { metrics: [select], select, brief: true },
  }, { signal: watch.signal });
  return { params: trial.params, inner: meanOf(trial.folds), outer: metrics[select] };
}
