/** The page about new knowledge: what it is, what is found in it, and whether it is published. */

import { page, type Section, type TableCell } from "../../src/report/mod.ts";
import { recallAtK } from "../../src/metrics/mod.ts";
import type { RefusedDocument } from "../../src/retrieval/mod.ts";
import type { BuiltIndex } from "./build.ts";
import type { RetrievalFindings } from "./evaluate_retrieval.ts";
import { type KnowledgeGate, missedGates } from "./gates.ts";

/** What the page is about. */
export interface KnowledgeFindings {
  readonly index: BuiltIndex;
  readonly refused: readonly RefusedDocument[];
  readonly retrieval: RetrievalFindings;
  readonly gates: readonly KnowledgeGate[];
  /** More about the answers, where these were evaluated. */
  readonly answers?: readonly Section[];
}

const modeNames = { hybrid: "both", words: "words (BM25)", vectors: "meaning (vectors)" } as const;

/** Writes the page as one self-contained HTML text. */
export function knowledgePage(findings: KnowledgeFindings): Promise<string> {
  const { index, refused, retrieval, gates, answers = [] } = findings;
  const missed = missedGates(gates);
  const sections: Section[] = [
    {
      title: "Passages found",
      text:
        `Means over ${retrieval.questions.length} questions whose answer is in the documents. ` +
        "A section counts as found if one of its passages is among the first.",
      table: {
        head: ["Found by", "Recall@1", "Recall@5", "Recall@10", "MRR", "NDCG@10"],
        rows: retrieval.scores.map((scores) => [
          modeNames[scores.mode],
          ...[scores.recall_at_1, scores.recall_at_5, scores.recall_at_10],
          ...[scores.mrr, scores.ndcg_at_10],
        ]),
      },
    },
    ...answers,
    {
      title: "Gates",
      table: {
        head: ["Figure", "Reached", "Wanted", "Because", "Verdict"],
        rows: gates.map((gate): TableCell[] => [
          ...[gate.metric, gate.value, gate.min, gate.because],
          missedGates([gate]).length > 0
            ? { text: "missed", tone: "bad", order: 0 }
            : { text: "reached", tone: "good", order: 1 },
        ]),
      },
    },
    {
      title: "Questions",
      text:
        "The place is that of the first section that answers; a dash where it is not among ten.",
      table: {
        head: ["Question", "Place", "Recall@5", "Wanted", "Found first"],
        rows: retrieval.questions.map(({ question, wanted, found }): TableCell[] => {
          const place = found.findIndex((section) => wanted.includes(section));
          return [
            question,
            place < 0 ? { text: "–", value: found.length + 1 } : place + 1,
            recallAtK(found, new Set(wanted), 5),
            wanted.join(", "),
            found[0] ?? "",
          ];
        }),
      },
    },
    {
      title: "Documents",
      text: `${index.documents} documents, ${index.chunks} passages, corpus ` +
        `${index.corpus.slice(0, 12)}, index ${index.digest.slice(0, 12)}, ` +
        `${index.encoder === null ? "no vectors" : `vectors of ${index.encoder}`}.`,
      ...refused.length > 0 && {
        table: {
          head: ["Refused", "Reason", "What to do"],
          rows: refused.map(({ source, reason, next }) => [source, reason, next]),
        },
      },
    },
  ];
  return page(
    "Knowledge of the advisor",
    missed.length > 0
      ? `Not published: ${missed.join("; ")}.`
      : `Good enough to be published: all ${gates.length} gates were reached.`,
    sections,
    missed.length > 0 ? "bad" : "good",
  );
}
