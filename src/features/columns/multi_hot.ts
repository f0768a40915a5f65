/** Lists of items in one text, one count for each item. */

import { UsageError } from "../../base/mod.ts";
import type { ListColumn } from "../clean_data.ts";
import { missingTextsWith } from "../missing.ts";
import type { ColumnKind, SpecOfKind, StateOfKind } from "./kind.ts";
import { cleanLists, piecesOf, viewLists } from "./lists.ts";
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
export interface MultiHotSpec extends TextOptions, SpecOfKind<"multiHot"> {
  /** What stands between two items. */
  readonly separator: string;
  /** The word before the last item, null for none. */
  readonly conjunction: string | null;
}

/** A fitted column of lists. */
export interface MultiHotState extends StateOfKind<"multiHot"> {
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
  categorical: false,
  check(spec, column) {
    const fault = checkMultiHot(spec);
    return fault && `${column}: ${fault}`;
  },
  clean: (spec, cells, context) =>
    cleanLists({ ...spec, missing: missingOf(spec) }, cells, context),
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
  bag: null,
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

/** Every piece of a list that counts, with the feature that it counts. */
export function pieceCodes(
  { items, missing, conjunction }: MultiHotState,
): (readonly [piece: string, feature: number])[] {
  return items.flatMap((item, code) =>
    piecesOf(item, missing, conjunction).map((piece) => [piece, code] as const)
  );
}

/** The missing texts; one that holds the separator, as `N/A` if that is "/", is a list. */
function missingOf({ missing, separator }: MultiHotSpec): readonly string[] {
  return missingTextsWith(missing).filter((text) => !text.includes(separator));
}
