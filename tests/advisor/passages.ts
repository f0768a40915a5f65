/** A small corpus in memory, found by shared words. */

import { contentWords } from "../../src/advisor/guardrails/content_words.ts";
import type { Passage, Retriever } from "../../src/retrieval/mod.ts";

const passage = (id: string, title: string, text: string): Passage => ({
  ...{ id, source: `${id}.md`, title, position: "lines 1-9", text, score: 1 },
});

/** The passages. */
export const corpus: readonly Passage[] = [
  passage(
    "emergency_fund",
    "Emergency fund",
    "An emergency fund is money for bad times. Keep 3 to 6 months of expenses in it. It belongs " +
      "in a savings account, where it is at hand.",
  ),
  passage(
    "credit_score",
    "Credit score",
    "A credit score is a number from 300 to 900. Late payments lower a credit score most. A high " +
      "use of the card limit, above 30%, lowers it too.",
  ),
  passage(
    "section_80c",
    "Section 80C",
    "Section 80C allows deductions of up to ₹1.5 lakh a year in the old regime. The PPF and life " +
      "insurance premiums count for it.",
  ),
  passage(
    "mutual_funds",
    "Mutual funds",
    "A mutual fund pools money of many people and invests it in shares or bonds. Its value rises " +
      "and falls with them. Nobody can promise its returns.",
  ),
];

/** Finds those that share the most words with a question; `more` are searched too. */
export function corpusRetriever(more: readonly Passage[] = []): Retriever {
  return {
    search(question, { limit = 5 } = {}) {
      const asked = new Set(contentWords(question));
      const found = [...corpus, ...more].map((one) => ({
        ...one,
        score: contentWords(`${one.title} ${one.text}`).filter((word) => asked.has(word)).length,
      }));
      return Promise.resolve(
        found.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).slice(0, limit),
      );
    },
  };
}
