/**
 * All kinds of columns: the one place that lists them. A new kind is its file, a
 * line in each of the lists here, and its converter in `src/onnx/converters/`.
 */

import { ModelError } from "../../base/mod.ts";
import type { CleanColumn, ListColumn, NumberColumn, TextColumn } from "../clean_data.ts";
import type { ColumnKind } from "./kind.ts";
import { binnedKind, type BinnedSpec, type BinnedState } from "./binned.ts";
import { booleanKind, type BooleanSpec, type BooleanState } from "./boolean.ts";
import { categoryKind, type CategorySpec, type CategoryState } from "./category.ts";
import { dateKind, type DateSpec, type DateState } from "./date.ts";
import { freeTextKind, type FreeTextSpec, type FreeTextState } from "./free_text.ts";
import { multiHotKind, type MultiHotSpec, type MultiHotState } from "./multi_hot.ts";
import { numberKind, type NumberSpec, type NumberState } from "./number.ts";
import { oneHotKind, type OneHotSpec, type OneHotState } from "./one_hot.ts";
import { ordinalKind, type OrdinalSpec, type OrdinalState } from "./ordinal.ts";
import { patternKind, type PatternSpec, type PatternState } from "./pattern.ts";
import { tokensKind, type TokensSpec, type TokensState } from "./tokens.ts";
import {
  targetEncodingKind,
  type TargetEncodingSpec,
  type TargetEncodingState,
} from "./target_encoding.ts";
import {
  weightOfEvidenceKind,
  type WeightOfEvidenceSpec,
  type WeightOfEvidenceState,
} from "./weight_of_evidence.ts";

export * from "./binned.ts";
export * from "./boolean.ts";
export * from "./category.ts";
export * from "./date.ts";
export * from "./free_text.ts";
export * from "./multi_hot.ts";
export * from "./number.ts";
export * from "./one_hot.ts";
export * from "./ordinal.ts";
export * from "./pattern.ts";
export * from "./target_encoding.ts";
export * from "./tokens.ts";
export * from "./weight_of_evidence.ts";

/** What is declared, what is learned and what is cleaned of each kind of column. */
export interface Kinds {
  /** See `binned.ts`. */
  readonly binned: Kind<BinnedSpec, BinnedState, NumberColumn>;
  /** See `boolean.ts`. */
  readonly boolean: Kind<BooleanSpec, BooleanState, TextColumn>;
  /** See `category.ts`. */
  readonly category: Kind<CategorySpec, CategoryState, TextColumn>;
  /** See `date.ts`. */
  readonly date: Kind<DateSpec, DateState, TextColumn>;
  /** See `multi_hot.ts`. */
  readonly multiHot: Kind<MultiHotSpec, MultiHotState, ListColumn>;
  /** See `number.ts`. */
  readonly number: Kind<NumberSpec, NumberState, NumberColumn>;
  /** See `one_hot.ts`. */
  readonly oneHot: Kind<OneHotSpec, OneHotState, TextColumn>;
  /** See `ordinal.ts`. */
  readonly ordinal: Kind<OrdinalSpec, OrdinalState, TextColumn>;
  /** See `pattern.ts`. */
  readonly pattern: Kind<PatternSpec, PatternState, NumberColumn>;
  /** See `target_encoding.ts`. */
  readonly targetEncoding: Kind<TargetEncodingSpec, TargetEncodingState, TextColumn>;
  /** See `free_text.ts`. */
  readonly freeText: Kind<FreeTextSpec, FreeTextState, TextColumn>;
  /** See `tokens.ts`. */
  readonly tokens: Kind<TokensSpec, TokensState, TextColumn>;
  /** See `weight_of_evidence.ts`. */
  readonly weightOfEvidence: Kind<WeightOfEvidenceSpec, WeightOfEvidenceState, NumberColumn>;
}

/** What is declared, what is learned and what is cleaned of a kind of column. */
export interface Kind<Spec, State, Column> {
  /** What the raw column holds. */
  readonly spec: Spec;
  /** What the column learned. */
  readonly state: State;
  /** The form of its cleaned columns. */
  readonly column: Column;
}

/** Name of a kind of column. */
export type KindName = keyof Kinds;

/** What a raw column holds. */
export type ColumnSpec<K extends KindName = KindName> = Kinds[K]["spec"];

/** What one column learned. */
export type ColumnState<K extends KindName = KindName> = Kinds[K]["state"];

const table: {
  readonly [K in KindName]: ColumnKind<ColumnSpec<K>, ColumnState<K>, Kinds[K]["column"]>;
} = {
  binned: binnedKind,
  boolean: booleanKind,
  category: categoryKind,
  date: dateKind,
  multiHot: multiHotKind,
  number: numberKind,
  oneHot: oneHotKind,
  ordinal: ordinalKind,
  pattern: patternKind,
  targetEncoding: targetEncodingKind,
  freeText: freeTextKind,
  tokens: tokensKind,
  weightOfEvidence: weightOfEvidenceKind,
};

/** Names of all kinds of columns. */
export const kindNames = Object.keys(table) as readonly KindName[];

/**
 * The kind that a spec or state says it is.
 *
 * @throws {ModelError} if there is none of that name.
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
