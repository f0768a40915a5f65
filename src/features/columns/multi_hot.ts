/** Lists of items in one text, one count for each item. */

import { UsageError } from "../../base/mod.ts";
import type { Cell } from "../../table/mod.ts";
import { type ListColumn, sharedInt32 } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import { missingTextsWith, textOf } from "../missing.ts";
import { nothingToLearn } from "./number.ts";
import type { TextOptions } from "./ordinal.ts";

/** What may be said about a column of lists. */
export interface MultiHotOptions extends TextOptions {
  /** What stands between two items; a comma unless it is set. */
  readonly separator?: string;
}

/** A column of lists. */
export interface MultiHotSpec extends TextOptions {
  /** Tells the kinds of columns apart. */
  readonly kind: "multiHot";
  /** What stands between two items. */
  readonly separator: string;
}

/** A fitted column of lists. */
export interface MultiHotState {
  /** Tells the kinds of columns apart. */
  readonly kind: "multiHot";
  /** Name of the raw column. */
  readonly name: string;
  /** What the column means. */
  readonly description?: string;
  /** The items seen, sorted. */
  readonly items: readonly string[];
  /** All texts that mean a missing value. */
  readonly missing: readonly string[];
  /** What stands between two items. */
  readonly separator: string;
}

/**
 * A column of lists such as `Auto Loan, Payday Loan, and Home Equity Loan`:
 * one feature for each item of the training rows, counting how often the list
 * names it. A missing list names nothing; unknown items do not count.
 *
 * @throws {UsageError} where the separator is empty or part of a missing text of
 * the column, because then that text would be taken apart.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(multiHot(), { kind: "multiHot", separator: "," });
 * ```
 */
export function multiHot({ separator = ",", ...options }: MultiHotOptions = {}): MultiHotSpec {
  if (separator === "") {
    throw new UsageError("Cannot split lists: the separator is empty", {
      next: "say what stands between two items",
    });
  }
  const fault = options.missing?.find((text) => text.includes(separator));
  if (fault !== undefined) {
    throw new UsageError(
      `Cannot split lists at "${separator}": it is part of the missing text "${fault}"`,
      { next: "choose a separator that no missing text holds" },
    );
  }
  return { kind: "multiHot", separator, ...options };
}

/**
 * The item that a piece of a list names: without one leading blank and without
 * the `and ` before the last item.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(itemOf(" and Home Equity Loan"), "Home Equity Loan");
 * ```
 */
export function itemOf(piece: string): string {
  const text = piece.startsWith(" ") ? piece.slice(1) : piece;
  return text.startsWith("and ") ? text.slice(4) : text;
}

/** Every piece that {@linkcode itemOf} reads as `item`: its exact inverse, for the exported graph. */
export function piecesOf(item: string, missing: readonly string[]): string[] {
  return [item, ` ${item}`, `and ${item}`, ` and ${item}`]
    .filter((piece) => itemOf(piece) === item && !missing.includes(piece));
}

/** The missing texts; one that holds the separator, as `N/A` where that is "/", is a list. */
function missingOf({ missing, separator }: MultiHotSpec): readonly string[] {
  return missingTextsWith(missing).filter((text) => !text.includes(separator));
}

/** Takes the cells of a list column apart. */
export function cleanMultiHot(
  spec: MultiHotSpec,
  name: string,
  cells: readonly Cell[],
): ListColumn {
  const missing = new Set(missingOf(spec));
  const lists = new Map<string, number>();
  for (const text of missing) lists.set(text, -1);
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
      for (const piece of text.split(spec.separator)) {
        const item = itemOf(piece);
        if (missing.has(piece) || missing.has(item)) continue;
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

/**
 * Learns the items.
 *
 * @throws {DataError} where no row names an item.
 */
export function fitMultiHot(
  spec: MultiHotSpec,
  name: string,
  { codes, offsets, items, vocabulary }: ListColumn,
  rows: Int32Array,
): MultiHotState {
  const seen = new Uint8Array(vocabulary.length);
  for (const row of rows) {
    const list = codes[row];
    if (list < 0) continue;
    for (let at = offsets[list]; at < offsets[list + 1]; at++) seen[items[at]] = 1;
  }
  const known = vocabulary.filter((_, code) => seen[code] === 1).sort();
  if (known.length === 0) throw nothingToLearn(name, rows.length);
  return {
    kind: "multiHot",
    name,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    items: known,
    missing: missingOf(spec),
    separator: spec.separator,
  };
}

/** Counts the items of `rows` in `out`, which holds zeros: one column after the other. */
export function transformMultiHot(
  state: MultiHotState,
  { codes, offsets, items, vocabulary }: ListColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  const indexOf = new Map(state.items.map((item, index) => [item, index]));
  const featureOf = Int32Array.from(vocabulary, (item) => indexOf.get(item) ?? -1);
  for (let i = 0; i < rows.length; i++) {
    const list = codes[rows[i]];
    if (list < 0) continue;
    for (let at = offsets[list]; at < offsets[list + 1]; at++) {
      const feature = featureOf[items[at]];
      if (feature >= 0) out[feature * rows.length + i]++;
    }
  }
}

/** From a list to the column's features that it counts, one for each item that is known. */
export function multiHotFeatures(
  { items, missing, separator }: MultiHotState,
): (list: string) => number[] {
  const featureOf = new Map<string, number>();
  items.forEach((item, index) => {
    for (const piece of piecesOf(item, missing)) featureOf.set(piece, index);
  });
  return (list) => {
    const found: number[] = [];
    for (const piece of list.split(separator)) {
      const feature = featureOf.get(piece);
      if (feature !== undefined) found.push(feature);
    }
    return found;
  };
}

/** What a request may send for a list column. */
export function multiHotInput({ name, items, separator, description }: MultiHotState): InputField {
  return {
    name,
    kind: "text",
    required: false,
    description: [description, `items separated by "${separator}": ${items.join(", ")}`]
      .filter(Boolean).join(", "),
  };
}
