/** How much more data would help: the best candidate on parts of a fold's training rows. */

import { deriveSeed, Random, UserError, type WorkerPool } from "../base/mod.ts";
import type { Fold } from "../dataset/mod.ts";
import type { CandidateScores } from "./cross_validate.ts";
import type { ComparisonData, Scoring, Watch } from "./experiment.ts";
import type { TrainingTask } from "./tasks/contract.ts";

const shares = [0.1, 0.25, 0.5];

/** Rows, of the rarest class if there are classes, that a part must have to say anything. */
const FEWEST_ROWS = 20;

/** One size of training set. */
export interface LearningPoint {
  /** Rows trained on, before sampling. */
  readonly rows: number;
  /** The metric on these rows. */
  readonly train: number;
  /** The metric on the fold's test rows. */
  readonly validation: number;
}

/**
 * Scores the best candidate on rising shares of the first fold's training rows; the
 * whole fold is already scored. Sizes too small for the candidate are left out.
 */
export async function scoreLearningCurve(
  task: Pick<TrainingTask, "score">,
  best: CandidateScores,
  { train, test }: Fold,
  experiment: ComparisonData,
  scoring: Scoring,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<LearningPoint[]> {
  const { select } = scoring;
  const { labels } = experiment.data;
  const shuffled = new Random(deriveSeed(experiment.seed, 3)).shuffle(train.slice());
  const parts = shares.map((share) => shuffled.slice(0, Math.round(share * train.length)).sort())
    .filter((part) => rarest(part, labels) >= FEWEST_ROWS);
  let done = 0;
  const points = await Promise.all(parts.map(async (part): Promise<LearningPoint[]> => {
    const fold = { train: part, test };
    const job = { experiment, candidate: best.candidate, fold, index: 0, scoring };
    try {
      const { metrics } = await pool.run(task.score, job, { signal });
      progress(++done / parts.length);
      return [{
        rows: part.length,
        train: metrics[`train_${select}`],
        validation: metrics[select],
      }];
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError)) throw error;
      return [];
    }
  }));
  const [{ metrics: whole }] = best.folds;
  return [
    ...points.flat(),
    { rows: train.length, train: whole[`train_${select}`], validation: whole[select] },
  ];
}

/** Rows of the rarest class among `rows`; all if there are no classes. */
function rarest(rows: Int32Array, labels: Int32Array | undefined): number {
  if (labels === undefined) return rows.length;
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(labels[row], (counts.get(labels[row]) ?? 0) + 1);
  return Math.min(...counts.values());
}
