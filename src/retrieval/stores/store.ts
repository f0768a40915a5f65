/** What a place for passages must be able to do. */

import type { Chunk } from "../chunk.ts";

/** A passage that was found, without its text. */
export interface SearchHit {
  /** Name of the passage. */
  readonly id: string;
  /** How well it fits; higher is better, comparable within one answer only. */
  readonly score: number;
}

/** A document as it is kept. */
export interface StoredDocument {
  /** Path or address. */
  readonly source: string;
  /** Its title. */
  readonly title: string;
  /** What tells that it has to be made anew: of its content and of how it was cut. */
  readonly digest: string;
  /** Its passages. */
  readonly chunks: readonly Chunk[];
  /** Their vectors, shape [chunks × size]; absent in a store without vectors. */
  readonly vectors?: Float32Array;
}

/** Which vectors a store holds. */
export interface VectorKind {
  /** Name of the encoder, with what tells its weights. */
  readonly encoder: string;
  /** Size of a vector. */
  readonly size: number;
}

/** How much a store holds. */
export interface StoreSize {
  /** Documents. */
  readonly documents: number;
  /** Passages. */
  readonly chunks: number;
}

/**
 * A place for passages. A document is written as a whole or not at all; readers see it before or
 * after.
 */
export interface PassageStore extends AsyncDisposable {
  /** Where it is, as people are told; without a password. */
  readonly place: string;
  /**
   * Makes what is missing, empty, for vectors of a kind or none. A store of other vectors is
   * emptied: those of two encoders cannot be compared.
   */
  prepare(vectors: VectorKind | undefined): Promise<void>;
  /** Which vectors it holds; undefined if none, or if there is no store yet. */
  vectors(): Promise<VectorKind | undefined>;
  /** How much it holds. */
  size(): Promise<StoreSize>;
  /** Digests of its documents by source. */
  documents(): Promise<ReadonlyMap<string, string>>;
  /** Writes a document in the place of that of the same source. */
  write(document: StoredDocument): Promise<void>;
  /** Removes documents by their sources. */
  remove(sources: readonly string[]): Promise<void>;
  /** Passages that share words with a question, best first. */
  byWords(question: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]>;
  /** Passages whose vectors have the largest cosine with one of length 1, best first. */
  byVector(
    vector: Float32Array,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly SearchHit[]>;
  /** Passages by name; those that are gone are left out. */
  chunks(ids: readonly string[], signal?: AbortSignal): Promise<readonly Chunk[]>;
}
