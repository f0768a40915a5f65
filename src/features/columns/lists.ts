/** Lists of items in one text, taken apart and put together. */

import type { Cell } from "../../dataset/mod.ts";
import { type ListColumn, sharedInt32 } from "../clean_data.ts";
import { textOf } from "../missing.ts";
import type { DriftView } from "./kind.ts";

/** How lists are written. */
export interface ListForm {
  /** What stands between two items. */
  readonly separator: string;
  /** The word before the last item, null for none. */
  readonly conjunction: string | null;
  /** All texts that mean a missing list or item. */
  readonly missing: readonly string[];
}

/**
 * The item that a piece of a list names: without one leading blank and without
 * the conjunction before the last item.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(itemOf(" and Home Equity Loan", "and"), "Home Equity Loan");
 * ```
 */
export function itemOf(piece: string, conjunction: string | null): string {
  const text = piece.startsWith(" ") ? piece.slice(1) : piece;
  const before = `${conjunction} `;
  return conjunction !== null && text.startsWith(before) ? text.slice(before.length) : text;
}

/** Every piece that {@linkcode itemOf} reads as `item`: its exact inverse, for the exported graph. */
export function piecesOf(
  item: string,
  missing: readonly string[],
  conjunction: string | null,
): string[] {
  const pieces = conjunction === null
    ? [item, ` ${item}`]
    : [item, ` ${item}`, `${conjunction} ${item}`, ` ${conjunction} ${item}`];
  return pieces.filter((piece) => itemOf(piece, conjunction) === item && !missing.includes(piece));
}

/** Takes the cells of a list column apart. */
export function cleanLists(
  { separator, conjunction, missing }: ListForm,
  cells: readonly Cell[],
  { name }: { readonly name: string },
): ListColumn {
  const absent = new Set(missing);
  const lists = new Map<string, number>();
  for (const text of absent) lists.set(text, -1);
  const itemCodes = new Map<string, number>();
  const items: number[] = [];
  const offsets = [0];
  const codes = sharedInt32(cells.length);
  for (let i = 0; i < cells.length; i++) {
    const text = textOf(cells[i], name, i);
    let list = lists.get(text);
    if (list === undefined) {
      list = offsets.length - 1;
      lists.set(text, list);
      for (const piece of text.split(separator)) {
        const item = itemOf(piece, conjunction);
        if (absent.has(piece) || absent.has(item)) continue;
        const code = itemCodes.get(item) ?? itemCodes.size;
        itemCodes.set(item, code);
        items.push(code);
      }
      offsets.push(items.length);
    }
    codes[i] = list;
  }
  const column = {
    kind: "lists" as const,
    codes,
    offsets: sharedInt32(offsets.length),
    items: sharedInt32(items.length),
    vocabulary: [...itemCodes.keys()],
  };
  column.offsets.set(offsets);
  column.items.set(items);
  return column;
}

/** Each item counts once; no list is one missing item. */
export function viewLists({ codes, offsets, items, vocabulary }: ListColumn): DriftView {
  const found: number[] = [];
  const rows: number[] = [];
  codes.forEach((list, row) => {
    const own = list < 0 ? [-1] : items.subarray(offsets[list], offsets[list + 1]);
    for (const item of own) {
      found.push(item);
      rows.push(row);
    }
  });
  return {
    kind: "category",
    codes: Int32Array.from(found),
    vocabulary,
    rows: Int32Array.from(rows),
  };
}
