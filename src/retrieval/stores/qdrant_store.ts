/** Passages in Qdrant, over its REST interface. */

import { keepSecret, ServiceError, sha256, UsageError } from "../../base/mod.ts";
import { type Chunk, searchedText } from "../chunk.ts";
import type { PassageStore, SearchHit, StoredDocument, StoreSize, VectorKind } from "./store.ts";
import { passageTerms, questionTerms } from "./term_weights.ts";

/** Milliseconds that an answer may take. */
const LIMIT = 30_000;
/** Points that are sent or asked for at once. */
const PART = 256;
/** Parts of a listing at most: some 2.5 million documents. */
const MOST_PARTS = 10_000;

/** Where Qdrant is. */
export interface QdrantOptions {
  /** Key, if the server wants one. */
  readonly apiKey?: string;
  /** Name of the collection; another beside it ends in `_documents`. */
  readonly collection?: string;
}

interface Point {
  readonly id: string;
  readonly score?: number;
  readonly payload?: Record<string, unknown>;
}

/**
 * Passages in a collection with a dense vector `meaning` and a sparse one `words`, which Qdrant
 * weights by rarity so that their products are BM25. Qdrant has no transactions: while a document is
 * replaced, readers may see passages of both its states, never none.
 */
export class QdrantPassageStore implements PassageStore {
  readonly place: string;
  readonly #base: string;
  readonly #collection: string;
  readonly #headers: Record<string, string>;

  /**
   * Takes the address, `https://host:6333`; nothing is asked yet.
   *
   * @throws {UsageError} if it is no address, or the collection has no such name.
   */
  constructor(url: string, { apiKey, collection = "dinoflow_passages" }: QdrantOptions = {}) {
    const parsed = URL.parse(url);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
      throw new UsageError("Cannot use QDRANT_URL: it is no http or https address", {
        next: "write it as https://host:6333",
      });
    }
    if (!/^[A-Za-z0-9_-]{1,200}$/.test(collection)) {
      throw new UsageError(`Cannot keep passages in the collection "${collection}"`, {
        next: "write letters, digits, - and _",
      });
    }
    if (apiKey) keepSecret(apiKey);
    this.place = this.#base = `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, "");
    this.#collection = collection;
    this.#headers = {
      "Content-Type": "application/json",
      ...apiKey && { "api-key": apiKey },
    };
  }

  async prepare(vectors: VectorKind | undefined): Promise<void> {
    const known = await this.#about();
    const same = known !== undefined && known?.encoder === vectors?.encoder &&
      known?.size === vectors?.size;
    if (same) return;
    for (const name of [this.#documents, this.#collection]) {
      await this.#call("DELETE", `/collections/${name}`, undefined, { absent: null });
    }
    await this.#call("PUT", `/collections/${this.#collection}`, {
      vectors: vectors === undefined ? {} : { meaning: { size: vectors.size, distance: "Cosine" } },
      sparse_vectors: { words: { modifier: "idf" } },
    });
    await this.#call("PUT", `/collections/${this.#collection}/index?wait=true`, {
      ...{ field_name: "source", field_schema: "keyword" },
    });
    await this.#call("PUT", `/collections/${this.#documents}`, { vectors: {} });
    await this.#put(this.#documents, [{
      id: pointId("about"),
      vector: {},
      payload: { about: true, encoder: vectors?.encoder ?? "", size: vectors?.size ?? 0 },
    }]);
  }

  async vectors(): Promise<VectorKind | undefined> {
    return await this.#about() ?? undefined;
  }

  async size(): Promise<StoreSize> {
    const count = async (collection: string) => {
      const counted = await this.#call<{ count: number }>(
        ...["POST", `/collections/${collection}/points/count`, { exact: true }] as const,
        { absent: { count: 0 } },
      );
      return counted.count;
    };
    return {
      documents: Math.max(0, await count(this.#documents) - 1),
      chunks: await count(this.#collection),
    };
  }

  async documents(): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    let offset: unknown = undefined;
    for (let part = 0; part < MOST_PARTS; part++) {
      const { points, next_page_offset: next } = await this.#call<
        { points: Point[]; next_page_offset?: unknown }
      >("POST", `/collections/${this.#documents}/points/scroll`, {
        ...{ limit: PART, with_payload: true, with_vector: false },
        ...offset !== undefined && { offset },
      }, { absent: { points: [] } });
      for (const { payload } of points) {
        if (payload?.about !== true) found.set(String(payload?.source), String(payload?.digest));
      }
      if (next === undefined || next === null) break;
      offset = next;
    }
    return new Map([...found].sort(([a], [b]) => a < b ? -1 : 1));
  }

  async write({ source, title, digest, chunks, vectors }: StoredDocument): Promise<void> {
    const size = (await this.#about())?.size ?? 0;
    if ((vectors?.length ?? 0) !== chunks.length * size) {
      throw new RangeError(
        `${source} has ${vectors?.length ?? 0} numbers for ${chunks.length} passages, ` +
          `wanted ${size} for each`,
      );
    }
    // Without its record a document counts as missing, so that what is interrupted is done again.
    await this.#delete(this.#documents, { must: [match("source", source)] });
    const points = chunks.map((chunk, i) => ({
      id: pointId(`${chunk.id} ${digest}`),
      vector: {
        words: passageTerms(searchedText(chunk)),
        ...vectors && { meaning: [...vectors.subarray(i * size, (i + 1) * size)] },
      },
      payload: { ...chunk, digest },
    }));
    for (let at = 0; at < points.length; at += PART) {
      await this.#put(this.#collection, points.slice(at, at + PART));
    }
    await this.#delete(this.#collection, {
      must: [match("source", source)],
      must_not: [match("digest", digest)],
    });
    await this.#put(this.#documents, [{
      id: pointId(`document ${source}`),
      vector: {},
      payload: { source, title, digest },
    }]);
  }

  async remove(sources: readonly string[]): Promise<void> {
    for (const source of sources) {
      for (const name of [this.#documents, this.#collection]) {
        await this.#delete(name, { must: [match("source", source)] });
      }
    }
  }

  byWords(question: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]> {
    const query = questionTerms(question);
    if (query.indices.length === 0) return Promise.resolve([]);
    return this.#query({ query, using: "words", limit }, signal);
  }

  byVector(
    vector: Float32Array,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly SearchHit[]> {
    return this.#query({ query: [...vector], using: "meaning", limit }, signal);
  }

  async chunks(ids: readonly string[], signal?: AbortSignal): Promise<readonly Chunk[]> {
    if (ids.length === 0) return [];
    const { points } = await this.#call<{ points: Point[] }>(
      "POST",
      `/collections/${this.#collection}/points/scroll`,
      {
        filter: { must: [{ key: "id", match: { any: ids } }] },
        ...{ limit: 2 * ids.length, with_payload: true, with_vector: false },
      },
      { absent: { points: [] }, signal },
    );
    const found = new Map(points.map(({ payload = {} }) => {
      const { id, source, title, heading, position, text } = payload as unknown as Chunk;
      return [id, { id, source, title, heading, position, text }];
    }));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  get #documents(): string {
    return `${this.#collection}_documents`;
  }

  /** What it holds vectors of; null if it holds none, undefined if it was never prepared. */
  async #about(): Promise<VectorKind | null | undefined> {
    const points = await this.#call<Point[]>("POST", `/collections/${this.#documents}/points`, {
      ...{ ids: [pointId("about")], with_payload: true, with_vector: false },
    }, { absent: [] });
    const payload = points[0]?.payload;
    if (payload === undefined) return undefined;
    const encoder = String(payload.encoder);
    return encoder === "" ? null : { encoder, size: Number(payload.size) };
  }

  async #query(body: object, signal?: AbortSignal): Promise<SearchHit[]> {
    const { points } = await this.#call<{ points: Point[] }>(
      "POST",
      `/collections/${this.#collection}/points/query`,
      { ...body, with_payload: ["id"] },
      { absent: { points: [] }, signal },
    );
    return points.map(({ payload, score }) => ({ id: String(payload?.id), score: Number(score) }));
  }

  #put(collection: string, points: readonly object[]): Promise<unknown> {
    return this.#call("PUT", `/collections/${collection}/points?wait=true`, { points });
  }

  #delete(collection: string, filter: object): Promise<unknown> {
    return this.#call("POST", `/collections/${collection}/points/delete?wait=true`, { filter });
  }

  /** Calls the server; `absent` is the answer where there is no such collection. */
  async #call<T>(
    method: string,
    path: string,
    body?: object,
    { absent, signal }: { readonly absent?: T; readonly signal?: AbortSignal } = {},
  ): Promise<T> {
    const limit = AbortSignal.timeout(LIMIT);
    const lost = (found: string, next: string, cause?: unknown) =>
      new ServiceError(`Cannot work with the passages in ${this.place}: ${found}`, { cause, next });
    let status: number;
    let answer: { result?: T; status?: { error?: string } | string };
    try {
      const response = await fetch(`${this.#base}${path}`, {
        method,
        headers: this.#headers,
        ...body !== undefined && { body: JSON.stringify(body) },
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      status = response.status;
      const text = await response.text();
      if (status === 404 && absent !== undefined) return absent;
      answer = JSON.parse(text);
    } catch (cause) {
      signal?.throwIfAborted();
      throw lost((cause as Error).message, "check QDRANT_URL and the server", cause);
    }
    if (status < 200 || status > 299) {
      const told = typeof answer.status === "object" ? answer.status.error : undefined;
      throw lost(
        `the answer is ${status}${told ? `, ${told}` : ""}`,
        status === 401 || status === 403 ? "check QDRANT_API_KEY" : "read the server's log",
      );
    }
    return answer.result as T;
  }
}

function match(key: string, value: string): object {
  return { key, match: { value } };
}

/** Points have UUIDs: one that tells the name. */
function pointId(name: string): string {
  const digest = sha256(name);
  return [digest.slice(0, 8), digest.slice(8, 12), digest.slice(12, 16), digest.slice(16, 20)]
    .concat(digest.slice(20, 32)).join("-");
}
