/** Rows of a column of tokens as learners of sequences read them. */

import type { CleanSpans, HashedTokens, TextColumn } from "./clean_data.ts";
import { tokensOfColumn, type TokensState } from "./columns/tokens.ts";

/** The tokens of rows, their attributes numbered as in the state; those it lacks are left out. */
export interface TokenRows {
  /** Row `r` has the tokens `offsets[r]` to `offsets[r + 1]` − 1, shape [rows + 1]. */
  readonly offsets: Int32Array;
  /** Number of groups of each token. */
  readonly width: number;
  /** The groups of each token, shape [tokens × width]. */
  readonly groups: Int32Array;
  /** Group `g` has the attributes from `attributeOffsets[g]` on, shape [groups + 1]. */
  readonly attributeOffsets: Int32Array;
  /** The attributes of the groups. */
  readonly attributes: Int32Array;
  /** Number of attributes. */
  readonly attributeCount: number;
}

/** Takes rows of a cleaned column. */
export function tokenRows(state: TokensState, column: TextColumn, rows: Int32Array): TokenRows {
  const tokens = tokensOfColumn(column);
  const { width } = tokens;
  const ranges = Array.from(rows, (row) => rangeOf(tokens, column.codes[row]));
  const offsets = new Int32Array(rows.length + 1);
  ranges.forEach(([from, to], i) => offsets[i + 1] = offsets[i] + to - from);
  const groups = new Int32Array(offsets[rows.length] * width);
  ranges.forEach(([from, to], i) =>
    groups.set(tokens.groups.subarray(from * width, to * width), offsets[i] * width)
  );
  const placeOf = new Map(state.ids.map((id, place) => [id, place]));
  // Only the groups of these rows are kept.
  const own = new Int32Array(tokens.attributeOffsets.length - 1).fill(-1);
  const attributes: number[] = [];
  const attributeOffsets = [0];
  groups.forEach((group, at) => {
    if (own[group] < 0) {
      own[group] = attributeOffsets.length - 1;
      for (let a = tokens.attributeOffsets[group]; a < tokens.attributeOffsets[group + 1]; a++) {
        const place = placeOf.get(tokens.ids[a]);
        if (place !== undefined) attributes.push(place);
      }
      attributeOffsets.push(attributes.length);
    }
    groups[at] = own[group];
  });
  return {
    ...{ offsets, width, groups, attributeCount: state.ids.length },
    attributeOffsets: Int32Array.from(attributeOffsets),
    attributes: Int32Array.from(attributes),
  };
}

function rangeOf({ offsets }: HashedTokens, text: number): [from: number, to: number] {
  return text < 0 ? [0, 0] : [offsets[text], offsets[text + 1]];
}

/** Tags of the tokens of rows, and spans that are not made of whole tokens. */
export interface TaggedRows {
  /** 0 outside; label `l` has 2l + 1 at its start and 2l + 2 within, shape [tokens]. */
  readonly tags: Int32Array;
  /** What is wrong with a row's span, at most one for each row. */
  readonly faults: readonly { readonly row: number; readonly fault: string }[];
}

/** Lays the spans of rows on their tokens. What lies beyond the characters that are read is left out. */
export function tagRows(column: TextColumn, spans: CleanSpans, rows: Int32Array): TaggedRows {
  const tokens = tokensOfColumn(column);
  const tags: number[] = [];
  const faults: { row: number; fault: string }[] = [];
  for (const row of rows) {
    const text = column.codes[row];
    const [from, to] = rangeOf(tokens, text);
    const written = text < 0 ? "" : column.vocabulary[text];
    const unitOf = unitsOf(written);
    const first = tags.length;
    for (let token = from; token < to; token++) tags.push(0);
    const read = tokens.ends[to - 1] ?? 0;
    let fault: string | undefined;
    for (let at = spans.offsets[row]; at < spans.offsets[row + 1]; at++) {
      const [start, end] = [unitOf(spans.starts[at]), unitOf(spans.ends[at])];
      const told = `${spans.starts[at]}–${spans.ends[at]}`;
      if (start === undefined || end === undefined) {
        fault ??= `span ${told} ends beyond the text of ${written.length} characters`;
        continue;
      }
      if (start >= read && text >= 0 && written.length > read) continue;
      const inside: number[] = [];
      for (let token = from; token < to; token++) {
        if (tokens.ends[token] > start && tokens.starts[token] < end) inside.push(token);
      }
      if (inside.length === 0) fault ??= `span ${told} holds no token`;
      else if (tokens.starts[inside[0]] < start || tokens.ends[inside.at(-1)!] > end) {
        const [cut] = [inside[0], inside.at(-1)!].filter((token) =>
          tokens.starts[token] < start || tokens.ends[token] > end
        );
        fault ??= `span ${told} cuts "${
          written.slice(tokens.starts[cut], tokens.ends[cut])
        }" in two`;
      }
      inside.forEach((token, i) =>
        tags[first + token - from] = 2 * spans.labels[at] + (i === 0 ? 1 : 2)
      );
    }
    if (fault !== undefined) faults.push({ row, fault });
  }
  return { tags: Int32Array.from(tags), faults };
}

/** The true tags of rows, text after text, −1 between them. */
export function flatTruth(column: TextColumn, spans: CleanSpans, rows: Int32Array): Int32Array {
  const tokens = tokensOfColumn(column);
  const { tags } = tagRows(column, spans, rows);
  const flat: number[] = [];
  let at = 0;
  rows.forEach((row, i) => {
    if (i > 0) flat.push(-1);
    const [from, to] = rangeOf(tokens, column.codes[row]);
    for (let token = from; token < to; token++) flat.push(tags[at++]);
  });
  return Int32Array.from(flat);
}

/** From a place in code points to one in UTF-16 units; undefined beyond the text's end. */
function unitsOf(text: string): (point: number) => number | undefined {
  // Without surrogates both count alike.
  if (!/[\ud800-\udfff]/.test(text)) return (point) => point <= text.length ? point : undefined;
  const units = [0];
  for (const letter of text) units.push(units.at(-1)! + letter.length);
  return (point) => units[point];
}
