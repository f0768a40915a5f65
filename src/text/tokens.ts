/** The tokens of a text, with where they stand in it. */

import { longestTextRead } from "./normal_text.ts";

/** How a text is cut: at blanks alone, or also where letters, digits and signs meet. */
export type TokenSplit = "blanks" | "words";

/** The tokens of a text. */
export interface Tokens {
  /** First character of each, in UTF-16 units of the text as it was given. */
  readonly starts: readonly number[];
  /** One past the last character of each. */
  readonly ends: readonly number[];
}

const patterns: Readonly<Record<TokenSplit, RegExp>> = {
  blanks: /[^\p{Z}\p{C}]+/gu,
  words: /[\p{L}\p{M}]+|\p{N}+|[^\p{Z}\p{C}]/gu,
};

/** Of a long text, the word that the end goes through, if it began so many characters before. */
const lastWord = /[\p{Z}\p{C}][^\p{Z}\p{C}]{1,100}$/u;

/**
 * Cuts a text into tokens; of one longer than 10,000 characters the first 10,000 are read, without
 * the word that would be cut there: half of an amount is another amount.
 * Controls, marks of direction and lone surrogates stand between tokens as blanks do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = "Paid ₹1,200";
 * const { starts, ends } = tokensOf(text, "words");
 * assertEquals(starts.map((start, i) => text.slice(start, ends[i])), ["Paid", "₹", "1", ",", "200"]);
 * ```
 */
export function tokensOf(text: string, split: TokenSplit): Tokens {
  const read = text.length > longestTextRead ? wholeWords(text) : text;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: token, index } of read.matchAll(patterns[split])) {
    starts.push(index);
    ends.push(index + token.length);
  }
  return { starts, ends };
}

function wholeWords(text: string): string {
  const read = text.slice(0, longestTextRead);
  return /^[\p{Z}\p{C}]/u.test(text.slice(longestTextRead)) ? read : read.replace(lastWord, "");
}
