/** What any candidate has to beat: a learner that looks at no column. */

import { metricOf, type MetricTask } from "../metrics/mod.ts";
import type { Candidate } from "./candidate.ts";
import { type CandidateScores, isScored, type SkippedCandidate } from "./cross_validate.ts";

/** Metrics that the median is the best constant for; the mean is for all others. */
const ofMedian = new Set(["mae", "median_absolute_error"]);

/**
 * The baseline of a comparison: the shares of the classes, or of numbers the mean, by absolute
 * errors the median.
 *
 * @returns Undefined where a dummy is among the candidates.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const others = [{ name: "Forest", learner: { kind: "randomForest" } }];
 * assertEquals(baselineOf("regression", "mae", others)?.learner.params, { strategy: "median" });
 * ```
 */
export function baselineOf(
  task: MetricTask,
  select: string,
  candidates: readonly Candidate[],
): Candidate | undefined {
  if (candidates.some(({ name, learner }) => learner.kind === "dummy" || name === "Dummy")) return;
  const byMedian = task === "regression" && ofMedian.has(select);
  return {
    name: "Dummy",
    learner: { kind: "dummy", ...byMedian && { params: { strategy: "median" } } },
  };
}

/** Candidates that are no better than the baseline by their mean; none where it has no figure. */
export function notBetter(
  scores: readonly (CandidateScores | SkippedCandidate)[],
  baseline: CandidateScores,
  select: string,
): CandidateScores[] {
  const sign = metricOf(select).direction === "higher" ? 1 : -1;
  return scores.filter(isScored)
    .filter(({ mean }) => sign * mean[select] <= sign * baseline.mean[select]);
}

/** Whether the baseline is better than each candidate. */
export function beatsAll(
  baseline: CandidateScores,
  scores: readonly (CandidateScores | SkippedCandidate)[],
  select: string,
): boolean {
  const sign = metricOf(select).direction === "higher" ? 1 : -1;
  return scores.filter(isScored)
    .every(({ mean }) => sign * mean[select] < sign * baseline.mean[select]);
}
