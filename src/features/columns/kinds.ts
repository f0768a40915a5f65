/**
 * All kinds of columns: the one place that lists them. A new kind is its file, a
 * line in each of the two lists here, and its converter in `src/onnx/converters/`.
 */

import { ModelError } from "../../base/mod.ts";
import type { CleanColumn } from "../clean_data.ts";
import type { ColumnKind } from "./kind.ts";
import { binnedKind } from "./binned.ts";
import { booleanKind } from "./boolean.ts";
import { dateKind } from "./date.ts";
import { multiHotKind } from "./multi_hot.ts";
import { numberKind } from "./number.ts";
import { oneHotKind } from "./one_hot.ts";
import { ordinalKind } from "./ordinal.ts";
import { patternKind } from "./pattern.ts";
import { targetEncodingKind } from "./target_encoding.ts";
import { weightOfEvidenceKind } from "./weight_of_evidence.ts";

export * from "./binned.ts";
export * from "./boolean.ts";
export * from "./date.ts";
export * from "./multi_hot.ts";
export * from "./number.ts";
export * from "./one_hot.ts";
export * from "./ordinal.ts";
export * from "./pattern.ts";
export * from "./target_encoding.ts";
export * from "./weight_of_evidence.ts";

const table = {
  binned: binnedKind,
  boolean: booleanKind,
  date: dateKind,
  multiHot: multiHotKind,
  number: numberKind,
  oneHot: oneHotKind,
  ordinal: ordinalKind,
  pattern: patternKind,
  targetEncoding: targetEncodingKind,
  weightOfEvidence: weightOfEvidenceKind,
};

/** Name of a kind of column. */
export type KindName = keyof typeof table;

type Specs = { [K in KindName]: Parameters<(typeof table)[K]["check"]>[0] };

type States = { [K in KindName]: Parameters<(typeof table)[K]["features"]>[0] };

/** What a raw column holds. */
export type ColumnSpec<K extends KindName = KindName> = Specs[K];

/** What one column learned. */
export type ColumnState<K extends KindName = KindName> = States[K];

/** Names of all kinds of columns. */
export const kindNames = Object.keys(table) as readonly KindName[];

/**
 * The kind that a spec or state says it is.
 *
 * @throws {ModelError} where there is none of that name.
 */
export function kindOf(
  { kind }: { readonly kind: string },
): ColumnKind<ColumnSpec, ColumnState, CleanColumn> {
  if (Object.hasOwn(table, kind)) {
    // Each kind is given its own specs, states and columns only.
    return table[kind as KindName] as ColumnKind<ColumnSpec, ColumnState, CleanColumn>;
  }
  throw new ModelError(`Cannot use a column of kind "${kind}": there is no such kind`, {
    next: `use one of ${kindNames.join(", ")}, or a newer version of the framework`,
  });
}

/** The column, if it was cleaned in the form that its kind reads. */
export function cleanedAs(
  column: CleanColumn | undefined,
  { kind, name }: { readonly kind: string; readonly name: string },
): CleanColumn {
  const { form } = kindOf({ kind });
  if (column?.kind === form) return column;
  throw new TypeError(
    `Cannot use column "${name}": it was cleaned as ${column?.kind}, wanted ${form}`,
  );
}
