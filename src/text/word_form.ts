/** What one word looks like, as attributes that many words share. */

/** What can be said of a single word. */
export const wordAttributes = [
  ...["word", "form", "prefix", "suffix", "shape", "outline", "letters"] as const,
];

/** Name of what can be said of a single word. */
export type WordAttribute = (typeof wordAttributes)[number];

/** Letters at the ends of a word that are looked at: from one to so many. */
const LONGEST_END = 4;

/**
 * The values of an attribute of a word: none, one or several.
 *
 * - `word`: in form NFKC and lower case, digits as zeros
 * - `form`: as it is written
 * - `prefix`, `suffix`: its first and last one to four letters
 * - `shape`: capitals as X, other letters as x, digits as 0, runs of more than four cut
 * - `outline`: the shape with each run as one
 * - `letters`: what it is made of, as `number`, `capitals`, `Title`, `sign`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(attributeValues("shape", "HDFC4512"), ["XXXX0000"]);
 * assertEquals(attributeValues("outline", "McDowell"), ["XxXx"]);
 * assertEquals(attributeValues("suffix", "Bank"), ["k", "nk", "ank", "bank"]);
 * ```
 */
export function attributeValues(attribute: WordAttribute, word: string): string[] {
  const plain = word.normalize("NFKC");
  const lower = plain.toLowerCase();
  switch (attribute) {
    case "word":
      return [lower.replaceAll(/\p{Nd}/gu, "0")];
    case "form":
      return [plain];
    case "prefix":
    case "suffix": {
      const letters = [...lower];
      return Array.from(
        { length: Math.min(LONGEST_END, letters.length) },
        (_, i) =>
          (attribute === "prefix" ? letters.slice(0, i + 1) : letters.slice(-i - 1)).join(""),
      );
    }
    case "shape":
      return [shapeOf(plain).replaceAll(/(.)\1{3,}/gu, "$1$1$1$1")];
    case "outline":
      return [shapeOf(plain).replaceAll(/(.)\1+/gu, "$1")];
    case "letters":
      return [madeOf(plain)];
  }
}

function shapeOf(word: string): string {
  return word.replaceAll(/\p{Lu}/gu, "X").replaceAll(
    /[\p{L}\p{M}]/gu,
    (letter) => letter === "X" ? "X" : "x",
  ).replaceAll(/\p{Nd}/gu, "0");
}

function madeOf(word: string): string {
  if (/^\p{N}+$/u.test(word)) return "number";
  if (/^\p{Lu}+$/u.test(word)) return word.length === 1 ? "initial" : "capitals";
  if (/^\p{Lu}\p{Ll}+$/u.test(word)) return "Title";
  if (/^[\p{Ll}\p{Lo}\p{M}]+$/u.test(word)) return "small";
  if (/^[^\p{L}\p{N}]+$/u.test(word)) return "sign";
  return /\p{N}/u.test(word) ? "mixed" : /\p{Lu}/u.test(word) ? "Mixed" : "other";
}
