/** Gives up a fit between boosting rounds, if it is hopeless beside those of other trials. */

import type { TaskContext, WorkerPool } from "../base/mod.ts";
import { isHopeless, type Report } from "../search/mod.ts";
import type { Candidate } from "./candidate.ts";
import type { FoldJob, FoldScores, RoundWatch } from "./experiment.ts";

/** Ends a fit that is given up. */
class Hopeless extends Error {}

/** Hears of a round of boosting. */
export type OnRound = (round: number, loss: number) => void;

/** How a candidate is fitted, beside its rows. */
export interface LearnOptions {
  readonly seed: number;
  readonly pool?: WorkerPool;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number) => void;
  readonly onRound?: OnRound;
}

/** Scores a fold, with an ear on its rounds if that is asked for and they are told. */
export function scoreWatched(
  job: FoldJob,
  { progress }: Pick<TaskContext, "progress">,
  score: (
    job: FoldJob,
    onProgress: (done: number) => void,
    onRound?: OnRound,
  ) => Promise<FoldScores>,
): Promise<FoldScores> {
  const { rounds, candidate } = job;
  return rounds && tellsRounds(candidate)
    ? watchRounds(rounds, (onRound) => score(job, progress, onRound))
    : score(job, progress);
}

/** Whether a candidate's fit tells of its rounds: those that hold rows out do it on other rows. */
export function tellsRounds({ learner: { kind, earlyStopping, calibration } }: Candidate): boolean {
  return kind === "gradientBoosting" && !earlyStopping && !calibration;
}

/**
 * Fits with an ear on the rounds.
 *
 * @param fit Fits and scores; it hands its argument to the learner.
 */
async function watchRounds(
  { every, warmup, pruner, seed, number, history }: RoundWatch,
  fit: (onRound: OnRound) => Promise<FoldScores>,
): Promise<FoldScores> {
  const rounds: Report[] = [];
  const onRound = (round: number, value: number) => {
    const step = round + 1;
    if (step % every !== 0) return;
    rounds.push({ step, value });
    if (step < warmup) return;
    if (isHopeless({ pruner, seed, direction: "minimize" }, number, rounds, history)) {
      throw new Hopeless();
    }
  };
  try {
    return { ...await fit(onRound), rounds };
  } catch (error) {
    if (!(error instanceof Hopeless)) throw error;
    const predictions = new Float32Array(0);
    return { metrics: {}, predictions, sampled_rows: 0, params: {}, rounds, hopeless: true };
  }
}
