/** Scores of fitted detectors: the higher, the more unusual. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import { predictNumbers } from "../trees/mod.ts";
import { scoreSlopes } from "./extended_isolation_forest.ts";
import { fittedDistances, neighbourDistances } from "./nearest_neighbours.ts";
import type { DetectorModel } from "./registry.ts";

/** How scoring is spread and stopped. */
export interface ScoreOptions {
  /** Workers to spread many rows over; the result is the same. */
  readonly pool?: WorkerPool;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/**
 * The score of each row, shape [rows].
 *
 * @throws {ModelError} if the rows have other columns than the detector was fitted on.
 */
export function scoreAnomalies(
  model: DetectorModel,
  X: Matrix,
  { pool, signal }: ScoreOptions = {},
): Promise<Float64Array> {
  if (model.kind === "ExtendedIsolationForest") {
    return Promise.resolve(scoreSlopes(model, X));
  }
  if (model.kind === "NearestNeighbours") return neighbourDistances(model, X, signal);
  return predictNumbers(model.trees, X, pool);
}

/** The score of each row that the detector was fitted to: no row is a neighbour of itself. */
export function scoreFitted(
  model: DetectorModel,
  X: Matrix,
  options: ScoreOptions = {},
): Promise<Float64Array> {
  return model.kind === "NearestNeighbours"
    ? fittedDistances(model, options.signal)
    : scoreAnomalies(model, X, options);
}
