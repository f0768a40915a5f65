/** From a text to the ids of its n-grams. */

import { murmur3 } from "./murmur3.ts";
import type { NgramBlock, NgramRules } from "./ngram_rules.ts";
import { normalText } from "./normal_text.ts";

/** The n-grams of a text. */
export interface HashedText {
  /** The id of each distinct n-gram, in order of appearance: its block × 2^bits + its bucket. */
  readonly ids: Int32Array;
  /** 1 + the logarithm of how often each occurs. */
  readonly weights: Float32Array;
}

/** The n-grams of a text, with the words that each came from. */
export interface TracedText extends HashedText {
  /** What stands between blanks, in the spelling that is read. */
  readonly words: readonly string[];
  /** Of each occurrence the place of its id among `ids`. */
  readonly slots: readonly number[];
  /** Of each occurrence the first and the last of its words. */
  readonly spans: readonly (readonly [first: number, last: number])[];
}

/** Hears each n-gram: its id, and the first and last word that it was made of. */
type Visit = (id: number, first: number, last: number) => void;

/** Letters, digits and what is written with them; all else stands between words. */
const wordParts = /[\p{L}\p{M}\p{N}_]+/gu;

const encoder = new TextEncoder();

/** The words of a text in the spelling that is read. */
export function wordsOf(text: string): string[] {
  return normalText(text).match(wordParts) ?? [];
}

/**
 * Makes what hashes texts. A text without letters and digits may have no n-grams.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ngramRules } from "./ngram_rules.ts";
 * const hash = ngramHasher(ngramRules({ words: [1, 1], letters: null }));
 * const { ids, weights } = hash("Card, card: lost");
 * assertEquals([ids.length, weights[1]], [2, 1]);
 * assertEquals(ids, hash("card lost").ids);
 * ```
 */
export function ngramHasher(rules: NgramRules): (text: string) => HashedText {
  const places = new Map<number, number>();
  return (text) => {
    places.clear();
    const ids: number[] = [];
    const counts: number[] = [];
    visitNgrams(rules, normalText(text), (id) => {
      const place = places.get(id);
      if (place === undefined) {
        places.set(id, ids.push(id) - 1);
        counts.push(1);
      } else counts[place]++;
    });
    return { ids: Int32Array.from(ids), weights: Float32Array.from(counts, weightOf) };
  };
}

/** Makes what hashes texts and tells from which words each n-gram came, to explain by words. */
export function tracedHasher(rules: NgramRules): (text: string) => TracedText {
  const hash = ngramHasher(rules);
  return (text) => {
    const hashed = hash(text);
    const normal = normalText(text);
    const placeOf = new Map(Array.from(hashed.ids, (id, place) => [id, place]));
    const slots: number[] = [];
    const spans: (readonly [number, number])[] = [];
    visitNgrams(rules, normal, (id, first, last) => {
      slots.push(placeOf.get(id)!);
      spans.push([first, last]);
    });
    return { ...hashed, words: normal === "" ? [] : normal.split(" "), slots, spans };
  };
}

/** What an n-gram that occurs so often weighs, before its rarity: as scikit-learn's sublinear tf. */
function weightOf(count: number): number {
  return 1 + Math.log(count);
}

function visitNgrams({ blocks, bits }: NgramRules, normal: string, visit: Visit): void {
  if (normal === "") return;
  const tokens = normal.split(" ");
  const mask = 2 ** bits - 1;
  blocks.forEach((block, b) => {
    const base = b * 2 ** bits;
    // Blocks are told apart by their ids; the seed keeps their collisions apart too.
    const take = (bytes: Uint8Array, start: number, end: number, first: number, last: number) =>
      visit(base + (murmur3(bytes, start, end, b) & mask), first, last);
    if (block.of === "words") visitWords(block, tokens, take);
    else visitLetters(block, tokens, take);
  });
}

type Take = (bytes: Uint8Array, start: number, end: number, first: number, last: number) => void;

function visitWords({ from, to }: NgramBlock, tokens: readonly string[], take: Take): void {
  const words: string[] = [];
  const origin: number[] = [];
  tokens.forEach((token, at) => {
    for (const [word] of token.matchAll(wordParts)) {
      words.push(word);
      origin.push(at);
    }
  });
  const bytes = encoder.encode(words.join(" "));
  const starts = [0];
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 32) starts.push(at + 1);
  for (let length = from; length <= to; length++) {
    for (let at = 0; at + length <= words.length; at++) {
      const end = at + length < words.length ? starts[at + length] - 1 : bytes.length;
      take(bytes, starts[at], end, origin[at], origin[at + length - 1]);
    }
  }
}

/** As scikit-learn's `char_wb`: a word that is shorter than a run is one run of its own, once. */
function visitLetters({ from, to }: NgramBlock, tokens: readonly string[], take: Take): void {
  tokens.forEach((token, at) => {
    const bytes = encoder.encode(` ${token} `);
    const starts: number[] = [];
    for (let i = 0; i < bytes.length; i++) if ((bytes[i] & 0xc0) !== 0x80) starts.push(i);
    const letters = starts.length;
    starts.push(bytes.length);
    for (let length = from; length <= to; length++) {
      if (length >= letters) {
        take(bytes, 0, bytes.length, at, at);
        break;
      }
      for (let i = 0; i + length <= letters; i++) {
        take(bytes, starts[i], starts[i + length], at, at);
      }
    }
  });
}
