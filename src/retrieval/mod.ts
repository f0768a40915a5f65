/**
 * Passages of documents found for questions: documents of several kinds as text with places, cut
 * into passages, kept in a store, found by words, by meaning, or by both.
 *
 * @module
 */

export type { Passage, Retriever } from "./contract.ts";
export {
  type DocumentBlock,
  type DocumentReader,
  type DocumentText,
  type KnowledgeDocument,
  type PlaceUnit,
} from "./documents/document.ts";
export { decodeText, visibleText } from "./documents/decode_text.ts";
export { documentReaders } from "./documents/readers.ts";
export {
  readDocument,
  type ReadDocuments,
  readDocuments,
  type ReadDocumentsOptions,
  type RefusedDocument,
} from "./documents/read_documents.ts";
export {
  type Chunk,
  CHUNK_RULES,
  chunkDocument,
  type ChunkOptions,
  searchedText,
  usualWords,
} from "./chunk.ts";
export type { PassageEncoder } from "./encoder.ts";
export { questionWords } from "./question_words.ts";
export { type Fused, fuseRankings, usualConstant } from "./fuse.ts";
export { type NearRow, VectorScan } from "./vector_scan.ts";
export type {
  PassageStore,
  SearchHit,
  StoredDocument,
  StoreSize,
  VectorKind,
} from "./stores/store.ts";
export { SqlitePassageStore, type SqliteStoreOptions } from "./stores/sqlite_store.ts";
export {
  openPassageStore,
  type SharedStoreSettings,
  sharedStoreSettings,
} from "./stores/open_store.ts";
export {
  corpusDigest,
  documentDigest,
  type StoreUpdate,
  type UpdateOptions,
  updateStore,
  updateStoredDocuments,
  type UpdateWatch,
} from "./update_store.ts";
export {
  type FoundPassage,
  type HybridOptions,
  type HybridRetriever,
  hybridRetriever,
  type SearchMode,
} from "./hybrid_retriever.ts";
export {
  knowledgeFolder,
  type KnowledgeManifest,
  latestKnowledge,
  type OpenKnowledge,
  openKnowledge,
  type OpenKnowledgeOptions,
  pointKnowledge,
  publishKnowledge,
  writeIndex,
} from "./knowledge.ts";
