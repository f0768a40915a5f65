/**
 * Whole trainings from a declaration of plain data: rows in, candidates compared, the best
 * checked, exported and tracked. Tasks and splits are one file each behind a contract.
 *
 * @module
 */

export {
  type Candidate,
  type CandidateLearner,
  grid,
  type LearnerChoice,
  type MonotoneColumns,
  type Named,
} from "./candidate.ts";
export {
  type CandidateScores,
  crossValidate,
  isLeftOut,
  isScored,
  rank,
  selectBest,
  type SkippedCandidate,
} from "./cross_validate.ts";
export type { ByParams, TrainingDeclaration } from "./declaration.ts";
export type { MetricGate } from "./gate.ts";
export type { FairnessMeasure } from "../metrics/mod.ts";
export type { Fairness, FairnessFindings } from "./fairness.ts";
export type { Threshold } from "./threshold.ts";
export type {
  ComparisonData,
  FittedModel,
  FoldJob,
  FoldScores,
  OutputValues,
  PreparedFold,
  RoundWatch,
  Scoring,
  Watch,
} from "./experiment.ts";
export type { Explanation } from "./explanation.ts";
export { GATE_MISSED, type GateReport } from "./gates.ts";
export { type HeldOut, heldOut, ofClass, type OutOfFold, outOfFold } from "./held_out.ts";
export type { LeakCheck } from "./leak_check.ts";
export type { LearningPoint } from "./learning_curve.ts";
export { loadData } from "./load_data.ts";
export { metricLabel } from "./metric_label.ts";
export {
  type CommonParams,
  type OwnSchemas,
  type ParamsWith,
  type TrainingDefaults,
  trainingParams,
} from "./params.ts";
export { packageVersions } from "./provenance.ts";
export { dealFolds, type Folds } from "./splits/deal.ts";
export {
  type NumberSchema,
  type SearchParams,
  searchParams,
  type SearchSchemas,
  type TrainingSearch,
} from "./search/declaration.ts";
export type { Searched, SearchedLearner, SearchedSettings } from "./search/space.ts";
export type { Selection, SelectionRule } from "./selection.ts";
export type { TrialSetting } from "./search/score_trial.ts";
export { searchRows } from "./search/search_rows.ts";
export { settingsSpace } from "./search/space.ts";
export { SearchWatch } from "./search/watch.ts";
export type { NestedFold, SearchFindings, TrialComparison, TrialRecord } from "./trials.ts";
export type { Split, SplitKind } from "./splits/splits.ts";
export { binary } from "./tasks/binary.ts";
export type { CardParts, Concluded, Conclusion, TrainingTask, Wishes } from "./tasks/contract.ts";
export { multiclass } from "./tasks/multiclass.ts";
export { regression } from "./tasks/regression.ts";
export { taskOf } from "./tasks/tasks.ts";
export { modelName } from "./track/tracking.ts";
export { training, type TrainingHandles } from "./training.ts";
export type { TrainingData } from "./training_data.ts";
export { unseenRows } from "./unseen_rows.ts";
