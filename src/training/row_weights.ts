/** Weights of rows of a training. */

import { UsageError } from "../base/mod.ts";
import type { CleanData, FeatureSet } from "../features/mod.ts";
import { type Candidate, resamples } from "./candidate.ts";

/** The weights of rows, in their order; undefined if rows have none. */
export function weightsOf(
  { weights }: Pick<CleanData, "weights">,
  rows: Int32Array,
): Float32Array | undefined {
  return weights && Float32Array.from(rows, (row) => weights[row]);
}

/**
 * @throws {UsageError} if rows have weights and candidates sample them: a row that is made up of
 * others, or is there several times, has no weight of its own.
 */
export function refuseWeightedSampling(
  { weight }: Pick<FeatureSet, "weight">,
  candidates: readonly Candidate[],
): void {
  const sampling = weight === undefined ? undefined : candidates.find(resamples);
  if (sampling === undefined) return;
  throw new UsageError(`Cannot sample rows that have weights, as ${sampling.name} does`, {
    next: "leave out the sampler and set classWeight of the learner, or take the weight away",
  });
}
