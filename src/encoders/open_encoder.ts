/** An encoder that stays open, for texts that come one by one. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import { YieldingLoop } from "../base/mod.ts";
import { type EncoderFiles, encodersFolder, readEncoder } from "./files.ts";
import { type EncoderName, knownEncoder } from "./known.ts";
import { sentenceTokenizer } from "./sentence_tokenizer.ts";

/** How texts are encoded. */
export interface EncodeOptions {
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** An encoder in memory, 23 MB and more; to be disposed of. */
export interface OpenEncoder extends AsyncDisposable {
  /** Its name, with the digest of its weights: vectors of two names cannot be compared. */
  readonly name: string;
  /** Size of a vector. */
  readonly size: number;
  /**
   * The vectors of texts, text after text, shape [texts × size], each of length 1: the mean over
   * the vectors of a text's pieces. A text is run by itself, because a quantised encoder rounds by
   * what else is in a batch.
   */
  encode(texts: readonly string[], options?: EncodeOptions): Promise<Float32Array>;
}

/**
 * Opens an encoder.
 *
 * @returns Undefined if it was not fetched.
 * @throws {ModelError} if its files are others than were pinned.
 */
export async function openEncoder(
  name: EncoderName,
  { folder = encodersFolder }: { readonly folder?: string } = {},
): Promise<OpenEncoder | undefined> {
  const files = await readEncoder(name, folder);
  return files === undefined ? undefined : await runningEncoder(name, files);
}

/** An encoder of files that were read. */
export async function runningEncoder(
  name: EncoderName,
  { model, tokenizer }: EncoderFiles,
): Promise<OpenEncoder> {
  const { size, longest, files } = knownEncoder(name);
  const tokenize = sentenceTokenizer(tokenizer, longest);
  const session = await InferenceSession.create(model, {
    ...{ intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 },
  });
  return {
    name: `${name}@${files.model.digest.slice(0, 12)}`,
    size,
    async encode(texts, options = {}) {
      const pace = new YieldingLoop(options);
      const vectors = new Float32Array(texts.length * size);
      for (const [i, text] of texts.entries()) {
        const ids = tokenize(text);
        const dims = [1, ids.length];
        const { last_hidden_state: hidden } = await session.run({
          input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), dims),
          attention_mask: new Tensor("int64", new BigInt64Array(ids.length).fill(1n), dims),
          token_type_ids: new Tensor("int64", new BigInt64Array(ids.length), dims),
        });
        vectors.set(pooled(hidden.data as Float32Array, size), i * size);
        await pace.step((i + 1) / texts.length);
      }
      return vectors;
    },
    [Symbol.asyncDispose]: () => session.release(),
  };
}

/** The mean of vectors, of length 1. */
export function pooled(hidden: Float32Array, size: number): Float32Array {
  const sums = new Float64Array(size);
  hidden.forEach((value, at) => sums[at % size] += value);
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(sums, (value) => value / Math.max(length, 1e-12));
}
