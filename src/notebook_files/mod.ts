/**
 * Files of notebooks as they are read and written: cells, tags, the cell of parameters.
 *
 * @module
 */

export {
  hasTag,
  type JsonValue,
  type NotebookCell,
  type NotebookDocument,
  readNotebook,
  sourceText,
} from "./document.ts";
export { setParameters, setParameterTexts } from "./parameters.ts";
