/**
 * Frozen encoders of sentences: fetched once by pinned digests, run one text at a time, vectors
 * kept by the content of the text.
 *
 * @module
 */

export {
  type EncoderName,
  encoderNames,
  type KnownEncoder,
  knownEncoder,
  type PinnedFile,
} from "./known.ts";
export { checkPinned, type EncoderFiles, encodersFolder, readEncoder } from "./files.ts";
export { fetchEncoder, type FetchOptions } from "./fetch.ts";
export { type SentenceTokenizer, sentenceTokenizer } from "./sentence_tokenizer.ts";
export { type EncodeOptions, type OpenEncoder, openEncoder, pooled } from "./open_encoder.ts";
export { embed, type Embeddings, type EmbedOptions } from "./embed.ts";
export { unzip } from "./zip.ts";
