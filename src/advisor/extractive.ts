/** Answers from passages alone: their own sentences, quoted with where they stand. */

import type { Passage } from "../retrieval/mod.ts";
import { isElsewhere } from "./answerable.ts";
import { contentWords } from "./guardrails/content_words.ts";
import { sentencesOf } from "./guardrails/sentences.ts";

/** Most sentences of an answer, of them of one passage, and most passages that it quotes. */
const [SENTENCES, EACH, PASSAGES] = [4, 3, 2];

/** Least share of the words of a question that its best passage must have. */
const LEAST_SHARED = 0.2;
/** What a passage has to have of what the best one has, to be quoted beside it. */
const NEAR = 0.8;

/** A question whose answer is an amount, a number or a time. */
const asksHowMuch = /\bhow (?:much|many|large|big|long|often|high|soon|old)\b/i;
/** A text that tells one. */
const tellsHowMuch =
  /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|third|quarter)\b/i;
/** What telling one is worth, in words that are found. */
const TELLS = 1;

/**
 * The sentences that answer a question, each with the number of its passage; empty if the passages
 * are about something else.
 *
 * A word counts by how few of the passages have it, so that what all of them are about decides
 * nothing. Passages come in the order in which they were found, which counts too: meaning may have
 * found what shares few words.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const text = "An emergency fund is money for bad times. Keep 3 to 6 months of expenses in it.";
 * const passage = { id: "a", source: "a.md", title: "Emergency fund", position: "1", text, score: 1 };
 * assertEquals(
 *   extractAnswer("How many months belong in an emergency fund?", [passage]),
 *   "An emergency fund is money for bad times. [1] Keep 3 to 6 months of expenses in it. [1]",
 * );
 * assertEquals(extractAnswer("Which car is fast?", [passage]), "");
 * ```
 */
export function extractAnswer(question: string, passages: readonly Passage[]): string {
  const asked = [...new Set(contentWords(question))];
  if (asked.length === 0 || passages.length === 0 || isElsewhere(question, passages)) return "";
  const heads = passages.map(({ title, position }) =>
    new Set(contentWords(`${title} ${position}`))
  );
  const texts = passages.map(({ text }, at) => new Set([...heads[at], ...contentWords(text)]));
  const weights = new Map(asked.map((word) => {
    const having = texts.filter((words) => words.has(word)).length;
    return [word, having === 0 ? 0 : Math.log(1 + (passages.length + 1) / having)];
  }));
  const weightOf = (words: ReadonlySet<string>) =>
    asked.reduce((sum, word) => sum + (words.has(word) ? weights.get(word)! : 0), 0);
  const mean = [...weights.values()].reduce((sum, weight) => sum + weight, 0) / asked.length;
  const asksAmount = asksHowMuch.test(question);
  const amount = (text: string) => asksAmount && tellsHowMuch.test(text) ? TELLS * mean : 0;
  // A heading that asks the same, as "How much to keep", promises the answer.
  const promised = ({ position }: Passage) =>
    asksAmount && asksHowMuch.test(position) ? TELLS * mean : 0;
  // Words of the heading say what the passage is about, others may be there by chance.
  const scores = texts.map((words, rank) =>
    (weightOf(words) + 0.5 * weightOf(heads[rank]) + amount(passages[rank].text) +
      promised(passages[rank])) *
    (1 - 0.06 * rank)
  );
  const best = scores.indexOf(Math.max(...scores));
  if (asked.filter((word) => texts[best].has(word)).length < LEAST_SHARED * asked.length) return "";
  const chosen = scores.map((score, at) => ({ score, at }))
    .filter(({ score, at }) => score > 0 && (at === best || score >= NEAR * scores[best]))
    .sort((a, b) => b.score - a.score).slice(0, PASSAGES);
  const quoted = chosen.flatMap(({ at: passage, score }) => {
    const sentences = sentencesOf(passages[passage].text).map(plainSentence)
      .map((text, at) => ({ text, at, words: new Set(contentWords(text)) }))
      .filter(({ words }) => words.size >= 2);
    return sentences.map(({ text, at, words }) => ({
      ...{ passage, at, text },
      // The first sentences of a passage say most; all of one that is found go before others.
      score: score + 2 * (weightOf(words) + amount(text)) - 0.2 * at,
    })).sort((a, b) => b.score - a.score).slice(0, EACH);
  }).sort((a, b) => b.score - a.score).slice(0, SENTENCES);
  // In the order of the passages, or half of a thought would go before the other.
  quoted.sort((a, b) => a.passage - b.passage || a.at - b.at);
  return quoted.map(({ text, passage }) => `${text} [${passage + 1}]`).join(" ");
}

/** A sentence of Markdown without its marks, on one line; marks like references would be taken for some. */
function plainSentence(sentence: string): string {
  return sentence.replaceAll(/\s+/g, " ").trim()
    .replace(/^(?:#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+|>\s+)/, "")
    .replaceAll(/\*\*|__|`/g, "")
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/\[(T?\d{1,3}(?:\s*[,;]\s*T?\d{1,3})*)\]/g, "($1)");
}
