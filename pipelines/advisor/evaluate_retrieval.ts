/** How well passages are found: by words, by meaning, and by both. */

import { YieldingLoop } from "../../src/base/mod.ts";
import { ndcgAtK, recallAtK, reciprocalRank } from "../../src/metrics/mod.ts";
import {
  type FoundPassage,
  hybridRetriever,
  type PassageEncoder,
  type PassageStore,
  type SearchMode,
} from "../../src/retrieval/mod.ts";
import type { ExpectedQuestion } from "./evaluation_set.ts";

/** Passages that are looked at for the mean reciprocal rank and NDCG. */
const DEEP = 10;

/** What one way of finding reached, means over the questions with sources. */
export interface RetrievalScores {
  readonly mode: SearchMode;
  readonly recall_at_1: number;
  readonly recall_at_5: number;
  readonly recall_at_10: number;
  readonly mrr: number;
  readonly ndcg_at_10: number;
}

/** A question with the sections that hybrid search found, best first. */
export interface FoundSections {
  readonly id: string;
  readonly kind: string;
  readonly question: string;
  readonly wanted: readonly string[];
  readonly found: readonly string[];
}

/** What came of all questions. */
export interface RetrievalFindings {
  /** Hybrid search first; the others where there are vectors. */
  readonly scores: readonly RetrievalScores[];
  /** What the best way found for each question. */
  readonly questions: readonly FoundSections[];
}

/** The section of a passage, as questions name it. */
export function sectionOf({ source, heading }: Pick<FoundPassage, "source" | "heading">): string {
  return `${source}#${heading}`;
}

/** Puts all questions that have sources to a store, in each way that there is. */
export async function evaluateRetrieval(
  store: PassageStore,
  questions: readonly ExpectedQuestion[],
  { encoder, signal, onProgress }: {
    readonly encoder?: PassageEncoder;
    readonly signal?: AbortSignal;
    readonly onProgress?: (done: number) => void;
  } = {},
): Promise<RetrievalFindings> {
  const asked = questions.filter(({ expect }) => expect.sources !== undefined);
  const modes: SearchMode[] = encoder === undefined ? ["words"] : ["hybrid", "words", "vectors"];
  const pace = new YieldingLoop({ signal, onProgress });
  const scores: RetrievalScores[] = [];
  let best: FoundSections[] = [];
  let done = 0;
  for (const mode of modes) {
    const retriever = await hybridRetriever(store, { mode, ...encoder && { encoder } });
    const found: FoundSections[] = [];
    for (const { id, kind, question, expect } of asked) {
      const passages = await retriever.search(question, { limit: 2 * DEEP, signal });
      const sections = [...new Set(passages.map(sectionOf))].slice(0, DEEP);
      found.push({ id, kind, question, wanted: expect.sources!, found: sections });
      await pace.step(++done / (modes.length * asked.length));
    }
    scores.push({ mode, ...meansOf(found) });
    if (mode === modes[0]) best = found;
  }
  return { scores, questions: best };
}

function meansOf(questions: readonly FoundSections[]): Omit<RetrievalScores, "mode"> {
  const mean = (score: (found: readonly string[], wanted: ReadonlySet<string>) => number) =>
    questions.reduce((sum, { found, wanted }) => sum + score(found, new Set(wanted)), 0) /
    questions.length;
  const recall = (k: number) => mean((found, wanted) => recallAtK(found, wanted, k));
  return {
    recall_at_1: recall(1),
    recall_at_5: recall(5),
    recall_at_10: recall(10),
    mrr: mean(reciprocalRank),
    ndcg_at_10: mean((found, wanted) =>
      ndcgAtK(found, new Map(Array.from(wanted, (name) => [name, 1])), DEEP)
    ),
  };
}
