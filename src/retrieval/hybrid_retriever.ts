/** Passages by words, by meaning, or by both. */

import { UsageError } from "../base/mod.ts";
import type { Chunk } from "./chunk.ts";
import type { Passage, Retriever } from "./contract.ts";
import type { PassageEncoder } from "./encoder.ts";
import { fuseRankings } from "./fuse.ts";
import type { PassageStore } from "./stores/store.ts";

/** How passages are found. */
export type SearchMode = "hybrid" | "words" | "vectors";

/** A passage with what each way of finding said of it. */
export type FoundPassage = Passage & {
  /** Headings above it, joined by ` › `; empty if there are none. */
  readonly heading: string;
  /** Cosine with the question in [-1, 1]; absent if it was not among the nearest. */
  readonly similarity?: number;
  /** BM25 or what the store has in its place; absent if it shares no words or was not among the best. */
  readonly words?: number;
};

/** How questions are answered. */
export interface HybridOptions {
  /** Encodes questions; without it, or over a store without vectors, words alone are looked for. */
  readonly encoder?: PassageEncoder;
  /** What is looked for; `hybrid` if left out. */
  readonly mode?: SearchMode;
  /** Passages that each way gives to be joined, 1 to 1,000; 50 if left out. */
  readonly depth?: number;
  /** Hears once that passages are found by words alone, and why. */
  readonly onNotice?: (text: string) => void;
}

/** A retriever that tells more of its passages. */
export interface HybridRetriever extends Retriever {
  /** The passages that fit best, best first, at most 1,000; 5 unless it is said how many. */
  search(
    question: string,
    options?: { readonly limit?: number; readonly signal?: AbortSignal },
  ): Promise<FoundPassage[]>;
}

/** Passages that are given unless it is said how many. */
const USUAL_LIMIT = 5;
/** Letters of a question that are read. */
const LONGEST = 4000;

/**
 * Makes a retriever over a store. Without an encoder it finds by words and says so; hashes of words
 * are no substitute for meaning.
 *
 * @throws {UsageError} if meaning alone is asked for without an encoder, or vectors are of another
 * one.
 */
export async function hybridRetriever(
  store: PassageStore,
  { encoder, mode = "hybrid", depth = 50, onNotice }: HybridOptions = {},
): Promise<HybridRetriever> {
  if (!Number.isInteger(depth) || depth < 1 || depth > 1000) {
    throw new UsageError(`Cannot join the best ${depth} passages`, { next: "give 1 to 1000" });
  }
  const kind = await store.vectors();
  const missing = kind === undefined
    ? `${store.place} holds no vectors`
    : encoder === undefined
    ? "the encoder is not there"
    : kind.encoder !== encoder.name
    ? `${store.place} holds vectors of ${kind.encoder}, the encoder is ${encoder.name}`
    : undefined;
  if (mode !== "words" && missing !== undefined) {
    const next = "deno task encoder, then build the passages again: deno task pipeline advisor";
    if (mode === "vectors") {
      throw new UsageError(`Cannot find passages by meaning: ${missing}`, { next });
    }
    onNotice?.(`Passages are found by words alone, as ${missing}; to find by meaning: ${next}`);
  }
  const byMeaning = mode !== "words" && missing === undefined;
  return {
    async search(question, { limit = USUAL_LIMIT, signal } = {}) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
        throw new UsageError(`Cannot give ${limit} passages`, { next: "ask for 1 to 1000" });
      }
      signal?.throwIfAborted();
      const asked = question.slice(0, LONGEST);
      if (asked.trim() === "") return [];
      const most = Math.max(depth, limit);
      const near = byMeaning
        ? await store.byVector(await encoder!.encode([asked], { signal }), most, signal)
        : [];
      const shared = mode === "vectors" ? [] : await store.byWords(asked, most, signal);
      const [similarity, words] = [near, shared].map((found) =>
        new Map(found.map(({ id, score }) => [id, score]))
      );
      // Words go first where both say the same: they show why.
      const fused = fuseRankings([[...words.keys()], [...similarity.keys()]]).slice(0, limit);
      const chunks = new Map<string, Chunk>();
      for (const chunk of await store.chunks(fused.map(({ id }) => id), signal)) {
        chunks.set(chunk.id, chunk);
      }
      return fused.flatMap(({ id, score }): FoundPassage[] => {
        const chunk = chunks.get(id);
        // A document may have been replaced meanwhile.
        if (chunk === undefined) return [];
        return [{
          ...chunk,
          score,
          ...similarity.has(id) && { similarity: similarity.get(id)! },
          ...words.has(id) && { words: words.get(id)! },
        }];
      });
    },
  };
}
