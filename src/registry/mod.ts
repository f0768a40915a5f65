/**
 * Model versions on disk: an ONNX file, its metadata and the pointer to the
 * newest one. Pipelines write them, the server reads them.
 *
 * @module
 */

export {
  type Acceptance,
  type KeptFairness,
  type KeptGate,
  packProbeRows,
  type ProbeRows,
  type TestPart,
  unpackRows,
} from "./acceptance.ts";
export {
  type AuditEntry,
  auditFile,
  type EarlierChampion,
  earlierChampions,
  newEntry,
} from "./audit.ts";
export {
  type Bundle,
  bundleName,
  checkDigest,
  deployedMetadata,
  foundIn,
  latestBundle,
  namedModels,
  nameOf,
  readModel,
} from "./bundle.ts";
export {
  type AliasName,
  aliasNames,
  type AliasState,
  type ListedVersion,
  type ModelRegistry,
  type ReadModel,
} from "./contract.ts";
export { FolderRegistry } from "./folder_registry.ts";
export { hasJournal, lockModel } from "./journal.ts";
export { loggedName, MlflowRegistry, parseDeployment, trackedFile } from "./mlflow_registry.ts";
export { fileKindOf, type ModelFileKind, modelFileKinds, modelFileName } from "./model_file.ts";
export {
  type AliasChange,
  type MoveReport,
  moveTogether,
  settle,
  type Settled,
} from "./move_together.ts";
export {
  checkWritable,
  publishBundle,
  saveBundle,
  type SavedBundle,
  timestampName,
} from "./save_bundle.ts";
export { type BundleName, findBundle, listBundles } from "./folder.ts";
export {
  type Deployment,
  type InputColumn,
  type MadeBy,
  metadataFileName,
  type ModelMetadata,
  parseMetadata,
  type PredictionInterval,
  type Rejection,
} from "./metadata.ts";
export { decidedClasses, type Decision, type DecisionRule } from "./decision.ts";
export {
  isOfClasses,
  type ReferenceClasses,
  type ReferenceNumbers,
  type ReferencePredictions,
  type ReferenceScores,
  type ReferenceSpans,
} from "./reference_predictions.ts";
export { describedRows } from "./described_rows.ts";
export { type CleanSample, driftSample, referenceStatistics } from "./reference_statistics.ts";
export {
  type AnomalyTask,
  type BinaryTask,
  type ForecastTask,
  givesNumber,
  type ModelTask,
  type MulticlassTask,
  type RegressionTask,
  type SpansTask,
  taskOfLabels,
} from "./task.ts";
