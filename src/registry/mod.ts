/**
 * Model versions on disk: an ONNX file, its metadata and the pointer to the
 * newest one. Pipelines write them, the server reads them.
 *
 * @module
 */

export {
  type Bundle,
  checkWritable,
  latestBundle,
  readModel,
  saveBundle,
  timestampName,
} from "./bundle.ts";
export type { InputColumn, LatestModel, ModelMetadata } from "./metadata.ts";
