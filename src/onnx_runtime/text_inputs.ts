/**
 * Columns of free text, as a graph takes them: hashed before they are fed, because no operator
 * spells and hashes texts alike everywhere. A column is two inputs of shape [N, L]: the ids of each
 * row's n-grams and what they weigh; rows of fewer n-grams are filled up with an id that means none.
 */

import { z } from "zod";
import { type SentenceTokenizer, sentenceTokenizer } from "../encoders/mod.ts";
import { type HashedText, idCount, ngramHasher, type NgramRules } from "../text/mod.ts";
import { readFields, textsOf } from "../onnx_format/mod.ts";

/** Key, among a model file's metadata, of the rules by column. */
export const textInputsKey = "texts";

/** Key of the tokenizers by column, of columns with a sentence encoder. */
export const tokenizersKey = "tokenizers";

/** Names of the inputs of a column of free text; `pieces` is there with a sentence encoder. */
export function textTensors(
  column: string,
): { readonly ids: string; readonly weights: string; readonly pieces: string } {
  return { ids: `${column}.ids`, weights: `${column}.weights`, pieces: `${column}.pieces` };
}

/** A tokenizer as it travels with a file. */
export interface KeptTokenizer {
  /** Pieces of a text that are read. */
  readonly longest: number;
  /** The tokenizer, as Hugging Face writes it. */
  readonly tokenizer: string;
}

const keptTokenizers: z.ZodType<Readonly<Record<string, KeptTokenizer>>> = z.record(
  z.string(),
  z.object({ longest: z.int().min(2), tokenizer: z.string() }),
);

/** Name of the size that differs from batch to batch, of its own for each column. */
export function ngramsOf(column: string): string {
  return `n-grams of ${column}`;
}

/** Rules by column. */
export type TextRules = Readonly<Record<string, NgramRules>>;

const textRules: z.ZodType<TextRules> = z.record(
  z.string(),
  z.object({
    blocks: z.array(z.object({
      of: z.enum(["words", "letters"]),
      from: z.int().min(1),
      to: z.int().min(1),
    })).min(1),
    bits: z.int().min(8).max(24),
  }),
);

/** How each column of free text is fed. */
export type TextFeeds = Readonly<
  Record<string, { readonly rules: NgramRules; readonly tokenize?: SentenceTokenizer }>
>;

/** Reads how texts are fed from the bytes of a model file; nothing if it has no such columns. */
export function readTextFeeds(onnx: Uint8Array): TextFeeds {
  const facts = new Map<string, string>();
  for (const { number, bytes } of readFields(onnx)) {
    if (number !== 14) continue;
    const entry = readFields(bytes);
    facts.set(textsOf(entry, 1)[0], textsOf(entry, 2)[0]);
  }
  const read = (key: string) => JSON.parse(facts.get(key) ?? "{}");
  const tokenizers = keptTokenizers.parse(read(tokenizersKey));
  return Object.fromEntries(
    Object.entries(textRules.parse(read(textInputsKey))).map(([column, rules]) => {
      if (!Object.hasOwn(tokenizers, column)) return [column, { rules }];
      const { tokenizer, longest } = tokenizers[column];
      return [column, { rules, tokenize: sentenceTokenizer(tokenizer, longest) }];
    }),
  );
}

/** Ids and weights of some texts, row by row, shape [rows, length]. */
export interface FedTexts {
  readonly ids: BigInt64Array<ArrayBuffer>;
  readonly weights: Float32Array<ArrayBuffer>;
  /** Number of n-grams of the longest text, at least 1. */
  readonly length: number;
}

/** Texts as their rules hash them. */
export function hashTexts(rules: NgramRules, texts: readonly string[]): HashedText[] {
  return texts.map(ngramHasher(rules));
}

/** Lays hashed texts out as the inputs of a graph. */
export function feedTexts(rules: NgramRules, hashed: readonly HashedText[]): FedTexts {
  const length = hashed.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  const ids = new BigInt64Array(hashed.length * length).fill(BigInt(idCount(rules)));
  const weights = new Float32Array(ids.length);
  hashed.forEach((one, row) => {
    one.ids.forEach((id, at) => ids[row * length + at] = BigInt(id));
    weights.set(one.weights, row * length);
  });
  return { ids, weights, length };
}
