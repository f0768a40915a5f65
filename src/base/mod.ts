/**
 * What every other room stands on: errors, seeded random numbers, digests,
 * quantiles, paths, whole-file writes and the worker pool.
 *
 * @module
 */

export { ambientSignal } from "./ambient_signal.ts";
export { askParser } from "./ask_parser.ts";
export {
  removeIfPresent,
  temporaryPath,
  writeFileAtomic,
  writeNewFileAtomic,
} from "./atomic_file.ts";
export { denoCommand } from "./deno_command.ts";
export {
  DataError,
  ModelError,
  type PackedError,
  packError,
  ServiceError,
  unpackError,
  UsageError,
  UserError,
} from "./errors.ts";
export { type EventError, eventError } from "./event_error.ts";
export { fetchReason } from "./fetch_reason.ts";
export { FileDigests, MISSING_FILE, type SeenFile } from "./file_digest.ts";
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
export { Html, html, htmlPage, type HtmlPart, scriptJson } from "./html.ts";
export { checkKnownNames, checkSettings, fillSettings, lookUp } from "./known_names.ts";
export { folderEntries, ifPresent } from "./if_present.ts";
export { nearestName, nearestNames } from "./nearest_name.ts";
export { EXIT_INTERRUPTED, interruptSignal } from "./interrupt.ts";
export { appendJsonLines, endOfFile, jsonLines, parsedJson } from "./json_lines.ts";
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
export { percentileRank } from "./percentile_rank.ts";
export { YieldingLoop } from "./yielding_loop.ts";
export {
  type CommandOptions,
  type GivenCommand,
  type GivenOptions,
  type OptionNames,
  readCommand,
  readOptions,
} from "./options.ts";
export { parseKey } from "./named_key.ts";
export { quantileSorted, sortedFinite } from "./quantile.ts";
export { quietOnnxRuntime } from "./quiet_onnx_runtime.ts";
export { risingNumbers, RisingOrder } from "./rising_order.ts";
export { deriveSeed, Random } from "./random.ts";
export { isSecretReference } from "./secret_reference.ts";
export { readSecret, secretTroubles, withSecrets } from "./secret_source.ts";
export { keepSecret, MASK, masked, maskedText } from "./secrets.ts";
export { CLOCK_COARSENESS, isAbsent, isReadOnly, SMALL_FILE, statIfPresent } from "./stat.ts";
export { type Task, task, type TaskContext } from "./task.ts";
export { trustingClient } from "./trusting_client.ts";
export { type ReadVariable, vaultVariables } from "./vault/settings.ts";
export { alarm, wait } from "./wait.ts";
export { runTask, type TaskOptions, WorkerPool } from "./worker_pool.ts";
