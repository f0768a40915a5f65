/** The words of a question that are worth looking for. */

/** Words that nearly every passage has, or that only make a question one. */
const common = new Set(
  ("a about after all also am an and any are as at be because been before being but by can could " +
    "did do does doing for from had has have having he her here him his how i if in into is it " +
    "its me more most my no nor not of on once only or other our out over own please she should " +
    "so some such tell than that the their them then there these they this those to too under " +
    "until up us was we were what when where which while who whom why will with would you your")
    .split(" "),
);

/** Words of a question that are looked for. */
const MOST_WORDS = 32;

/**
 * The words of a question, each once, in its order: letters and digits in lower case, without
 * common words. A question of common words alone keeps them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(questionWords("What is the EMI of a home-loan?"), ["emi", "home", "loan"]);
 * assertEquals(questionWords("What is it?"), ["what", "is", "it"]);
 * ```
 */
export function questionWords(question: string): string[] {
  const all = [...new Set(question.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [])];
  const rare = all.filter((word) => !common.has(word));
  return (rare.length > 0 ? rare : all).slice(0, MOST_WORDS);
}
