/** One spelling of a text, whoever wrote it on whatever keyboard. */

/** Characters (UTF-16 units) that are read of a text; what comes later is cut off. */
export const longestTextRead = 10_000;

/** What separates words, and what nobody sees: controls, marks of direction, blanks. */
const blanks = /[\p{Z}\p{C}]+/gu;

/**
 * The text as n-grams are made of it: cut after 10,000 characters, lone
 * surrogates replaced, in Unicode's form NFKC and lower case, each run of blanks
 * and control characters one blank, none at the ends.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(normalText("  Ｍy\u0000 CARD\tis lost \ud800"), "my card is lost \ufffd");
 * ```
 */
export function normalText(text: string): string {
  const cut = text.length > longestTextRead ? text.slice(0, longestTextRead) : text;
  return cut.toWellFormed().normalize("NFKC").toLowerCase().replace(blanks, " ").trim();
}
