/** What cleaning could not keep, by column: told, never lost in silence. */

import { longestTextRead } from "../text/mod.ts";

/** Something that cleaning could not keep. */
export interface CleanNotice {
  /** Name of the raw column. */
  readonly column: string;
  /**
   * `unread`: cells that hold something the column does not understand, which
   * count as missing. `outside`: numbers out of the declared range, likewise.
   * `merged`: distinct numbers that Float32 cannot tell from a neighbour. `cut`: texts of which
   * only the beginning is read.
   */
  readonly what: "unread" | "outside" | "merged" | "cut";
  /** How many cells; of merged ones how many distinct values were lost. */
  readonly count: number;
  /** Up to three distinct cells. */
  readonly examples: readonly string[];
}

/** Takes a notice about the column at hand. */
export type TellNotice = (notice: Omit<CleanNotice, "column">) => void;

/** Examples that a notice shows. */
const SHOWN = 3;

/** Counts cells of one sort and keeps some of them as examples. */
export class CellTally {
  #count = 0;
  readonly #examples = new Set<string>();

  /** Whether there was any. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Takes one more cell. */
  add(cell: unknown): void {
    this.#count++;
    if (this.#examples.size < SHOWN) this.#examples.add(String(cell).slice(0, 60));
  }

  /** Tells what was counted, if anything was. */
  tell(what: CleanNotice["what"], tell: TellNotice): void {
    if (this.any) tell({ what, count: this.#count, examples: [...this.#examples] });
  }
}

/**
 * A notice as a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   describeNotice({ column: "Age", what: "unread", count: 2, examples: ["old", "young"] }),
 *   'Column "Age": 2 cells were not understood and count as missing, as "old", "young"',
 * );
 * ```
 */
export function describeNotice({ column, what, count, examples }: CleanNotice): string {
  const few = count === 1;
  const happened = {
    unread: `${count} ${few ? "cell was" : "cells were"} not understood and ${
      few ? "counts" : "count"
    } as missing`,
    outside: `${count} ${few ? "number lies" : "numbers lie"} out of the declared range and ${
      few ? "counts" : "count"
    } as missing`,
    merged: `${count} distinct ${few ? "number" : "numbers"} cannot be told from a neighbour in ` +
      "Float32; subtract an offset or use them as categories",
    cut: `${count} ${few ? "text was" : "texts were"} cut after ${
      longestTextRead.toLocaleString("en")
    } characters`,
  }[what];
  const shown = examples.map((text) => JSON.stringify(text)).join(", ");
  return `Column "${column}": ${happened}, as ${shown}`;
}
