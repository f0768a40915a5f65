/** Texts in the one spelling that rules read: what only looks different is the same. */

/** Characters that are not seen, and marks that turn the direction of a text. */
const unseen =
  /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF\u{E0000}-\u{E007F}]/gu;

/** Letters of other alphabets that look like Latin ones. */
const lookalikes: Readonly<Record<string, string>> = {
  ...{ "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s" },
  ...{ "ԁ": "d", "ո": "n", "ν": "v", "ο": "o", "α": "a", "ι": "i", "κ": "k", "τ": "t", "м": "m" },
  ...{ "А": "A", "Е": "E", "О": "O", "Р": "P", "С": "C", "Т": "T", "Н": "H", "В": "B", "М": "M" },
  ...{ "К": "K", "Х": "X", "І": "I", "Ѕ": "S", "ᴀ": "a", "ɡ": "g", "ո": "n", "ⅼ": "l" },
};

/**
 * A text in compatibility form (NFKC) without unseen characters, with digits of all scripts as
 * ASCII ones and letters that look like Latin ones as these.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(plainSpelling("ｉｇｎ\u200Bоre ९८"), "ignore 98");
 * ```
 */
export function plainSpelling(text: string): string {
  const seen = text.normalize("NFKC").replaceAll(unseen, "");
  let plain = "";
  for (const sign of seen) plain += lookalikes[sign] ?? digitOf(sign) ?? sign;
  return plain;
}

const decimal = /\p{Nd}/u;

/** Digits of a script stand in a row of ten, of which the first is a zero. */
function digitOf(sign: string): string | undefined {
  if (sign < "\u0080" || !decimal.test(sign)) return undefined;
  const code = sign.codePointAt(0)!;
  let zero = code;
  while (zero > code - 10 && decimal.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}
