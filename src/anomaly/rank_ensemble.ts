/** Several detectors as one: the mean of the ranks that they give a row. */

import { percentileRank, UsageError } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { Detector } from "./contract.ts";
import { type DetectorModel, detectorOf, type DetectorSpec } from "./registry.ts";
import { scoreAnomalies, scoreFitted } from "./score.ts";

/** A fitted ensemble. */
export interface RankEnsemble {
  /** Its members. */
  readonly members: readonly {
    /** The detector. */
    readonly model: DetectorModel;
    /** Its scores of the rows that it was fitted to, rising. */
    readonly scores: Float64Array;
  }[];
}

/**
 * Fits several detectors to the same rows. The score of a row is the mean of the shares of
 * fitted rows that each finds less unusual, in [0, 1], so that no detector's unit counts more.
 *
 * @throws {UsageError} for fewer than two detectors.
 */
export function rankEnsemble(specs: readonly DetectorSpec[]): Detector<RankEnsemble> {
  if (specs.length < 2) {
    throw new UsageError(`Cannot make an ensemble of ${specs.length} detectors`, {
      next: "give at least two",
    });
  }
  const detectors = specs.map(detectorOf);
  return {
    name: "RankEnsemble",
    params: { members: specs },
    async fit(X, options) {
      const members: { model: DetectorModel; scores: Float64Array }[] = [];
      for (const detector of detectors) {
        const model = await detector.fit(X, options);
        members.push({ model, scores: (await scoreFitted(model, X, options)).sort() });
      }
      return { members };
    },
  };
}

/** The mean rank of each row, in [0, 1], shape [rows]. */
export async function scoreRanks({ members }: RankEnsemble, X: Matrix): Promise<Float64Array> {
  const sums = new Float64Array(X.rows);
  for (const { model, scores } of members) {
    const own = await scoreAnomalies(model, X);
    own.forEach((score, i) => sums[i] += percentileRank(scores, score) / members.length);
  }
  return sums;
}
