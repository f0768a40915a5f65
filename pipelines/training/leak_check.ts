/** Says whether random folds flatter a model whose rows come in groups. */

import type { WorkerPool } from "../../src/base/mod.ts";
import { type CombinationScores, crossValidate, type Watch } from "./cross_validate.ts";
import type { Folds } from "./folds.ts";
import type { Experiment } from "./score_fold.ts";

/** From this difference on, in macro-F1, the reader is told why. */
const NOTABLE = 0.02;

/** Macro-F1 of the best combination under both kinds of folds. */
export interface LeakCheck {
  /** Mean macro-F1 with rows dealt to folds at random. */
  readonly random: number;
  /** Mean macro-F1 with whole groups held out. */
  readonly grouped: number;
  /** The scores with whole groups held out; the random ones where each group has one row. */
  readonly scores: CombinationScores;
  /** What the two figures mean, one sentence. */
  readonly sentence: string;
}

/** Cross-validates the best combination again with whole groups held out. */
export async function checkLeak(
  best: CombinationScores,
  { grouped }: Folds,
  experiment: Experiment,
  pool: WorkerPool,
  watch: Watch,
): Promise<LeakCheck> {
  const group = experiment.set.group ?? "group";
  const random = best.mean.f1_macro;
  if (grouped === undefined) {
    return {
      random,
      grouped: random,
      scores: best,
      sentence: `Each ${group} has one row, so no fold splits one`,
    };
  }
  const scores = await crossValidate(best.combination, grouped, experiment, pool, watch);
  const held = scores.mean.f1_macro;
  return { random, grouped: held, scores, sentence: explain(random - held, group) };
}

/** What a difference between random and grouped folds means. */
export function explain(difference: number, group: string): string {
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
