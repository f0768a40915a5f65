/** How much more data would help: the best combination on parts of a fold's training rows. */

import { deriveSeed, Random, type WorkerPool } from "../../src/base/mod.ts";
import type { Fold } from "../../src/table/mod.ts";
import type { CombinationScores, Watch } from "./cross_validate.ts";
import { type Experiment, scoreFold } from "./score_fold.ts";

const shares = [0.1, 0.25, 0.5];

/** Rows of the rarest class that a part must have for a sampler to find neighbours. */
const FEWEST_ROWS = 20;

/** One size of training set. */
export interface LearningPoint {
  /** Rows trained on, before sampling. */
  readonly rows: number;
  /** Macro-F1 on these rows. */
  readonly train: number;
  /** Macro-F1 on the fold's test rows. */
  readonly validation: number;
}

/**
 * Scores the best combination on rising shares of the first fold's training
 * rows; the whole fold is already scored. Sizes too small for every sampler are
 * left out.
 */
export async function learningCurve(
  best: CombinationScores,
  { train, test }: Fold,
  experiment: Experiment,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<LearningPoint[]> {
  const shuffled = new Random(deriveSeed(experiment.seed, 3)).shuffle(train.slice());
  const parts = shares.map((share) => shuffled.slice(0, Math.round(share * train.length)).sort())
    .filter((part) => rarest(part, experiment.data.labels!) >= FEWEST_ROWS);
  let done = 0;
  const points = await Promise.all(parts.map(async (part): Promise<LearningPoint> => {
    const fold = { train: part, test };
    const job = { experiment, combination: best.combination, fold, index: 0 };
    const scores = await pool.run(scoreFold, job, { signal });
    progress(++done / parts.length);
    return { rows: part.length, train: scores.train_f1_macro, validation: scores.f1_macro };
  }));
  const [whole] = best.folds;
  return [
    ...points,
    { rows: train.length, train: whole.train_f1_macro, validation: whole.f1_macro },
  ];
}

/** Rows of the rarest class among `rows`. */
function rarest(rows: Int32Array, labels: Int32Array): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(labels[row], (counts.get(labels[row]) ?? 0) + 1);
  return Math.min(...counts.values());
}
