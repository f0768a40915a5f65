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
  auditActions,
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
export { loggedName, MlflowRegistry, parseDeployment } from "./mlflow_registry.ts";
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
  type Decision,
  type Deployment,
  type InputColumn,
  type LatestModel,
  type MadeBy,
  metadataFileName,
  type ModelMetadata,
  parseMetadata,
  type PredictionInterval,
  type ReferenceClasses,
  type ReferenceNumbers,
  type ReferencePredictions,
} from "./metadata.ts";
export { decidedClasses, type DecisionRule } from "./decision.ts";
export { type CleanSample, driftSample, referenceStatistics } from "./reference_statistics.ts";
export {
  type BinaryTask,
  type ModelTask,
  type MulticlassTask,
  type RegressionTask,
  taskOfLabels,
} from "./task.ts";
