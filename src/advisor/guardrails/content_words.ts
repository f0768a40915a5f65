/** The words of a text that carry its subject. */

const empty = new Set(
  ("a about above after again all also am an and any are as at be because been before being below " +
    "between both but by can could did do does doing down each few for from further get give go had " +
    "has have having he her here hers him his how i if in into is it its just know let like make " +
    "many may me mean means might more most much must my need no nor not now of off on once only or " +
    "other our ours out over own please same say she should so some such tell than that the their " +
    "theirs them then there these they this those through to too under until up us use very want was " +
    "way we were what when where which while who whom why will with without would you your yours " +
    "explain describe work works happen happens good best better kind thing things one ones long " +
    "someone something").split(" "),
);

/**
 * The words of a text that carry its subject, in lower case, without endings of the plural and of
 * verbs, so that `saved`, `saving` and `saves` are one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(contentWords("How are my savings taxed?"), ["sav", "tax"]);
 * ```
 */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\d]+(?:['’]\p{L}+)?/gu) ?? [];
  return words.filter((word) => !empty.has(word) && (word.length > 1 || /\d/.test(word)))
    .map(stemOf);
}

/** What is left of a word without its ending; at least three letters are. */
export function stemOf(word: string): string {
  const plain = word.replace(/['’]s?$/, "");
  for (
    const ending of [
      "ations",
      "ation",
      "ments",
      "ment",
      "ings",
      "ing",
      "ied",
      "ies",
      "ed",
      "es",
      "ly",
      "s",
      "e",
      "y",
    ]
  ) {
    if (plain.endsWith(ending) && plain.length - ending.length >= 3) {
      return plain.slice(0, plain.length - ending.length);
    }
  }
  return plain;
}
