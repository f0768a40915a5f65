/** The distinct texts of cells, of any length. */

import type { Cell } from "../../dataset/mod.ts";
import { longestTextRead } from "../../text/mod.ts";
import { sharedInt32, type TextColumn } from "../clean_data.ts";
import { textOf } from "../missing.ts";
import { CellTally } from "../notices.ts";
import type { CleanContext } from "./kind.ts";

/** Texts as codes; tells of those that are longer than what is read. An empty one has code −1. */
export function distinctTexts(
  cells: readonly Cell[],
  { name, tell }: Pick<CleanContext<unknown>, "name" | "tell">,
): Pick<TextColumn, "codes" | "vocabulary"> {
  const codes = sharedInt32(cells.length);
  const vocabulary: string[] = [];
  const codeOf = new Map<string, number>([["", -1]]);
  const cut = new CellTally();
  for (let i = 0; i < cells.length; i++) {
    const text = textOf(cells[i], name, i);
    let code = codeOf.get(text);
    if (code === undefined) codeOf.set(text, code = vocabulary.push(text) - 1);
    codes[i] = code;
    if (text.length > longestTextRead) cut.add(text);
  }
  cut.tell("cut", tell);
  return { codes, vocabulary };
}
