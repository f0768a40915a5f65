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
  rank,
  selectBest,
  type SkippedCandidate,
} from "./cross_validate.ts";
export type { ByParams, JoinedView, TrainingDeclaration, TrainingViews } from "./declaration.ts";
export type { MetricGate } from "./gate.ts";
export type { Fairness, FairnessFindings } from "./fairness.ts";
export type { AlertShare, LeastPrecision, Threshold } from "./threshold.ts";
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
export { GATE_MISSED, type GateReport, holdToGates } from "./gates.ts";
export { closing, savedFiles } from "./closing.ts";
export type { Saved } from "./export_model.ts";
export { loadStep } from "./steps.ts";
export { TrainingRun } from "./track/training_run.ts";
export { type TrainingResources, trainingResources } from "./training_resources.ts";
export { type HeldOut, heldOut, ofClass, type OutOfFold, outOfFold } from "./held_out.ts";
export type { LeakCheck } from "./leak_check.ts";
export type { LearningPoint } from "./learning_curve.ts";
export { loadData } from "./load_data.ts";
export {
  type CommonParams,
  type OwnSchemas,
  type ParamsWith,
  type TrainingDefaults,
  trainingParams,
} from "./params.ts";
export { gitCommit, packageVersions } from "./provenance.ts";
export { dealFolds, type Folds } from "../splits/mod.ts";
export {
  type NumberSchema,
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
export type { Split } from "../splits/mod.ts";
export { anomaly } from "./tasks/anomaly.ts";
export { binary } from "./tasks/binary.ts";
export type { CardParts, Concluded, Conclusion, TrainingTask, Wishes } from "./tasks/contract.ts";
export { multiclass } from "./tasks/multiclass.ts";
export { regression } from "./tasks/regression.ts";
export { taskOf } from "./tasks/tasks.ts";
export { modelName } from "./track/tracking.ts";
export type { ColumnDependence, ColumnLoss, Inspection } from "./inspection.ts";
export {
  plainData,
  refuseModelName,
  training,
  type TrainingAdditions,
  type TrainingHandles,
} from "./training.ts";
export type { TrainingData } from "./training_data.ts";
export { unseenRows } from "./unseen_rows.ts";
export {
  type MaterialiseParams,
  materialiseParams,
  materialiseSteps,
  materialiseTable,
} from "./materialise_steps.ts";
export type { TrackingParams } from "./track/tracking.ts";
export type { TrainingSweep } from "./track/training_sweep.ts";
export { fittedMembers, type FittedTask } from "./tasks/contract.ts";
export type { Findings } from "./findings.ts";
export type { Tracking } from "./track/tracking.ts";
