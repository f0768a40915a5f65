/** Reads the code cells of a notebook, with the parser of pipelines. */

import { askParser } from "../../base/mod.ts";
import { type NotebookDocument, sourceText } from "../../notebook_files/mod.ts";
import type { CellFacts } from "./cell_facts.ts";
import type { CellFailure } from "./cell_failure.ts";
import type { CellText } from "./parse_cells.ts";
import { translateCells } from "./translate.ts";

/** A code cell that could be read. */
export interface CodeCell {
  /** Number of the cell, counted from 1 over all cells. */
  readonly cell: number;
  /** Its text. */
  readonly source: string;
  /** Its tags. */
  readonly tags: readonly string[];
  /** What it says. */
  readonly facts: CellFacts;
}

/** A code cell before it is read. */
export type CellSource = Omit<CodeCell, "facts">;

/** The code cells of a notebook, and those that cannot be read. */
export function readCells(
  { cells }: NotebookDocument,
): Promise<{ readonly cells: CodeCell[]; readonly failures: CellFailure[] }> {
  return readCellSources(
    cells.flatMap((cell, i) =>
      cell.cell_type !== "code" || sourceText(cell).trim() === ""
        ? []
        : [{ cell: i + 1, source: sourceText(cell), tags: cell.metadata.tags ?? [] }]
    ),
  );
}

/** The same of cells by themselves. */
export async function readCellSources(
  written: readonly CellSource[],
): Promise<{ readonly cells: CodeCell[]; readonly failures: CellFailure[] }> {
  const facts = await parse(written);
  const found: CodeCell[] = [];
  const failures: CellFailure[] = [];
  for (const cell of written) {
    const known = facts.get(cell.cell);
    if (known) found.push({ ...cell, facts: known });
    else failures.push({ cell: cell.cell, ...await whyNot(cell.source) });
  }
  return { cells: found, failures };
}

async function parse(cells: readonly CellText[]): Promise<Map<number, CellFacts>> {
  if (cells.length === 0) return new Map();
  const module = new URL("./parse_cells.ts", import.meta.url).href;
  return new Map(await askParser<readonly CellText[], [number, CellFacts][]>(module, cells));
}

async function whyNot(source: string): Promise<Omit<CellFailure, "cell">> {
  const [read] = await translateCells([source]);
  if (!("message" in read)) return { message: "SyntaxError: the cell cannot be read" };
  return { message: `SyntaxError: ${read.message}`, line: read.line };
}
