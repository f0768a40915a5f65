/**
 * Experiment tracking in MLflow's terms: experiments, nested runs, parameters,
 * metric histories, data sets, artifacts and ONNX models, on an MLflow server or
 * in a local folder that Python's MLflow opens.
 *
 * @module
 */

export type {
  ColumnType,
  Content,
  Experiment,
  ExperimentChoice,
  InputExample,
  LoggedModel,
  MetricPoint,
  ParamValue,
  PythonVersions,
  TrackedColumn,
  TrackedDataset,
  TrackedModel,
  TrackedRun,
  TrackedRunOptions,
  TrackedRunStatus,
  Tracker,
  TrackerLocation,
} from "./contract.ts";
export { type ModelFolder, modelFolderFiles, testedVersions } from "./model_flavor.ts";
export { modelFileNames } from "./model_files.ts";
export type { ModelOfRun } from "./model_of_run.ts";
export {
  type RegisteredModel,
  type RegisteredVersion,
  RegistryClient,
  type VersionFacts,
} from "./registry_client.ts";
export {
  chosenExperiment,
  openTracker,
  type RunSource,
  type TrackerOptions,
  viewHint,
} from "./open_tracker.ts";
export { openReader } from "./open_reader.ts";
export type { FoundRun, HistoryPoint, RunQuery, RunReader } from "./run_reader.ts";
export type { Sleep } from "./http_client.ts";
export type { Environment } from "./settings.ts";
export {
  type Refused,
  type SendOptions,
  type SendReport,
  sendRuns,
  type SentRun,
} from "./send_runs.ts";
