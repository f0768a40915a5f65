/** The cells of a notebook as one module, in which each may declare a name again. */

import type { DeclaredName, Reference } from "../code/cell_facts.ts";
import type { CodeCell } from "../code/read_cells.ts";

/** A module made of cells. */
export interface JoinedModule {
  /** Its text; each cell has as many lines as in the notebook. */
  readonly text: string;
  /** The cell and the line in it, both from 1, of a line of the module, from 1. */
  placeOf(line: number): { readonly cell: number; readonly line: number } | undefined;
}

/** Stands between a name and the cell that declares it, if a later one does so again. */
const AGAIN = "ˑcell";

/**
 * Joins cells. A kernel lets a later cell declare a name again, and its initial value
 * mention what the name meant before; a module does not, so such a name gets another one.
 */
export function joinCells(cells: readonly CodeCell[]): JoinedModule {
  const meanings = new Map<string, string>();
  const lastCell = new Map<string, number>();
  for (const { cell, facts } of cells) {
    for (const { name } of facts.flatMap(({ declared }) => declared)) lastCell.set(name, cell);
  }
  const texts: string[] = [];
  const places: { readonly cell: number; readonly first: number; readonly last: number }[] = [];
  let line = 1;
  for (const { cell, source, facts } of cells) {
    const before = new Map(meanings);
    const own = new Map<string, DeclaredName>();
    for (const declared of facts.flatMap(({ declared }) => declared)) {
      if (!own.has(declared.name)) own.set(declared.name, declared);
      // The last one keeps the name: it is what is meant below all cells.
      const last = lastCell.get(declared.name) === cell;
      meanings.set(declared.name, last ? declared.name : `${declared.name}${AGAIN}${cell}`);
    }
    const meaningOf = (reference: Reference) => {
      const declared = own.get(reference.name);
      const old = declared !== undefined && reference.start < declared.from;
      return (old ? before : meanings).get(reference.name) ?? meanings.get(reference.name);
    };
    const edits = facts.flatMap(({ declared, references }) => [
      ...declared.map((name) => ({ ...name, meaning: meanings.get(name.name) })),
      ...references.map((name) => ({
        ...name,
        meaning: meaningOf(name),
        short: name.short ? "property" as const : undefined,
      })),
    ]);
    const text = rename(source, edits);
    texts.push(text);
    const last = line + text.split("\n").length - 1;
    places.push({ cell, first: line, last });
    line = last + 1;
  }
  return {
    text: `${texts.join("\n")}\nexport {};\n`,
    placeOf(line) {
      const place = places.find(({ first, last }) => first <= line && line <= last);
      return place && { cell: place.cell, line: line - place.first + 1 };
    },
  };
}

/** A message about the module in the words of the notebook. */
export function inNotebookWords(message: string): string {
  return message.replaceAll(new RegExp(`${AGAIN}\\d+`, "g"), "");
}

interface Edit {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly meaning: string | undefined;
  readonly short?: "import" | "property";
}

function rename(source: string, edits: readonly Edit[]): string {
  let text = source;
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) {
    const { name, meaning, short } = edit;
    if (meaning === undefined || meaning === name) continue;
    const written = short === undefined
      ? meaning
      : `${name}${short === "import" ? " as " : ": "}${meaning}`;
    // What is annotated or marked as optional stays so: only the name itself is replaced.
    text = text.slice(0, edit.start) + written + text.slice(edit.start + name.length);
  }
  return text;
}
