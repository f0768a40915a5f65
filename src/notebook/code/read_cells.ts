/** Reads the code cells of a notebook, all with one call of the parser. */

import { fromFileUrl, join } from "@std/path";
import { denoCommand, type NotebookDocument, sourceText } from "../../pipeline/mod.ts";
import { readCellSource } from "../execute/positions.ts";
import type { CellFailure } from "../execute/failure.ts";
import type { CellFacts } from "./cell_facts.ts";

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

/** The code cells of a notebook, and those that cannot be read. */
export async function readCells(
  { cells }: NotebookDocument,
): Promise<{ readonly cells: CodeCell[]; readonly failures: CellFailure[] }> {
  const folder = await Deno.makeTempDir();
  try {
    const written = cells.flatMap((cell, i) =>
      cell.cell_type !== "code" || sourceText(cell).trim() === ""
        ? []
        : [{ cell: i + 1, source: sourceText(cell), tags: cell.metadata.tags ?? [] }]
    );
    const facts = await parse(written, folder);
    const found: CodeCell[] = [];
    const failures: CellFailure[] = [];
    for (const cell of written) {
      const known = facts.get(cell.cell);
      if (known) found.push({ ...cell, facts: known });
      else failures.push({ cell: cell.cell, ...await whyNot(cell.source, folder) });
    }
    return { cells: found, failures };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function parse(
  cells: readonly { readonly cell: number; readonly source: string }[],
  folder: string,
): Promise<Map<number, CellFacts>> {
  const facts = new Map<number, CellFacts>();
  if (cells.length === 0) return facts;
  const paths: string[] = [];
  for (const { cell, source } of cells) {
    const path = join(folder, `cell_${cell}.ts`);
    await Deno.writeTextFile(
      path,
      source.replaceAll("deno-lint-ignore-file", "deno-lint-ignore----"),
    );
    paths.push(path);
  }
  const config = fromFileUrl(new URL("./plugin.json", import.meta.url));
  const command = await denoCommand(["lint", "--json", "--config", config, ...paths]);
  const { stdout } = await command.output();
  const { diagnostics }: { diagnostics: { filename: string; message: string; code: string }[] } =
    JSON.parse(new TextDecoder().decode(stdout));
  for (const { filename, message, code } of diagnostics) {
    const cell = /cell_(\d+)\.ts$/.exec(filename)?.[1];
    if (code === "dinoflow-notebook/facts") facts.set(Number(cell), JSON.parse(message));
  }
  return facts;
}

async function whyNot(source: string, folder: string): Promise<Omit<CellFailure, "cell">> {
  const read = await readCellSource(source, folder);
  if (read.readable) return { message: "SyntaxError: the cell cannot be read" };
  return { message: `SyntaxError: ${read.message}`, line: read.line };
}
