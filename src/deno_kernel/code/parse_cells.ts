/** Facts of cells, from the parser of pipelines. */

import { parseModule } from "../../syntax/mod.ts";
import type { CellFacts } from "./cell_facts.ts";
import { readCellFacts } from "./scope.ts";

/** A cell to be read. */
export interface CellText {
  readonly cell: number;
  readonly source: string;
}

/** The facts of those cells that can be read, by their numbers. */
export function answer(cells: readonly CellText[]): [number, CellFacts][] {
  return cells.flatMap(({ cell, source }) => {
    try {
      return [[cell, readCellFacts(parseModule(`cell_${cell}.ts`, source).program)]];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error; // why it cannot be read is found elsewhere
      return [];
    }
  });
}
