/** Sets the parameters of a notebook, as papermill does. */

import { nearestName, UserError } from "../../base/mod.ts";
import {
  hasTag,
  type JsonValue,
  type NotebookCell,
  type NotebookDocument,
  sourceText,
} from "./document.ts";

const DEFAULTS = "parameters";
const INJECTED = "injected-parameters";

/**
 * The notebook with values for its parameters: a cell tagged `injected-parameters`
 * after the one that is tagged `parameters` and declares them with their defaults.
 * One from an earlier run is replaced. Unlike papermill, a parameter that the cell
 * does not declare is refused.
 *
 * Each is declared again in the way it was, `const` as `const`: a kernel takes that
 * from another cell, and no other way.
 *
 * Reference: papermill, `papermill/parameterize.py`, `parameterize_notebook`.
 *
 * @param path Where the notebook is, for messages.
 * @throws {UserError} for a parameter that is not declared, or no cell that declares any.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const notebook = {
 *   cells: [{ cell_type: "code", source: "const rows = 10;", metadata: { tags: ["parameters"] } }],
 *   metadata: {}, nbformat: 4, nbformat_minor: 5,
 * };
 * const { cells } = setParameters(notebook, { rows: 500 }, "rows.ipynb");
 * assertEquals(cells.map(({ source }) => source), ["const rows = 10;", "const rows = 500;"]);
 * ```
 */
export function setParameters(
  notebook: NotebookDocument,
  params: Readonly<Record<string, JsonValue>>,
  path: string,
): NotebookDocument {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, INJECTED));
  const names = Object.keys(params);
  if (names.length === 0) return { ...notebook, cells };
  const index = cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, DEFAULTS));
  if (index < 0) {
    throw new UserError(`Cannot set parameters in ${path}: no cell is tagged "${DEFAULTS}"`, {
      next: "declare them with their defaults in a cell of that tag",
    });
  }
  const declared = declarations(sourceText(cells[index]));
  const lines = names.map((name) => {
    const keyword = declared.get(name);
    if (keyword === undefined) throw unknown(name, path, [...declared.keys()]);
    return `${keyword} ${name} = ${JSON.stringify(params[name])};`;
  });
  return { ...notebook, cells: cells.toSpliced(index + 1, 0, injected(lines)) };
}

/** The names that a cell declares, and how. */
function declarations(source: string): Map<string, string> {
  const found = source.matchAll(/^(const|let|var)\s+([A-Za-z_$][\w$]*)/gm);
  return new Map([...found].map(([, keyword, name]) => [name, keyword]));
}

function injected(lines: readonly string[]): NotebookCell {
  return {
    cell_type: "code",
    id: INJECTED,
    metadata: { tags: [INJECTED] },
    execution_count: null,
    outputs: [],
    source: lines.join("\n"),
  };
}

function unknown(name: string, path: string, declared: readonly string[]): UserError {
  const near = nearestName(name, declared);
  const known = declared.length === 0 ? "nothing" : declared.join(", ");
  return new UserError(
    `Cannot set the parameter "${name}" in ${path}: its cell of parameters declares ${known}`,
    { next: near ? `did you mean "${near}"?` : "declare it there with a default" },
  );
}
