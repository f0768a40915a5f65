/**
 * The Deno kernel: cells read, translated and run in a process of their own, their outputs; Jupyter's
 * protocol and the language server stand on it.
 *
 * @module
 */

export type { CellFacts, DeclaredName, Reference, Span, Statement } from "./code/cell_facts.ts";
export type { CellFailure } from "./code/cell_failure.ts";
export { cellLinks } from "./code/cell_links.ts";
export { cellName } from "./code/cell_script.ts";
export { type CodeCell, readCells } from "./code/read_cells.ts";
export { translateCells, type Translated, type Unreadable } from "./code/translate.ts";
export {
  type Execution,
  Kernel,
  KernelDeath,
  type KernelListener,
  type KernelOutput,
} from "./kernel.ts";
export { inNotebookWords, joinCells, type JoinedModule } from "./language/joined_module.ts";
export {
  type DataOutput,
  type Displays,
  type ErrorOutput,
  type Output,
  OutputCollector,
  type StreamOutput,
} from "./outputs.ts";
export { withoutColours } from "./process.ts";
export type { Inspector } from "./inspector.ts";
