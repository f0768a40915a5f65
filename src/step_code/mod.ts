/**
 * Which code a step of a pipeline reaches, declaration by declaration, and where the function of a
 * step comes from.
 *
 * @module
 */

export { type KeptCode, KnownCode } from "./code_cache.ts";
export { type ImportMap, type ImportScope, readImportMap } from "./import_map.ts";
export { type KeptFacts, reachedFiles } from "./read_facts.ts";
export { sharedState, type StateUser } from "./shared_state.ts";
export { useImportMap } from "./specifier.ts";
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
export { stepImports } from "./step_imports.ts";
