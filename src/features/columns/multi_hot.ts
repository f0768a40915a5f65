/** Lists of items in one text, one count for each item. */

import { UsageError } from "../../base/mod.ts";
import type { Cell } from "../../table/mod.ts";
import { type ListColumn, sharedInt32 } from "../clean_data.ts";
import { missingTextsWith, textOf } from "../missing.ts";
import type { ColumnKind, DriftView } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import { drawText, type TextOptions } from "./text.ts";

/** What may be said about a column of lists. */
export interface MultiHotOptions extends TextOptions {
  /** What stands between two items; a comma unless it is set. */
  readonly separator?: string;
  /** The word before the last item, as "and" in `a, b, and c`; none unless it is set. */
  readonly conjunction?: string;
}

/** A column of lists. */
export interface MultiHotSpec extends TextOptions {
  /** Tells the kinds of columns apart. */
  readonly kind: "multiHot";
  /** What stands between two items. */
  readonly separator: string;
  /** The word before the last item, null for none. */
  readonly conjunction: string | null;
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
  /** The word before the last item, null for none. */
  readonly conjunction: string | null;
}

/**
 * A column of lists such as `Auto Loan, Payday Loan, and Home Equity Loan`:
 * one feature for each item of the training rows, counting how often the list
 * names it. A missing list names nothing; unknown items do not count.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(multiHot(), { kind: "multiHot", separator: ",", conjunction: null });
 * ```
 */
export function multiHot(
  { separator = ",", conjunction, ...options }: MultiHotOptions = {},
): MultiHotSpec {
  const spec: MultiHotSpec = {
    kind: "multiHot",
    separator,
    conjunction: conjunction ?? null,
    ...options,
  };
  const fault = checkMultiHot(spec);
  if (fault === undefined) return spec;
  throw new UsageError(`Cannot split lists: ${fault}`, { next: "correct the declaration" });
}

/** Columns of lists. */
export const multiHotKind: ColumnKind<MultiHotSpec, MultiHotState, ListColumn> = {
  form: "lists",
  check(spec, column) {
    const fault = checkMultiHot(spec);
    return fault && `${column}: ${fault}`;
  },
  clean: cleanMultiHot,
  fit(spec, { codes, offsets, items, vocabulary }, { name, rows }) {
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
      conjunction: spec.conjunction,
    };
  },
  features: ({ name, items }) => items.map((item) => `${name}_${item}`),
  gaps: () => false,
  transform(state, { codes, offsets, items, vocabulary }, rows, out) {
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
  },
  transformLearned: null,
  writer(state, first) {
    const featureOf = new Map(pieceCodes(state));
    return (value, row) => {
      for (const piece of (value as string).split(state.separator)) {
        const feature = featureOf.get(piece);
        if (feature !== undefined) row[first + feature]++;
      }
    };
  },
  declared: ({ missing, separator, conjunction }) => ({
    kind: "multiHot",
    separator,
    conjunction,
    missing,
  }),
  understands(state) {
    const { separator, missing } = state;
    const known = new Set([...pieceCodes(state).map(([piece]) => piece), ...missing]);
    return (value) =>
      known.has(value as string) ||
      (value as string).split(separator).every((piece) => known.has(piece) || piece.trim() === "");
  },
  input: ({ name, items, separator, description }) => ({
    name,
    kind: "text",
    required: false,
    description: [description, `items separated by "${separator}": ${items.join(", ")}`]
      .filter(Boolean).join(", "),
  }),
  raw({ separator, missing, conjunction }, { codes, offsets, items, vocabulary }, rows) {
    // An item that starts with the conjunction is not read back from itself alone.
    const pieces = vocabulary.map((item) => piecesOf(item, missing, conjunction)[0]);
    const lists = Array.from(
      { length: offsets.length - 1 },
      (_, list) =>
        Array.from(items.subarray(offsets[list], offsets[list + 1]), (item) => pieces[item])
          .join(separator),
    );
    return Array.from(rows, (row) => codes[row] < 0 ? "" : lists[codes[row]]);
  },
  borders({ items, missing, separator, conjunction }) {
    const pieces = items.flatMap((item) => piecesOf(item, missing, conjunction));
    return [
      ...pieces,
      ...missing,
      items.join(separator),
      ["?", items[0], items[0], ""].join(separator),
      separator + separator,
      `${items[0]} `,
      `  ${items[0]}`,
    ];
  },
  draw: ({ items, separator }, random) =>
    Array.from({ length: 1 + random.int(4) }, () => drawText(items, random)).join(separator),
  example: ({ items }) => items[0],
  view: viewLists,
};

function checkMultiHot({ separator, missing, conjunction }: MultiHotSpec): string | undefined {
  if (separator === "") return "the separator is empty, say what stands between two items";
  if (conjunction !== null && (conjunction.trim() === "" || conjunction.includes(separator))) {
    return `the conjunction "${conjunction}" is empty or holds the separator`;
  }
  const fault = missing?.find((text) => text.includes(separator));
  // That text would be taken apart.
  if (fault !== undefined) return `"${separator}" is part of the missing text "${fault}"`;
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

/** Every piece of a list that counts, with the feature that it counts. */
export function pieceCodes(
  { items, missing, conjunction }: MultiHotState,
): (readonly [piece: string, feature: number])[] {
  return items.flatMap((item, code) =>
    piecesOf(item, missing, conjunction).map((piece) => [piece, code] as const)
  );
}

/** The missing texts; one that holds the separator, as `N/A` where that is "/", is a list. */
function missingOf({ missing, separator }: MultiHotSpec): readonly string[] {
  return missingTextsWith(missing).filter((text) => !text.includes(separator));
}

/** Takes the cells of a list column apart. */
function cleanMultiHot(
  spec: MultiHotSpec,
  cells: readonly Cell[],
  { name }: { readonly name: string },
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
        const item = itemOf(piece, spec.conjunction);
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

/** Each item counts once; no list is one missing item. */
function viewLists({ codes, offsets, items, vocabulary }: ListColumn): DriftView {
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
