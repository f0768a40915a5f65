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
  latestBundle,
  readModel,
  saveBundle,
  timestampName,
} from "./bundle.ts";
export { type BundleName, findBundle, listBundles } from "./folder.ts";
export {
  type InputColumn,
  type LatestModel,
  metadataFileName,
  type ModelMetadata,
  parseMetadata,
  type ReferencePredictions,
} from "./metadata.ts";
