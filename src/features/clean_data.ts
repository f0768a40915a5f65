/** Cleaned columns: numbers and codes on shared memory, nothing learned yet. */

import type { CleanNotice } from "./notices.ts";

/** Numbers, NaN if the value is missing. */
export interface NumberColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "numbers";
  /** The values, shape [rows]. */
  readonly values: Float32Array<SharedArrayBuffer>;
  /** How its numbers were written in text; absent if plainly. */
  readonly decimal?: "." | ",";
}

/** Texts as codes into the texts that were seen. */
export interface TextColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "texts";
  /** Index into `vocabulary`, −1 if the value is missing, shape [rows]. */
  readonly codes: Int32Array<SharedArrayBuffer>;
  /** The distinct texts. */
  readonly vocabulary: readonly string[];
  /** Their n-grams, of a column of free text. */
  readonly ngrams?: HashedTexts;
  /** Their vectors, of a column of free text with an encoder; the last is that of the empty text. */
  readonly vectors?: TextVectors;
  /** Their tokens, of a column of tokens. */
  readonly tokens?: HashedTokens;
}

/** The hashed n-grams of texts, text after text. */
export interface HashedTexts {
  /** Text `t` has the entries from `offsets[t]` to `offsets[t + 1]`, shape [texts + 1]. */
  readonly offsets: Int32Array<SharedArrayBuffer>;
  /** Id of each entry, none twice in a text. */
  readonly ids: Int32Array<SharedArrayBuffer>;
  /** What each entry weighs before its rarity. */
  readonly weights: Float32Array<SharedArrayBuffer>;
}

/** What a sentence encoder makes of texts, text after text. */
export interface TextVectors {
  /** Size of a vector. */
  readonly size: number;
  /** The vectors, shape [texts × size]. */
  readonly values: Float32Array<SharedArrayBuffer>;
}

/** The tokens of texts with their hashed attributes, text after text. */
export interface HashedTokens {
  /** Text `t` has the tokens from `offsets[t]` to `offsets[t + 1]`, shape [texts + 1]. */
  readonly offsets: Int32Array<SharedArrayBuffer>;
  /** First character of each token, in UTF-16 units. */
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** One past the last character of each token. */
  readonly ends: Int32Array<SharedArrayBuffer>;
  /** Number of groups of each token. */
  readonly width: number;
  /** The groups of each token, shape [tokens × width]. */
  readonly groups: Int32Array<SharedArrayBuffer>;
  /** Group `g` has the ids from `attributeOffsets[g]` to `attributeOffsets[g + 1]`. */
  readonly attributeOffsets: Int32Array<SharedArrayBuffer>;
  /** Ids of attributes, none twice in a group. */
  readonly ids: Int32Array<SharedArrayBuffer>;
}

/** Spans of the texts of rows, row after row, rising and apart. */
export interface CleanSpans {
  /** Row `r` has the spans from `offsets[r]` to `offsets[r + 1]`, shape [rows + 1]. */
  readonly offsets: Int32Array<SharedArrayBuffer>;
  /** First character of each, in code points. */
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** One past the last character, in code points. */
  readonly ends: Int32Array<SharedArrayBuffer>;
  /** Place of what it is among the target's labels. */
  readonly labels: Int32Array<SharedArrayBuffer>;
}

/** Lists of items as codes into the lists that were seen. */
export interface ListColumn {
  /** Tells the kinds of columns apart. */
  readonly kind: "lists";
  /** Index of the row's list, −1 if the value is missing, shape [rows]. */
  readonly codes: Int32Array<SharedArrayBuffer>;
  /** List `l` holds `items[offsets[l]]` to `items[offsets[l + 1] - 1]`, shape [lists + 1]. */
  readonly offsets: Int32Array<SharedArrayBuffer>;
  /** Index into `vocabulary` of each item, list after list. */
  readonly items: Int32Array<SharedArrayBuffer>;
  /** The distinct items. */
  readonly vocabulary: readonly string[];
}

/** A cleaned column. */
export type CleanColumn = NumberColumn | TextColumn | ListColumn;

/**
 * A cleaned table. Plain data over shared memory: a worker receives it without
 * copying the rows.
 */
export interface CleanData {
  /** Number of rows. */
  readonly rows: number;
  /** The feature columns by name. */
  readonly columns: Readonly<Record<string, CleanColumn>>;
  /** Class of each row, shape [rows]; absent if the target is a value or was not asked for. */
  readonly labels?: Int32Array<SharedArrayBuffer>;
  /** Target value of each row, shape [rows]; absent if the target is a class or was not asked for. */
  readonly values?: Float64Array<SharedArrayBuffer>;
  /** What stands where in the text of each row; absent if the target is no spans or was not asked for. */
  readonly spans?: CleanSpans;
  /** Group of each row, numbered from 0 in order of appearance, shape [rows]; absent without a group column. */
  readonly groups?: Int32Array<SharedArrayBuffer>;
  /** How much each row counts, shape [rows]; absent without a weight column. */
  readonly weights?: Float32Array<SharedArrayBuffer>;
  /** Number of rows left out because they had no label or target value. */
  readonly unlabelled: number;
  /** What cleaning could not keep; absent in data that were not cleaned from raw cells. */
  readonly notices?: readonly CleanNotice[];
  /** The table's row of each row, rising, shape [rows]; absent if no row was left out. */
  readonly kept?: Int32Array;
}

/** An Int32 array of zeros on shared memory. */
export function sharedInt32(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** A Float32 array of zeros on shared memory. */
export function sharedFloat32(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
