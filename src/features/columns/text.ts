/** What ordinal and one-hot columns share: texts as codes, and the mode. */

import type { Cell } from "../../table/mod.ts";
import { sharedInt32, type TextColumn } from "../clean_data.ts";
import { textOf } from "../missing.ts";

/**
 * Codes the cells by the texts seen.
 *
 * @param known Texts that come first in the vocabulary.
 * @param open Whether other texts join the vocabulary; else they are missing.
 */
export function codeTexts(
  name: string,
  cells: readonly Cell[],
  missing: readonly string[],
  known: readonly string[],
  open: boolean,
): TextColumn {
  const codeOf = new Map<string, number>();
  known.forEach((text, code) => codeOf.set(text, code));
  for (const text of missing) codeOf.set(text, -1);
  const vocabulary = [...known];
  const codes = sharedInt32(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const text = textOf(cells[i], name, i);
    let code = codeOf.get(text);
    if (code === undefined) {
      code = open ? vocabulary.push(text) - 1 : -1;
      codeOf.set(text, code);
    }
    codes[i] = code;
  }
  return { kind: "texts", codes, vocabulary };
}

/** How often each code occurs in `rows`, −1 left out, shape [vocabulary]. */
export function countCodes({ codes, vocabulary }: TextColumn, rows: Int32Array): Int32Array {
  const counts = new Int32Array(vocabulary.length);
  for (const row of rows) if (codes[row] >= 0) counts[codes[row]]++;
  return counts;
}

/** Index of the largest count, the first one where several are largest; −1 where all are 0. */
export function mostFrequent(counts: ArrayLike<number>): number {
  let best = -1;
  for (let code = 0, most = 0; code < counts.length; code++) {
    if (counts[code] > most) [best, most] = [code, counts[code]];
  }
  return best;
}
