/**
 * Flat tree ensembles as plain data: layout, validation, JSON form and batch
 * prediction.
 *
 * @module
 */

export type { TaskOptions, WorkerPool } from "../base/mod.ts";
export {
  type CategorySets,
  categorySets,
  highestCategory,
  isCategory,
  membersOf,
  sameSet,
} from "./category_sets.ts";
export { concatTrees, type EnsembleShape, type Tree } from "./concat.ts";
export type { TreeEnsemble } from "./ensemble.ts";
export { goesLeft } from "./goes_left.ts";
export type { FeatureColumns } from "./features.ts";
export { type PackedEnsemble, packEnsemble, unpackEnsemble } from "./pack.ts";
export { applyLink, mostProbable, predictTreeProba } from "./predict.ts";
export { leafRow } from "./leaf_row.ts";
export type { NodeTable } from "./node_table.ts";
export { pathReasons, type ReasonTrees, reasonTrees } from "./path_reasons.ts";
export { rowScorer, type RowTrees, rowTrees } from "./row_scorer.ts";
export { numberOfScore, predictsNumber } from "./number_link.ts";
export { predictNumbers, scores } from "./scores.ts";
export { validateEnsemble } from "./validate.ts";
