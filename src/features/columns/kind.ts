/** The contract of a kind of column: all that the framework has to know of it. */

import type { Random } from "../../base/mod.ts";
import type { Bag, Cell } from "../../dataset/mod.ts";
import type { CleanColumn } from "../clean_data.ts";
import type { InputField } from "../input_schema.ts";
import type { TellNotice } from "../notices.ts";
import type { FitTarget } from "../fit_target.ts";
import type { UnknownShares } from "./unknown_terms.ts";

/** A raw value as a model takes it: a number with NaN for missing, or a text with "" for missing. */
export type RawValue = number | string;

/** What may be said about any column. */
export interface Described {
  /** What the column means, for the model's input schema. */
  readonly description?: string;
}

/** What every declared column has. */
export interface AnySpec extends Described {
  /** Tells the kinds of columns apart. */
  readonly kind: string;
}

/** What every fitted column has. */
export interface AnyState extends Described {
  /** Tells the kinds of columns apart. */
  readonly kind: string;
  /** Name of the raw column. */
  readonly name: string;
}

/** A declared column of one kind. */
export interface SpecOfKind<Kind extends string> extends AnySpec {
  /** The kind. */
  readonly kind: Kind;
}

/** A fitted column of one kind. */
export interface StateOfKind<Kind extends string> extends AnyState {
  /** The kind. */
  readonly kind: Kind;
}

/** The vectors of texts, text after text; undefined if there is no such encoder here. */
export type VectorsOf = (
  encoder: string,
  texts: readonly string[],
) => { readonly size: number; readonly values: Float32Array<SharedArrayBuffer> } | undefined;

/** What cleaning a column is told beside its cells. */
export interface CleanContext<State> {
  /** Name of the raw column. */
  readonly name: string;
  /** What the column learned, if cells are to be read as they were for it. */
  readonly state?: State;
  /** What an encoder of that name makes of texts; undefined if it is not there. */
  readonly vectors?: VectorsOf;
  /** Takes what was not understood; nothing is lost in silence. */
  readonly tell: TellNotice;
}

/** What a column learns from. */
export interface FitContext {
  /** Name of the raw column. */
  readonly name: string;
  /** The rows to learn from; no others are looked at. */
  readonly rows: Int32Array;
  /** What is to be predicted; undefined if the data have none. */
  readonly target?: FitTarget;
}

/** What is known of a column that is shown as drift is measured on it. */
export interface ViewContext<Spec, State> {
  /** What it was cleaned by. */
  readonly spec: Spec;
  /** What was learned; absent if that is not known. */
  readonly state?: State;
  /** 1 for each row that it was learned from, shape [rows]; absent if it was from none. */
  readonly learned?: Uint8Array;
  /** Group of each row, from 0 on; absent if each stands for itself. */
  readonly groups?: Int32Array;
}

/** A column as a comparison of two samples takes it. */
export type DriftView =
  | {
    readonly kind: "number";
    readonly values: Float32Array;
    /** How many times chance's variance is that of independent rows; 1 if it is left out. */
    readonly designEffect?: number;
  }
  | {
    readonly kind: "category";
    /** Index into `vocabulary`, −1 for missing. */
    readonly codes: Int32Array;
    readonly vocabulary: readonly string[];
    /** The row of each code, if a row may have several. */
    readonly rows?: Int32Array;
    /** Share of each row that the model can make nothing of, NaN where there is nothing to know. */
    readonly unknown?: UnknownShares;
  };

/**
 * A kind of column, in one file. A member that is missing does not compile, and
 * no other code asks which kind a column is.
 */
export interface ColumnKind<
  Spec extends AnySpec,
  State extends AnyState,
  Column extends CleanColumn,
> {
  /** The form of its cleaned columns. */
  readonly form: Column["kind"];

  /** Whether its features are codes of categories, whose order means nothing. */
  readonly categorical: boolean;

  /**
   * What contradicts itself in a declaration, as `range of column "x" is empty`;
   * else undefined.
   *
   * @param column What to call the column.
   */
  check(spec: Spec, column: string): string | undefined;

  /**
   * From raw cells to numbers or codes, with nothing learned.
   *
   * @throws {DataError} if a cell has a type that the column cannot hold.
   */
  clean(spec: Spec, cells: readonly Cell[], context: CleanContext<State>): Column;

  /**
   * Learns from the given rows.
   *
   * @throws {DataError} if none of them has a usable value.
   */
  fit(spec: Spec, column: Column, context: FitContext): State;

  /** Names of the features that it becomes. */
  features(state: State): string[];

  /** Whether its features may be NaN. */
  gaps(state: State): boolean;

  /** Writes the features of `rows` to `out`, which holds zeros: one feature after the other. */
  transform(state: State, column: Column, rows: Int32Array, out: Float32Array): void;

  /**
   * Writes the features of the rows that `state` was learned from, where those
   * must not see their own target; null if they cannot see it anyway.
   */
  readonly transformLearned:
    | null
    | ((
      spec: Spec,
      state: State,
      column: Column,
      context: FitContext,
      out: Float32Array,
    ) => void);

  /**
   * The terms of `rows`, if the column is one feature that holds bags of terms instead of numbers;
   * null if it holds numbers. See `Bag`.
   *
   * @param place The feature's place in the matrix.
   */
  readonly bag: null | ((state: State, column: Column, rows: Int32Array, place: number) => Bag);

  /** Writes the features of one raw value to a row that holds zeros, from place `first` on. */
  writer(state: State, first: number): (value: RawValue, row: Float32Array) => void;

  /** A declaration that cleans cells as they were cleaned for this state. */
  declared(state: State): Spec;

  /**
   * Makes what tells whether a raw value is one that the column knows or that
   * means a missing one: any other may have been meant otherwise.
   */
  understands(state: State): (value: RawValue) => boolean;

  /** What a request may send. */
  input(state: State): InputField;

  /** The cleaned values of `rows` as raw values again, which clean to the same. */
  raw(state: State, column: Column, rows: Int32Array): Float32Array | string[];

  /**
   * Raw values that everything tells apart: each border and category, a missing
   * value, an unknown one, dirt. An exported model is tried on all of them.
   */
  borders(state: State): readonly RawValue[];

  /** A raw value such as training saw. */
  draw(state: State, random: Random): RawValue;

  /** A typical raw value, for documentation. */
  example(state: State): RawValue;

  /** The column as drift is measured on it. */
  view(column: Column, context: ViewContext<Spec, State>): DriftView;
}
