/** Texts as vectors, kept by the content of the text. */

import { ifPresent, join, sha256, writeFileAtomic } from "../base/mod.ts";
import { type EncoderFiles, encodersFolder, readEncoder } from "./files.ts";
import { type EncoderName, knownEncoder } from "./known.ts";
import { runningEncoder } from "./open_encoder.ts";

/** How texts are embedded. */
export interface EmbedOptions {
  /** Folder of the encoders; vectors are kept below it. */
  readonly folder?: string;
  /** Whether new vectors are added to what is kept; true unless it is set. */
  readonly keep?: boolean;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** Vectors of texts, text after text, on shared memory. */
export interface Embeddings {
  /** Size of a vector. */
  readonly size: number;
  /** Shape [texts × size]; each of length 1. */
  readonly vectors: Float32Array<SharedArrayBuffer>;
}

/**
 * The vectors of texts: the mean over the vectors of a text's pieces, of length 1. A text is run by
 * itself, because a quantised encoder rounds by what else is in a batch. Vectors that were made
 * before are read from a file; new ones are added to it unless they are not to be kept.
 *
 * @returns Undefined if the encoder is not there.
 * @throws {ModelError} if its files are others than were pinned.
 */
export async function embed(
  name: EncoderName,
  texts: readonly string[],
  options: EmbedOptions = {},
): Promise<Embeddings | undefined> {
  const { folder = encodersFolder, keep = true } = options;
  const files = await readEncoder(name, folder);
  if (files === undefined) return undefined;
  const { size, files: { model } } = knownEncoder(name);
  const path = join(folder, name, `vectors_${model.digest.slice(0, 12)}.bin`);
  const kept = await readKept(path, size);
  const keys = texts.map(keyOf);
  const missing = new Map<string, string>();
  keys.forEach((key, i) => {
    if (!kept.has(key)) missing.set(key, texts[i]);
  });
  if (missing.size > 0) {
    await addVectors(files, name, missing, kept, options);
    if (keep) await writeKept(path, size, kept);
  }
  const vectors = new Float32Array(new SharedArrayBuffer(4 * size * texts.length));
  keys.forEach((key, i) => vectors.set(kept.get(key)!, i * size));
  return { size, vectors };
}

async function addVectors(
  files: EncoderFiles,
  name: EncoderName,
  missing: ReadonlyMap<string, string>,
  kept: Map<string, Float32Array>,
  options: EmbedOptions,
): Promise<void> {
  await using encoder = await runningEncoder(name, files);
  const vectors = await encoder.encode([...missing.values()], options);
  const { size } = encoder;
  [...missing.keys()].forEach((key, i) => kept.set(key, vectors.slice(i * size, (i + 1) * size)));
}

/** Half a digest: enough to tell texts apart, and nothing of what they say. */
function keyOf(text: string): string {
  return sha256(text).slice(0, 32);
}

const KEY_BYTES = 16;

async function readKept(path: string, size: number): Promise<Map<string, Float32Array>> {
  const kept = new Map<string, Float32Array>();
  const bytes = await ifPresent(Deno.readFile(path));
  const record = KEY_BYTES + 4 * size;
  // What is no whole number of vectors is made again.
  if (bytes === undefined || bytes.length % record !== 0) return kept;
  for (let at = 0; at < bytes.length; at += record) {
    const vector = new Float32Array(bytes.slice(at + KEY_BYTES, at + record).buffer);
    kept.set(bytes.subarray(at, at + KEY_BYTES).toHex(), vector);
  }
  return kept;
}

async function writeKept(
  path: string,
  size: number,
  kept: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  const record = KEY_BYTES + 4 * size;
  const bytes = new Uint8Array(record * kept.size);
  let at = 0;
  for (const [key, vector] of kept) {
    bytes.set(Uint8Array.fromHex(key), at);
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, 4 * size), at + KEY_BYTES);
    at += record;
  }
  await writeFileAtomic(path, bytes);
}
