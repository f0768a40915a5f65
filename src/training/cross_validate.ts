/** Cross-validation of a candidate, one fold per worker, and the choice of the best. */

import { DataError, UserError, type WorkerPool } from "../base/mod.ts";
import { metricOf } from "../metrics/mod.ts";
import type { Fold } from "../dataset/mod.ts";
import { type Candidate, complexity } from "./candidate.ts";
import type { ComparisonData, FoldScores, Scoring, Watch } from "./experiment.ts";
import { type SelectionRule, simplest } from "./selection.ts";
import type { TrainingTask } from "./tasks/contract.ts";

/** How well a candidate did. */
export interface CandidateScores {
  /** Who was scored. */
  readonly candidate: Candidate;
  /** The learner's parameters, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Scores of each fold. */
  readonly folds: readonly FoldScores[];
  /** Mean of each metric over the folds. */
  readonly mean: Readonly<Record<string, number>>;
}

/** A candidate that could not be fitted. */
export interface SkippedCandidate {
  /** Who it was. */
  readonly candidate: Candidate;
  /** Why, one sentence. */
  readonly failure: string;
}

/** Scores `candidate` on each of `folds`; the first fold that fails stops the others. */
export async function crossValidate(
  task: Pick<TrainingTask, "score">,
  candidate: Candidate,
  folds: readonly Fold[],
  experiment: ComparisonData,
  scoring: Scoring,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<CandidateScores> {
  const done = folds.map(() => 0);
  const stop = new AbortController();
  const scores = await Promise.all(
    folds.map((fold, index) =>
      pool.run(task.score, { experiment, candidate, fold, index, scoring }, {
        signal: AbortSignal.any([signal, stop.signal]),
        onProgress: (share) => {
          done[index] = share;
          progress(done.reduce((sum, part) => sum + part, 0) / folds.length);
        },
      })
    ),
  ).catch((error) => {
    stop.abort(error);
    throw error;
  });
  const mean = Object.fromEntries(
    Object.keys(scores[0].metrics).map((name) => [
      name,
      scores.reduce((sum, fold) => sum + fold.metrics[name], 0) / scores.length,
    ]),
  );
  return { candidate, params: scores[0].params, folds: scores, mean };
}

/** The same; a candidate that cannot be fitted is told, and leaves the others alone. */
export async function tryCandidate(
  ...args: Parameters<typeof crossValidate>
): Promise<CandidateScores | SkippedCandidate> {
  try {
    return await crossValidate(...args);
  } catch (error) {
    const [, candidate] = args;
    const { signal } = args[6];
    if (signal.aborted || !(error instanceof UserError)) throw error;
    return { candidate, failure: error.message };
  }
}

/** Whether a candidate was left out. */
export function isLeftOut(scores: CandidateScores | SkippedCandidate): scores is SkippedCandidate {
  return "failure" in scores;
}

/** Whether a candidate was scored. */
export function isScored(scores: CandidateScores | SkippedCandidate): scores is CandidateScores {
  return !isLeftOut(scores);
}

/** Candidates that were scored, best first; of equal ones the simpler, then the earlier. */
export function rank(scores: readonly CandidateScores[], select: string): CandidateScores[] {
  const sign = metricOf(select).direction === "higher" ? -1 : 1;
  const value = ({ mean }: CandidateScores) =>
    Number.isNaN(mean[select]) ? Infinity : sign * mean[select];
  return [...scores].sort((a, b) => {
    const difference = value(a) - value(b);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
    const [mine, other] = [complexity(a.candidate), complexity(b.candidate)];
    const at = mine.findIndex((part, i) => part !== other[i]);
    return at < 0 ? 0 : mine[at] - other[at];
  });
}

/**
 * The candidate with the best mean, or by another rule the simplest that is about as good.
 *
 * @throws {DataError} if none could be fitted, or no score says anything.
 */
export function selectBest(
  scores: readonly (CandidateScores | SkippedCandidate)[],
  select: string,
  rule: SelectionRule = "best",
): CandidateScores {
  const left = scores.filter(isLeftOut);
  if (left.length === scores.length) {
    const reasons = [...new Set(left.map(({ failure }) => failure))];
    throw new DataError(
      `Cannot train: none of ${left.length} candidates could be fitted: ${reasons.join("; ")}`,
      { next: "give other candidates, fewer folds or more rows" },
    );
  }
  const ranked = rank(scores.filter(isScored), select);
  const [best] = ranked;
  if (Number.isNaN(best.mean[select])) {
    throw new DataError(`Cannot compare candidates by ${select}: a fold holds too little for it`, {
      next: "ask for fewer folds, a stratified split or another metric",
    });
  }
  if (rule === "best") return best;
  const compared = ranked.map((scored) => ({
    ...{ scored, candidate: scored.candidate },
    values: scored.folds.map(({ metrics }) => metrics[select]),
  }));
  return simplest(compared, metricOf(select).direction === "higher").scored;
}
