/** Sets the parameters of a notebook, as papermill does. */

import { nearestName, UsageError } from "../base/mod.ts";
import { type DeclaredParameter, declaredParameters, parameterValue } from "./declarations.ts";
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
 * @throws {UsageError} for a parameter that is not declared, or no cell that declares any.
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
  return inject(notebook, path, Object.keys(params), (name) => params[name]);
}

/**
 * As {@linkcode setParameters}, with values as a command line has them: each is read as the
 * cell declares its parameter, so that a text stays as it was typed.
 *
 * @throws {UsageError} as `setParameters`, and for a value of another type.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const notebook = {
 *   cells: [{ cell_type: "code", source: 'let id = "x";', metadata: { tags: ["parameters"] } }],
 *   metadata: {}, nbformat: 4, nbformat_minor: 5,
 * };
 * const { cells } = setParameterTexts(notebook, { id: "1.10" }, "ids.ipynb");
 * assertEquals(cells[1].source, 'let id = "1.10";');
 * ```
 */
export function setParameterTexts(
  notebook: NotebookDocument,
  texts: Readonly<Record<string, string>>,
  path: string,
): NotebookDocument {
  return inject(
    notebook,
    path,
    Object.keys(texts),
    (name, { kind, choices }) => parameterValue(name, texts[name], kind, choices),
  );
}

function inject(
  notebook: NotebookDocument,
  path: string,
  names: readonly string[],
  valueOf: (name: string, declared: DeclaredParameter) => JsonValue | bigint,
): NotebookDocument {
  const cells = notebook.cells.filter((cell) => !hasTag(cell, INJECTED));
  if (names.length === 0) return { ...notebook, cells };
  const index = cells.findIndex((cell) => cell.cell_type === "code" && hasTag(cell, DEFAULTS));
  if (index < 0) {
    throw new UsageError(`Cannot set parameters in ${path}: no cell is tagged "${DEFAULTS}"`, {
      next: "declare them with their defaults in a cell of that tag",
    });
  }
  const declared = declaredParameters(sourceText(cells[index]));
  const lines = names.map((name) => {
    const parameter = declared.get(name);
    if (parameter === undefined) throw unknown(name, path, [...declared.keys()]);
    const value = valueOf(name, parameter);
    const literal = typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
    return `${parameter.keyword} ${name} = ${literal};`;
  });
  return { ...notebook, cells: cells.toSpliced(index + 1, 0, injected(lines)) };
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

function unknown(name: string, path: string, declared: readonly string[]): UsageError {
  const near = nearestName(name, declared);
  const known = declared.length === 0 ? "nothing" : declared.join(", ");
  return new UsageError(
    `Cannot set the parameter "${name}" in ${path}: its cell of parameters declares ${known}`,
    { next: near ? `did you mean "${near}"?` : "declare it there with a default" },
  );
}
