/**
 * Detectors of anomalies: isolation forests, ECOD, nearest neighbours and an ensemble of ranks.
 * They learn from rows without labels; what alerts is decided by a budget of alerts.
 *
 * @module
 */

export { alertBudget, type AlertRule } from "./alert_budget.ts";
export type { Detector, DetectorOptions } from "./contract.ts";
export { type Ecod, ecod } from "./ecod.ts";
export {
  type ExtendedIsolationForest,
  extendedIsolationForest,
  type ExtendedIsolationForestParams,
  scoreSlopes,
  type SlopedTree,
} from "./extended_isolation_forest.ts";
export {
  type IsolationForest,
  isolationForest,
  type IsolationForestParams,
} from "./isolation_forest.ts";
export {
  distanceToNeighbours,
  fittedDistances,
  type NearestNeighbours,
  type NearestNeighboursParams,
  neighbourDistances,
} from "./nearest_neighbours.ts";
export { averagePathLength } from "./path_length.ts";
export { percentileRank } from "../base/mod.ts";
export { type RankEnsemble, rankEnsemble, scoreRanks } from "./rank_ensemble.ts";
export {
  type DetectorModel,
  detectorOf,
  detectorsByKind,
  type DetectorSpec,
  exportedDetectors,
  type TreeDetector,
} from "./registry.ts";
export { scoreAnomalies, scoreFitted, type ScoreOptions } from "./score.ts";
