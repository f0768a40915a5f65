/** Brings a store to what documents say; what did not change is neither cut nor encoded again. */

import { sha256, YieldingLoop } from "../base/mod.ts";
import {
  CHUNK_RULES,
  chunkDocument,
  type ChunkOptions,
  searchedText,
  usualWords,
} from "./chunk.ts";
import type { KnowledgeDocument } from "./documents/document.ts";
import type { PassageEncoder } from "./encoder.ts";
import type { PassageStore, StoredDocument, VectorKind } from "./stores/store.ts";

/** How an update is watched and stopped. */
export interface UpdateWatch {
  /** Stops it, between two documents. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** How a store is brought up to date. */
export interface UpdateOptions extends ChunkOptions, UpdateWatch {
  /** Makes the vectors; without it there are none, and passages are found by words alone. */
  readonly encoder?: PassageEncoder;
}

/** What was done, in numbers of documents and passages. */
export interface StoreUpdate {
  /** Documents that are new. */
  readonly added: number;
  /** Documents that were written again. */
  readonly changed: number;
  /** Documents that are gone. */
  readonly removed: number;
  /** Documents that were left as they are. */
  readonly unchanged: number;
  /** Passages that were written. */
  readonly written: number;
}

/** A document that is made when it has to be written. */
type Making = Pick<StoredDocument, "source" | "digest"> & {
  readonly make: () => StoredDocument | Promise<StoredDocument>;
};

/**
 * Brings a store to the documents. A document counts as changed by its content and by how documents
 * are cut; a store of another encoder's vectors is filled anew. Each document is written as a whole,
 * so that an interrupted update goes on where it ended.
 *
 * @throws {ServiceError} if the store cannot be written.
 */
export function updateStore(
  store: PassageStore,
  documents: readonly KnowledgeDocument[],
  { encoder, mostWords = usualWords, ...watched }: UpdateOptions = {},
): Promise<StoreUpdate> {
  const kind = encoder && { encoder: encoder.name, size: encoder.size };
  return bring(
    store,
    kind,
    documents.map((document) => {
      const { source, title } = document;
      const digest = documentDigest(document, mostWords);
      const make = async () => {
        const chunks = chunkDocument(document, { mostWords });
        const vectors = await encoder?.encode(
          chunks.map(searchedText),
          watched.signal && {
            signal: watched.signal,
          },
        );
        return { source, title, digest, chunks, ...vectors && { vectors } };
      };
      return { source, digest, make };
    }),
    watched,
  );
}

/** Brings a store to documents that were cut and encoded before; as {@linkcode updateStore}. */
export function updateStoredDocuments(
  store: PassageStore,
  vectors: VectorKind | undefined,
  documents: readonly StoredDocument[],
  watched: UpdateWatch = {},
): Promise<StoreUpdate> {
  const all = documents.map((document) => {
    const { source, digest } = document;
    return { source, digest, make: () => document };
  });
  return bring(store, vectors, all, watched);
}

async function bring(
  store: PassageStore,
  vectors: VectorKind | undefined,
  documents: readonly Making[],
  watched: UpdateWatch,
): Promise<StoreUpdate> {
  await store.prepare(vectors);
  const kept = await store.documents();
  const wanted = new Map(documents.map((document) => [document.source, document]));
  const gone = [...kept.keys()].filter((source) => !wanted.has(source));
  if (gone.length > 0) await store.remove(gone);
  const pace = new YieldingLoop(watched);
  let [added, changed, written, seen] = [0, 0, 0, 0];
  for (const { source, digest, make } of wanted.values()) {
    const before = kept.get(source);
    if (before !== digest) {
      const document = await make();
      await store.write(document);
      if (before === undefined) added++;
      else changed++;
      written += document.chunks.length;
    }
    await pace.step(++seen / wanted.size);
  }
  const unchanged = wanted.size - added - changed;
  return { added, changed, removed: gone.length, unchanged, written };
}

/** What tells that a document has to be written again. */
export function documentDigest(
  { digest, title, source }: Pick<KnowledgeDocument, "digest" | "title" | "source">,
  mostWords: number,
): string {
  return sha256(JSON.stringify([CHUNK_RULES, mostWords, source, title, digest]));
}

/** What tells one corpus from another: of the contents and names of its documents, in any order. */
export function corpusDigest(
  documents: readonly Pick<KnowledgeDocument, "source" | "digest">[],
): string {
  return sha256(JSON.stringify(documents.map(({ source, digest }) => [source, digest]).sort()));
}
