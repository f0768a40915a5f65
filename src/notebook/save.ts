/** Writes notebooks as Jupyter does, so that an edit and a run differ in little. */

import { writeFileAtomic } from "../base/mod.ts";
import type { NotebookDocument } from "../notebook_files/mod.ts";

/**
 * Writes a notebook, whole or not at all. Texts of outputs are kept by lines, as Jupyter
 * keeps them.
 */
export async function saveNotebook(path: string, notebook: NotebookDocument): Promise<void> {
  const cells = notebook.cells.map((cell) =>
    Array.isArray(cell.outputs) ? { ...cell, outputs: cell.outputs.map(byLines) } : cell
  );
  await writeFileAtomic(path, `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`);
}

function byLines(output: Readonly<Record<string, unknown>>): unknown {
  const { text, data } = output as { text?: unknown; data?: Record<string, unknown> };
  return {
    ...output,
    ...text !== undefined && { text: lines(text) },
    ...data !== undefined && {
      data: Object.fromEntries(
        Object.entries(data).map((
          [type, value],
        ) => [type, /json$/.test(type) ? value : lines(value)]),
      ),
    },
  };
}

function lines(text: unknown): unknown {
  return typeof text === "string" ? text.match(/[^\n]*\n|[^\n]+$/g) ?? [] : text;
}

/** The notebook without outputs, counts, keys of runs and what the clock of an editor has left. */
export function stripNotebook(notebook: NotebookDocument): NotebookDocument {
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code") return cell;
    const { execution: _, dinoflow: __, ...metadata } = cell.metadata ?? {};
    return { ...cell, metadata, execution_count: null, outputs: [] };
  });
  return { ...notebook, cells };
}
