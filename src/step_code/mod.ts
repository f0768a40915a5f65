/**
 * Which code a step of a pipeline reaches, declaration by declaration, and where the function of a
 * step comes from.
 *
 * @module
 */

export { type KeptCode, KnownCode } from "./code_cache.ts";
export type { ImportMap, ImportScope } from "./import_map.ts";
export type { KeptFacts } from "./read_facts.ts";
export { reachedFiles, stepImports } from "./reached_files.ts";
export type { StateUser } from "./shared_state.ts";
export { findImportMap, useImportMap } from "./specifier.ts";
export type { ReachedCode, StepCode } from "./step_code.ts";
export {
  type EntryChoice,
  type ExportedDeclaration,
  isDeclared,
  onlyMembers,
  originOf,
  stepFunction,
  type StepOrigin,
} from "./step_function.ts";
