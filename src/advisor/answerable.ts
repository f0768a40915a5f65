/** Questions that no document can answer, whatever it says of their subject. */

import type { Passage } from "../retrieval/mod.ts";
import { contentWords, stemOf } from "./guardrails/content_words.ts";

/** What changes from day to day, and what only the asker's own bank knows. */
const elsewhere: readonly RegExp[] = [
  /\b(?:today|tonight|right now|this (?:week|month|morning)|currently|at the moment|yesterday|tomorrow)\b(?=[^.?!]*\b(?:price|rate|pays?|value|nav|exchange|index|yield)\b)|\b(?:price|rate|pays?|value|nav|exchange|yield)\b[^.?!]*\b(?:today|tonight|right now|this (?:week|month|morning)|currently|at the moment|yesterday|tomorrow)\b/i,
  /\b(?:share|stock|gold|silver|petrol|diesel|bitcoin|crypto\w*) (?:price|rate)s?\b(?![^.?!]*\b(?:tax|rise|mean|work|why)\w*)/i,
  /\bwhat(?:'s| is| was)? (?:the |my )?(?:current |outstanding |remaining |available )?(?:balance|limit|outstanding|due amount|account number|score)\b[^.?!]{0,20}\b(?:of|in|on) my\b|\bwhat(?:'s| is) my (?:current |available |own )?(?:account )?(?:balance|credit limit|credit score|cibil score|outstanding|loan amount|interest rate|pin|password)\b/i,
  /\bwhen (?:does|do|will|is) my (?:own )?(?:loan|emi|card|policy|deposit|fd|salary|refund|premium)\b[^.?!]{0,20}\b(?:end|due|mature|expire|arrive|come|start|credited)\b/i,
  /\b(?:how much|what) (?:did|have) i (?:spen[dt]|paid|pay|save[d]?|earn(?:ed)?|invest(?:ed)?|owe)\b/i,
];

/** Names of times and of things that are everywhere: what is said holds without them. */
const common = new Set(
  ("january february march april may june july august september october november december monday " +
    "tuesday wednesday thursday friday saturday sunday diwali holi eid christmas dussehra puja onam " +
    "pongal india indian rupee rupees telegram whatsapp google android iphone internet english hindi")
    .split(" "),
);

/** The names in a question: words with a capital that do not begin a sentence, and codes as `401(k)`. */
function namesIn(question: string): string[] {
  const names = [
    ...question.matchAll(/(?<![.?!:]\s+|^\W*)(?<![\p{L}\d[])\p{Lu}[\p{L}\d&]+|\b\d{3}\(\w\)/gu),
  ]
    .map(([name]) => name);
  return names.filter((name) =>
    !common.has(name.toLowerCase()) && !/^[A-Z]{2,6}s?$/.test(name) || isFirm(name)
  );
}

/** Letters alone name a firm or a country as often as a kind of account: those of banks are known. */
const isFirm = (name: string) =>
  /^(?:SBI|HDFC|ICICI|PNB|BOB|LIC|TCS|ITC|USA?|UK|UAE|EU)$/.test(name);

/**
 * Whether documents cannot answer: a question about a price of today, about what only the asker's
 * bank knows, or about a firm, place or person that no passage names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isElsewhere("How is inheritance taxed in Germany?", []), true);
 * assertEquals(isElsewhere("What is the balance of my savings account?", []), true);
 * assertEquals(isElsewhere("How is inheritance taxed?", []), false);
 * ```
 */
export function isElsewhere(question: string, passages: readonly Passage[]): boolean {
  if (elsewhere.some((pattern) => pattern.test(question))) return true;
  const names = namesIn(question);
  if (names.length === 0) return false;
  const told = passages.map(({ source, title, position, text }) =>
    `${source} ${title} ${position} ${text}`
  ).join(" ");
  const words = new Set([...contentWords(told), ...told.toLowerCase().split(/[^\p{L}\d&()]+/u)]);
  return names.some((name) =>
    !words.has(stemOf(name.toLowerCase())) && !words.has(name.toLowerCase())
  );
}
