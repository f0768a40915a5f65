/**
 * Model versions on disk: an ONNX file, its metadata and the pointer to the
 * newest one. Pipelines write them, the server reads them.
 *
 * @module
 */

export {
  type Bundle,
  checkDigest,
  checkWritable,
  foundIn,
  latestBundle,
  namedModels,
  publishBundle,
  readModel,
  saveBundle,
  timestampName,
} from "./bundle.ts";
export { type BundleName, findBundle, listBundles } from "./folder.ts";
export {
  type Decision,
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
