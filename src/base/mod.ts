/**
 * What every other room stands on: errors, seeded random numbers, digests,
 * quantiles, paths, whole-file writes and the worker pool.
 *
 * @module
 */

export { AMBIENT_SIGNAL, ambientSignal } from "./ambient_signal.ts";
export {
  removeIfPresent,
  temporaryPath,
  writeFileAtomic,
  writeNewFileAtomic,
} from "./atomic_file.ts";
export {
  DataError,
  ModelError,
  type PackedError,
  packError,
  ServiceError,
  unpackError,
  UsageError,
  UserError,
  type UserErrorOptions,
} from "./errors.ts";
export {
  holderText,
  isFileInUse,
  type LockAnswer,
  type LockHolder,
  thisHolder,
  tryFileLock,
  useFile,
} from "./file_lock.ts";
export { digestOf, sha256, sha256File } from "./hash.ts";
export { checkKnownNames, checkSettings, fillSettings, lookUp } from "./known_names.ts";
export { nearestName, nearestNames } from "./nearest_name.ts";
export { interruptSignal } from "./interrupt.ts";
export { eachLine } from "./lines.ts";
export { nodeModule, type NodeModules } from "./node_module.ts";
export {
  basename,
  dirname,
  fromFileUrl,
  isAbsolute,
  join,
  relative,
  resolve,
  toFileUrl,
} from "./path.ts";
export { YieldingLoop } from "./yielding_loop.ts";
export { quantileSorted, sortedFinite } from "./quantile.ts";
export { deriveSeed, Random } from "./random.ts";
export { keepSecret, MASK, masked, maskedText } from "./secrets.ts";
export { type Task, task, type TaskContext } from "./task.ts";
export { alarm, wait } from "./wait.ts";
export { runTask, type TaskOptions, WorkerPool } from "./worker_pool.ts";
