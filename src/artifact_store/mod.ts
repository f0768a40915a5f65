/**
 * Values kept by their content: stores of bytes by key on this machine, in memory, in a folder or
 * bucket that machines share, and the coding of values as bytes.
 *
 * @module
 */

export { type Artifact, ArtifactMissing, Artifacts, objectKey, readArtifact } from "./artifacts.ts";
export {
  type Contents,
  contentsOf,
  decode,
  encode,
  type Encoded,
  type SavedCopy,
  UnkeepableError,
} from "./codec.ts";
export { LocalStore } from "./local_store.ts";
export { MemoryStore } from "./memory_store.ts";
export {
  type CacheMode,
  cacheModes,
  openSharedView,
  openStore,
  type StoreSettings,
} from "./open_store.ts";
export { type Codec, codec, declareCodecs } from "./own_codec.ts";
export { currentS3Settings, type S3Settings, s3Settings, type S3Sources } from "./s3_settings.ts";
export { SavedFile, savedFile, type SavedFileOptions } from "./saved_file.ts";
export { explained, shareValue } from "./shared_value.ts";
export {
  type ArtifactStore,
  readStoredJson,
  type StoredEntry,
  waitForLock,
  writeJson,
} from "./store.ts";
export { Remembered, type RememberedFact } from "./validated_cache.ts";
export type { Lease, Leases } from "./leases.ts";
