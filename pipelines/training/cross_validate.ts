/** Cross-validation of a combination, one fold per worker. */

import type { WorkerPool } from "../../src/base/mod.ts";
import type { Learner } from "../../src/learners/mod.ts";
import type { Fold } from "../../src/table/mod.ts";
import { type Combination, learnerOf } from "./combination.ts";
import { type Experiment, type FoldScores, scoreFold } from "./score_fold.ts";

/** The metrics of a fold that have a mean. */
export const metricNames = [
  "f1_macro",
  "accuracy",
  "precision_macro",
  "recall_macro",
  "train_f1_macro",
] as const;

/** Mean of each metric over the folds. */
export type MeanScores = Readonly<Record<(typeof metricNames)[number], number>>;

/** How well a combination did. */
export interface CombinationScores {
  readonly combination: Combination;
  /** The learner's parameters, defaults filled in. */
  readonly params: Learner["params"];
  /** Scores of each fold. */
  readonly folds: readonly FoldScores[];
  /** Their means. */
  readonly mean: MeanScores;
}

/** How long work is watched and stopped. */
export interface Watch {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  progress(done: number): void;
}

/** Scores `combination` on each of `folds`. */
export async function crossValidate(
  combination: Combination,
  folds: readonly Fold[],
  experiment: Experiment,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<CombinationScores> {
  const done = folds.map(() => 0);
  const scores = await Promise.all(
    folds.map((fold, index) =>
      pool.run(scoreFold, { experiment, combination, fold, index }, {
        signal,
        onProgress: (share) => {
          done[index] = share;
          progress(done.reduce((sum, part) => sum + part, 0) / folds.length);
        },
      })
    ),
  );
  const mean = Object.fromEntries(metricNames.map((name) => [
    name,
    scores.reduce((sum, fold) => sum + fold[name], 0) / scores.length,
  ])) as MeanScores;
  const { params } = learnerOf(combination);
  return { combination, params, folds: scores, mean };
}

/** The combination with the highest mean macro-F1; the earlier one where two are equal. */
export function selectBest(scores: readonly CombinationScores[]): CombinationScores {
  return scores.reduce((best, next) => next.mean.f1_macro > best.mean.f1_macro ? next : best);
}
