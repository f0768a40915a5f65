/** The steps from documents to an index. */

import { DataError, join, sha256 } from "../../src/base/mod.ts";
import { embed, type EncoderName, knownEncoder } from "../../src/encoders/mod.ts";
import { type SavedFile, savedFile, type StepContext } from "../../src/pipeline/mod.ts";
import {
  type Chunk,
  CHUNK_RULES,
  chunkDocument,
  corpusDigest,
  documentDigest,
  type ReadDocuments,
  readDocuments,
  searchedText,
  type StoredDocument,
  type VectorKind,
  writeIndex,
} from "../../src/retrieval/mod.ts";

/** The encoder of passages, which the intent model has too. */
export const encoderName: EncoderName = "all-minilm-l6-v2";

/** Refused documents that are named one by one. */
const NAMED = 20;

type Told = Pick<StepContext, "signal" | "progress" | "log" | "warn">;

/**
 * Reads the documents of a folder; those that cannot be read are told.
 *
 * @throws {DataError} if none can be read.
 */
export async function loadDocuments(
  folder: string,
  { signal, progress, log, warn }: Told,
): Promise<ReadDocuments> {
  const read = await readDocuments(folder, { signal, onProgress: progress });
  const { documents, refused } = read;
  for (const { reason, next } of refused.slice(0, NAMED)) warn(`${reason}; ${next}`);
  if (refused.length > NAMED) warn(`${refused.length - NAMED} more documents were refused`);
  if (documents.length === 0) {
    throw new DataError(`Cannot build knowledge from ${folder}: it holds no document to read`, {
      next: "put Markdown, HTML, PDF or CSV files into it",
    });
  }
  log(`${documents.length} documents, ${refused.length} refused`);
  return read;
}

/** A document with its passages, before they are encoded. */
export type CutDocument = Omit<StoredDocument, "vectors">;

/** The documents cut into passages. */
export interface CutDocuments {
  readonly documents: readonly CutDocument[];
  /** What tells the documents from others. */
  readonly corpus: string;
}

/** Cuts documents into passages. */
export function cutDocuments({ documents }: ReadDocuments, mostWords: number): CutDocuments {
  return {
    documents: documents.map((document) => ({
      source: document.source,
      title: document.title,
      digest: documentDigest(document, mostWords),
      chunks: chunkDocument(document, { mostWords }),
    })),
    corpus: corpusDigest(documents),
  };
}

/** The vectors of all passages, document after document. */
export interface PassageVectors {
  readonly kind: VectorKind;
  readonly vectors: Float32Array;
}

/** Encodes passages; those whose text was encoded before are not encoded again. */
export async function encodePassages(
  { documents }: CutDocuments,
  { signal, progress, warn }: Told,
): Promise<PassageVectors | null> {
  const texts = documents.flatMap(({ chunks }) => chunks.map(searchedText));
  const made = await embed(encoderName, texts, { signal, onProgress: progress });
  if (made === undefined) {
    warn(
      "The sentence encoder was not fetched: passages are found by words alone. " +
        "To find them by meaning too: deno task encoder",
    );
    return null;
  }
  const { files: { model } } = knownEncoder(encoderName);
  // The name under which an open encoder makes vectors of questions.
  const encoder = `${encoderName}@${model.digest.slice(0, 12)}`;
  return { kind: { encoder, size: made.size }, vectors: new Float32Array(made.vectors) };
}

/** An index as a file. */
export interface BuiltIndex {
  readonly file: SavedFile;
  readonly digest: string;
  readonly corpus: string;
  readonly encoder: string | null;
  readonly documents: number;
  readonly chunks: number;
  /** Names of all sections, as questions name them. */
  readonly sections: readonly string[];
}

/** Writes the index; its name tells what it was made from. */
export async function buildIndex(
  folder: string,
  { documents, corpus }: CutDocuments,
  encoded: PassageVectors | null,
  signal: AbortSignal,
): Promise<BuiltIndex> {
  const kind = encoded?.kind;
  const made = [CHUNK_RULES, kind ?? null, documents.map(({ source, digest }) => [source, digest])];
  const path = join(folder, `index_${sha256(JSON.stringify(made)).slice(0, 12)}.sqlite`);
  const digest = await writeIndex(path, kind, withVectors(documents, encoded), signal);
  const chunks = documents.flatMap(({ chunks }) => chunks);
  return {
    ...{ file: savedFile(path), digest, corpus, encoder: kind?.encoder ?? null },
    ...{ documents: documents.length, chunks: chunks.length },
    sections: [...new Set(chunks.map(({ source, heading }: Chunk) => `${source}#${heading}`))],
  };
}

/** Documents with their part of the vectors. */
export function* withVectors(
  documents: readonly CutDocument[],
  encoded: PassageVectors | null,
): Generator<StoredDocument> {
  let at = 0;
  for (const document of documents) {
    if (encoded === null) {
      yield document;
      continue;
    }
    const { kind: { size }, vectors } = encoded;
    const end = at + document.chunks.length * size;
    yield { ...document, vectors: vectors.slice(at, end) };
    at = end;
  }
}
