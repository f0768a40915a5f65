/** Says whether random folds flatter a model whose rows come in groups. */

import { UserError, type WorkerPool } from "../base/mod.ts";
import { metricOf } from "../metrics/mod.ts";
import { type CandidateScores, crossValidate } from "./cross_validate.ts";
import type { ComparisonData, Scoring, Watch } from "./experiment.ts";
import type { Folds } from "../splits/mod.ts";
import type { TrainingTask } from "./tasks/contract.ts";

/** From this difference on, in the metric or as a share of it, the reader is told why. */
const NOTABLE = 0.02;

/** The best candidate under both kinds of folds. */
export interface LeakCheck {
  /** Mean of the metric with rows dealt to folds at random. */
  readonly random: number;
  /** Mean of the metric with whole groups held out. */
  readonly grouped: number;
  /** The scores with whole groups held out; the random ones where each group has one row. */
  readonly scores: CandidateScores;
  /** What the two figures mean, one sentence. */
  readonly sentence: string;
}

/** Cross-validates the best candidate again with whole groups held out. */
export async function checkLeak(
  task: Pick<TrainingTask, "score">,
  best: CandidateScores,
  { grouped }: Folds,
  experiment: ComparisonData,
  scoring: Scoring,
  pool: WorkerPool,
  watch: Watch,
): Promise<LeakCheck> {
  const group = experiment.set.group ?? "group";
  const { select } = scoring;
  const random = best.mean[select];
  const alone = (sentence: string) => ({ random, grouped: random, scores: best, sentence });
  if (grouped === undefined) return alone(`Each ${group} has one row, so no fold splits one`);
  try {
    const { candidate } = best;
    const scores = await crossValidate(task, candidate, grouped, experiment, scoring, pool, watch);
    const held = scores.mean[select];
    const { direction } = metricOf(select);
    // An error counts as a share of itself, a score in its own points.
    const difference = direction === "higher" ? random - held : (held - random) / (random || 1);
    return { random, grouped: held, scores, sentence: explainLeak(difference, group) };
  } catch (error) {
    if (watch.signal.aborted || !(error instanceof UserError)) throw error;
    return alone(`The leak check was left out, with whole groups held out: ${error.message}`);
  }
}

/** What a difference between random and grouped folds means. */
export function explainLeak(difference: number, group: string): string {
  const points = Math.abs(difference).toFixed(4);
  if (difference > NOTABLE) {
    return `Random folds put rows of one ${group} on both sides, which flatters the model by ` +
      `${points}; expect the lower figure for a ${group} it has never seen`;
  }
  if (difference < -NOTABLE) {
    return `Whole groups of ${group} held out score ${points} higher than random folds, which only ` +
      `chance explains; more groups would steady the figure`;
  }
  return `Holding out every ${group} whole changes little (${points}), so there is no sign of a leak`;
}
