/** Words as sparse vectors whose products, weighted by rarity, are BM25. */

import { murmur3 } from "../../text/mod.ts";
import { questionWords } from "../question_words.ts";

/** Saturation and length normalisation of BM25, as Lucene has them. */
const K1 = 1.2, B = 0.75;
/** Words of a usual passage: the mean over a corpus that grows would change what was written. */
const USUAL_WORDS = 100;

/** Numbers at some places, zero elsewhere. */
export interface SparseVector {
  /** Places, rising. */
  readonly indices: number[];
  /** Numbers at these places. */
  readonly values: number[];
}

/** The vector of a passage: what BM25 gives each of its words before it is weighted by rarity. */
export function passageTerms(text: string): SparseVector {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(stem);
  const norm = K1 * (1 - B + B * words.length / USUAL_WORDS);
  return sparse(words, (count) => count * (K1 + 1) / (count + norm));
}

/** The vector of a question: each of its words counts once. */
export function questionTerms(question: string): SparseVector {
  return sparse(questionWords(question).map(stem), () => 1);
}

/** Without its ending of a plural (Harman, "How effective is suffixing?", JASIS 1991). */
export function stem(word: string): string {
  if (word.length < 4) return word;
  if (/[^ea]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/[^aeo]es$/.test(word)) return word.slice(0, -1);
  return /[^us]s$/.test(word) ? word.slice(0, -1) : word;
}

const bytes = new TextEncoder();

function sparse(words: readonly string[], weight: (count: number) => number): SparseVector {
  const counts = new Map<number, number>();
  for (const word of words) {
    const encoded = bytes.encode(word);
    const place = murmur3(encoded, 0, encoded.length, 0);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const indices = [...counts.keys()].sort((a, b) => a - b);
  return { indices, values: indices.map((place) => weight(counts.get(place)!)) };
}
