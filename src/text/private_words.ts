/** Words that may tell who somebody is: numbers of accounts, cards and phones, and addresses. */

/** Addresses of pages; those of people, payment handles among them, have an @. */
const page = /^\W*(?:https?:\/\/|www\.)/iu;
const digits = /\p{Nd}/gu;

/**
 * A text without numbers of accounts, cards and phones, and without addresses: its words can still
 * be watched and learned. Names of people stay.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(withoutDigits("pay asha@okbank 500 from 1234-5678"), "pay @ 000 from 0000-0000");
 * ```
 */
export function withoutDigits(text: string): string {
  return text.replaceAll(
    /\S+/g,
    (word) => isAddress(word) ? "@" : word.replaceAll(digits, "0"),
  );
}

/**
 * The runs of words between those that {@linkcode withoutDigits} changes: the same of a text and
 * of what it leaves of it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(publicRuns("please pay 500 from my card"), ["please pay", "from my card"]);
 * ```
 */
export function publicRuns(text: string): string[] {
  const runs: string[][] = [[]];
  for (const word of text.match(/\S+/g) ?? []) {
    if (isAddress(word) || word.search(digits) >= 0) runs.push([]);
    else runs.at(-1)!.push(word);
  }
  return runs.filter((words) => words.length > 0).map((words) => words.join(" "));
}

function isAddress(word: string): boolean {
  return word.includes("@") || page.test(word);
}
