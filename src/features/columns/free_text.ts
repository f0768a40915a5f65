/** Free text, as a bag of hashed n-grams weighed by how rare each is in the training rows. */

import { ModelError } from "../../base/mod.ts";
import { type Bag, type Cell, emptyBag } from "../../dataset/mod.ts";
import {
  idCount,
  longestTextRead,
  ngramHasher,
  type NgramRules,
  ngramRules,
  type NgramRulesOptions,
  publicRuns,
  wordsOf,
} from "../../text/mod.ts";
import {
  type HashedTexts,
  sharedFloat32,
  sharedInt32,
  type TextColumn,
  type TextVectors,
} from "../clean_data.ts";
import { distinctTexts } from "./distinct_texts.ts";
import type { CleanContext, ColumnKind, Described, SpecOfKind, StateOfKind } from "./kind.ts";
import { nothingToLearn } from "./number_fit.ts";
import { freeTexts, viewWords } from "./text.ts";
import { unknownShares } from "./unknown_terms.ts";

/** What may be said about a column of free text. */
export interface FreeTextOptions extends NgramRulesOptions, Described {
  /** Training rows that an n-gram must be in to count; 2 unless it is set. */
  readonly minCount?: number;
  /**
   * A sentence encoder, as `all-minilm-l6-v2`, whose vector of each text stands beside its n-grams;
   * where it was not fetched, there are n-grams alone.
   */
  readonly encoder?: string;
}

/** A column of free text. */
export interface FreeTextSpec extends FreeTextOptions, SpecOfKind<"freeText"> {}

/** A fitted column of free text. */
export interface FreeTextState extends StateOfKind<"freeText"> {
  /** How texts become ids of n-grams. */
  readonly rules: NgramRules;
  /** Number of training rows. */
  readonly rows: number;
  /** Ids of the n-grams that count, rising; id number `t` is term `t` of the bag. */
  readonly ids: readonly number[];
  /** Number of training rows that each of them is in. */
  readonly counts: readonly number[];
  /** The most frequent words, at most 100, for examples and probes. */
  readonly words: readonly string[];
  /** How the encoder's vectors become features; absent without one. */
  readonly encoder?: EncodedText;
}

/** How an encoder's vectors become features. */
export interface EncodedText {
  /** Name of the encoder. */
  readonly name: string;
  /** Places of the vector that are used: those that differ between training texts. */
  readonly places: readonly number[];
  /** Mean of each over the training rows. */
  readonly centre: readonly number[];
  /** What each is multiplied by, measured from its mean. */
  readonly scale: readonly number[];
}

/**
 * Standard deviation of an encoder's features: as much as n-grams need to count beside them, which
 * share a length of 1.
 */
const SPREAD = 0.06;
/** Places whose standard deviation is below this differ by rounding alone. */
const DEAD = 1e-6;

/** Training rows that an n-gram must be in to count, unless it is set. */
const LEAST_ROWS = 2;
/** Words that a state keeps. */
const WORDS = 100;

/**
 * A column of free text in any language: runs of one to three words, and runs of 2
 * to 5 letters of each word, which know a word in spite of its ending or a
 * mistype. They are hashed, so that the model keeps no texts; each counts 1 + log
 * of how often the text has it, times the logarithm of how rare it is among the
 * training rows, and words and letters each have length 1 in a row.
 *
 * Linear learners read it, others refuse it by name. Of a text the first 10,000
 * characters are read. An empty text has no n-grams.
 *
 * Source: scikit-learn `TfidfVectorizer` with `sublinear_tf`, a union of the
 * analyzers `word` and `char_wb`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(freeText({ letters: null }), { kind: "freeText", letters: null });
 * ```
 */
export function freeText(options: FreeTextOptions = {}): FreeTextSpec {
  ngramRules(options);
  return { kind: "freeText", ...options };
}

/** Columns of free text. */
export const freeTextKind: ColumnKind<FreeTextSpec, FreeTextState, TextColumn> = {
  ...freeTexts,
  form: "texts",
  categorical: false,
  check(spec, column) {
    const { minCount = LEAST_ROWS } = spec;
    if (!Number.isInteger(minCount) || minCount < 1) {
      return `minCount of ${column} is ${minCount}, wanted 1 or more`;
    }
    try {
      ngramRules(spec);
    } catch (error) {
      return `${column}: ${(error as Error).message}`;
    }
  },
  clean: (spec, cells, context) =>
    hashTexts(context.state?.rules ?? ngramRules(spec), cells, context, spec.encoder),
  fit(spec, column, { name, rows }) {
    const { minCount = LEAST_ROWS, description } = spec;
    const found = frequentIds(column, rows, minCount);
    if (found.length === 0) throw nothingToLearn(name, rows.length);
    return {
      kind: "freeText",
      name,
      ...(description === undefined ? {} : { description }),
      rules: ngramRules(spec),
      rows: rows.length,
      ids: found.map(([id]) => id),
      counts: found.map(([, count]) => count),
      words: frequentWords(column, rows, minCount),
      ...spec.encoder !== undefined && column.vectors &&
        { encoder: fitVectors(spec.encoder, column, column.vectors, rows) },
    };
  },
  features: ({ name, encoder }) => [
    name,
    ...(encoder?.places ?? []).map((place) => `${name}_${place}`),
  ],
  gaps: () => false,
  transform: encode,
  transformLearned: null,
  bag: bagOf,
  writer: () => () => {},
  declared: ({ rules: { blocks, bits }, encoder }) => {
    const rangeOf = (wanted: string) => {
      const block = blocks.find(({ of }) => of === wanted);
      return block === undefined ? null : [block.from, block.to] as const;
    };
    return {
      kind: "freeText",
      words: rangeOf("words"),
      letters: rangeOf("letters"),
      bits,
      ...encoder && { encoder: encoder.name },
    };
  },
  understands({ rules, ids }) {
    const known = new Set(ids);
    const hash = ngramHasher(rules);
    return (value) => hash(value as string).ids.some((id) => known.has(id));
  },
  borders: ({ words }) => [
    ...words.slice(0, 20),
    words.join(" "),
    words.slice(0, 5).join("  ").toUpperCase(),
    `${words[0] ?? ""} `.repeat(3),
    ...["", " ", "?", "😀👩‍👩‍👧", "карта не работает", "بطاقتي", "卡丢了", "मेरा कार्ड"],
    ...["\ud800 lone", "tab\tand\u0007bell", "ﬁne Straße İstanbul", "x".repeat(300)],
    `${words[0] ?? ""} `.repeat(longestTextRead),
  ],
  view: (column, { spec, state, learned, groups }) =>
    viewWords(
      column,
      state && unknownShares(column.codes, {
        terms: column.vocabulary.map(publicNgrams(state.rules)),
        least: spec.minCount ?? LEAST_ROWS,
        known: new Set(state.ids),
        learned,
        groups,
      }),
    ),
};

/** The distinct n-grams of a text without those of words that a log may hold masked. */
function publicNgrams(rules: NgramRules): (text: string) => number[] {
  const hash = ngramHasher(rules);
  return (text) => [...new Set(publicRuns(text).flatMap((run) => [...hash(run).ids]))];
}

/** How rare each term of a fitted column is: ln((1 + rows) / (1 + count)) + 1, in Float32. */
export function rarities({ rows, counts }: Pick<FreeTextState, "rows" | "counts">): Float32Array {
  return Float32Array.from(counts, (count) => Math.log((1 + rows) / (1 + count)) + 1);
}

function hashTexts(
  rules: NgramRules,
  cells: readonly Cell[],
  context: CleanContext<FreeTextState>,
  encoder: string | undefined,
): TextColumn {
  const { codes, vocabulary } = distinctTexts(cells, context);
  const ngrams = ngramsOf(rules, vocabulary);
  const found = encoder === undefined ? undefined : context.vectors?.(encoder, [...vocabulary, ""]);
  return { kind: "texts", codes, vocabulary, ngrams, ...found && { vectors: found } };
}

/** The place of a row's vector: the empty text's is the last. */
function vectorOf({ size, values }: TextVectors, code: number): Float32Array {
  const at = code < 0 ? values.length - size : code * size;
  return values.subarray(at, at + size);
}

function fitVectors(
  name: string,
  { codes }: TextColumn,
  vectors: TextVectors,
  rows: Int32Array,
): EncodedText {
  const sums = new Float64Array(vectors.size);
  const squares = new Float64Array(vectors.size);
  for (const row of rows) vectorOf(vectors, codes[row]).forEach((value, k) => sums[k] += value);
  const means = sums.map((sum) => sum / rows.length);
  for (const row of rows) {
    vectorOf(vectors, codes[row]).forEach((value, k) => squares[k] += (value - means[k]) ** 2);
  }
  const deviations = squares.map((sum) => Math.sqrt(sum / rows.length));
  const places = [...deviations.keys()].filter((k) => deviations[k] > DEAD);
  return {
    ...{ name, places },
    centre: places.map((k) => Math.fround(means[k])),
    scale: places.map((k) => Math.fround(SPREAD / deviations[k])),
  };
}

/** Writes the features of the encoder; that of the n-grams stays 0. */
function encode(
  { name, encoder }: FreeTextState,
  { codes, vectors }: TextColumn,
  rows: Int32Array,
  out: Float32Array,
): void {
  if (encoder === undefined) return;
  if (vectors === undefined) {
    throw new ModelError(
      `Cannot encode column "${name}": the encoder ${encoder.name} is not there`,
      {
        next: "fetch it: deno task encoder",
      },
    );
  }
  rows.forEach((row, i) => {
    const vector = vectorOf(vectors, codes[row]);
    encoder.places.forEach((place, j) => {
      const moved = Math.fround(vector[place] - encoder.centre[j]);
      out[(1 + j) * rows.length + i] = moved * encoder.scale[j];
    });
  });
}

function ngramsOf(rules: NgramRules, texts: readonly string[]): HashedTexts {
  const hashed = texts.map(ngramHasher(rules));
  const offsets = sharedInt32(texts.length + 1);
  hashed.forEach(({ ids }, t) => offsets[t + 1] = offsets[t] + ids.length);
  const ids = sharedInt32(offsets[texts.length]);
  const weights = sharedFloat32(ids.length);
  hashed.forEach((one, t) => {
    ids.set(one.ids, offsets[t]);
    weights.set(one.weights, offsets[t]);
  });
  return { offsets, ids, weights };
}

function hashedOf({ ngrams }: TextColumn): HashedTexts {
  if (ngrams !== undefined) return ngrams;
  throw new TypeError("Cannot use a column of free text: its texts were not hashed");
}

/** The ids that enough of the rows have, rising, with their numbers of rows. */
function frequentIds(
  column: TextColumn,
  rows: Int32Array,
  minCount: number,
): (readonly [id: number, count: number])[] {
  const { offsets, ids } = hashedOf(column);
  const counts = new Map<number, number>();
  for (const row of rows) {
    const text = column.codes[row];
    if (text < 0) continue;
    for (let at = offsets[text]; at < offsets[text + 1]; at++) {
      counts.set(ids[at], (counts.get(ids[at]) ?? 0) + 1);
    }
  }
  return [...counts].filter(([, count]) => count >= minCount).sort(([a], [b]) => a - b);
}

/** The words that most rows have. */
export function frequentWords(
  { codes, vocabulary }: TextColumn,
  rows: Int32Array,
  minCount: number,
): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (codes[row] < 0) continue;
    for (const word of new Set(wordsOf(vocabulary[codes[row]]))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  // Numbers are of accounts and people: none is an example.
  return [...counts].filter(([word, count]) => count >= minCount && !/\p{Nd}/u.test(word))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, WORDS).map(([word]) => word);
}

function bagOf(state: FreeTextState, column: TextColumn, rows: Int32Array, place: number): Bag {
  const { offsets, ids, weights } = hashedOf(column);
  const { codes } = column;
  const blockSize = 2 ** state.rules.bits;
  const blocks = idCount(state.rules) / blockSize;
  const termOf = new Map(state.ids.map((id, term) => [id, term]));
  const rare = rarities(state);
  // Which term each entry is of, found once for all rows.
  const terms = Int32Array.from(ids, (id) => termOf.get(id) ?? -1);
  let entries = 0;
  for (const row of rows) {
    if (codes[row] < 0) continue;
    for (let at = offsets[codes[row]]; at < offsets[codes[row] + 1]; at++) {
      if (terms[at] >= 0) entries++;
    }
  }
  const bag = emptyBag({ column: place, terms: state.ids.length }, rows.length, entries);
  const squares = new Float64Array(blocks);
  let to = 0;
  rows.forEach((row, i) => {
    const text = codes[row];
    const [from, end] = text < 0 ? [0, 0] : [offsets[text], offsets[text + 1]];
    const first = to;
    squares.fill(0);
    for (let at = from; at < end; at++) {
      const term = terms[at];
      if (term < 0) continue;
      const value = Math.fround(weights[at] * rare[term]);
      squares[Math.floor(ids[at] / blockSize)] += value * value;
      bag.places[to] = term;
      bag.values[to++] = value;
    }
    const norms = squares.map((sum) => Math.fround(Math.sqrt(sum)));
    for (let at = first; at < to; at++) {
      bag.values[at] /= norms[Math.floor(state.ids[bag.places[at]] / blockSize)];
    }
    bag.offsets[i + 1] = to;
  });
  return bag;
}
