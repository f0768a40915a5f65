/** What a model is told of a conversation so far, within a number of tokens. */

import { type ChatMessage, estimateTokens } from "../chat_model.ts";
import type { Turn } from "./conversations.ts";

/** A conversation as it goes before a question. */
export interface History {
  /** The newest turns word by word, oldest first. */
  readonly messages: readonly ChatMessage[];
  /** What was before them, shortened; empty if nothing was. */
  readonly summary: string;
}

/** Share of the tokens that a summary may take. */
const SUMMARY_SHARE = 0.25;
/** Most characters of a question in a summary. */
const LONGEST = 160;

/**
 * Fits turns into a number of tokens: the newest whole, those before them as what was asked, the
 * newest of these first to stay. Turns without an answer, and refusals, teach a model nothing but
 * what it should not say: they are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(fitHistory([], 1000), { messages: [], summary: "" });
 * ```
 */
export function fitHistory(turns: readonly Turn[], tokens: number): History {
  const answered = turns.filter(({ advice }) => advice !== undefined && advice.refusal === null);
  const costOf = ({ question, advice }: Turn) =>
    estimateTokens(question) + estimateTokens(advice!.answer);
  const all = answered.reduce((sum, turn) => sum + costOf(turn), 0);
  // A summary takes room only where there is something to sum up.
  const room = all <= tokens ? tokens : tokens * (1 - SUMMARY_SHARE);
  let [first, taken] = [answered.length, 0];
  while (first > 0 && taken + costOf(answered[first - 1]) <= room) {
    taken += costOf(answered[--first]);
  }
  const messages = answered.slice(first).flatMap(({ question, advice }): ChatMessage[] => [
    { role: "user", text: question },
    // Numbers of passages mean others in the next answer.
    { role: "assistant", text: advice!.answer.replaceAll(/\s?\[T?\d[\d,; T]*\]/g, "") },
  ]);
  return { messages, summary: summaryOf(answered.slice(0, first), tokens - taken) };
}

function summaryOf(turns: readonly Turn[], tokens: number): string {
  const lines: string[] = [];
  let left = tokens - estimateTokens(HEAD);
  for (const { question } of turns.toReversed()) {
    const line = `- ${question.length > LONGEST ? `${question.slice(0, LONGEST)}…` : question}`;
    left -= estimateTokens(line) + 1;
    if (left < 0) break;
    lines.unshift(line);
  }
  return lines.length === 0 ? "" : `${HEAD}\n${lines.join("\n")}`;
}

const HEAD = "Earlier in this conversation the user asked:";
