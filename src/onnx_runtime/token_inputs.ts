/**
 * A column of tokens, as a graph takes it: one input of shape [N, T, A], the ids of the attributes
 * of each token; tokens of fewer attributes, and texts of fewer tokens, are filled up with an id
 * that means none.
 */

import { z } from "zod";
import { readFields, textsOf } from "../onnx_format/mod.ts";
import {
  attributeIdCount,
  type SpotterName,
  spotterNames,
  type TokenFeatures,
  type TokenHasher,
  type TokenRules,
  type WordAttribute,
  wordAttributes,
} from "../text/mod.ts";

/** Key, among a model file's metadata, of the rules by column. */
export const tokenInputsKey = "tokens";

/** Key of the names of the tags. */
export const tagsKey = "tags";

const attribute = z.enum(wordAttributes as unknown as [WordAttribute, ...WordAttribute[]]);

const tokenFacts: z.ZodType<Readonly<Record<string, TokenRules>>> = z.record(
  z.string(),
  z.object({
    split: z.enum(["blanks", "words"]),
    templates: z.array(z.object({ of: attribute, at: z.array(z.int()) })),
    together: z.array(z.array(z.object({ of: attribute, at: z.int() }))),
    spot: z.array(z.enum(spotterNames as unknown as [SpotterName, ...SpotterName[]])),
    lists: z.record(z.string(), z.array(z.string())),
  }),
);

/** What a file says of the column of tokens that it reads, and of its tags. */
export interface TokenFacts {
  readonly column: string;
  /** How its texts become ids. */
  readonly rules: TokenRules;
  readonly tags: readonly string[];
}

/** Reads them from the bytes of a model file; undefined if it reads no tokens. */
export function readTokenFacts(onnx: Uint8Array): TokenFacts | undefined {
  const facts = new Map<string, string>();
  for (const { number, bytes } of readFields(onnx)) {
    if (number !== 14) continue;
    const entry = readFields(bytes);
    facts.set(textsOf(entry, 1)[0], textsOf(entry, 2)[0]);
  }
  const [rules, tags] = [facts.get(tokenInputsKey), facts.get(tagsKey)];
  if (rules === undefined || tags === undefined) return undefined;
  const [[column, own]] = Object.entries(tokenFacts.parse(JSON.parse(rules)));
  return { column, rules: own, tags: z.array(z.string()).parse(JSON.parse(tags)) };
}

/** Ids of some texts, shape [texts, tokens, attributes]. */
export interface FedTokens {
  readonly ids: BigInt64Array<ArrayBuffer>;
  /** Tokens of the longest text, at least 1. */
  readonly tokens: number;
  /** Attributes of the token that has most, at least 1. */
  readonly attributes: number;
}

/** Lays hashed texts out as the input of a graph. */
export function feedTokens(
  { width, attributes }: Pick<TokenHasher, "width" | "attributes">,
  texts: readonly TokenFeatures[],
): FedTokens {
  const tokens = texts.reduce((most, { starts }) => Math.max(most, starts.length), 1);
  let most = 1;
  for (const { starts, groups } of texts) {
    for (let token = 0; token < starts.length; token++) {
      let own = 0;
      for (let w = token * width; w < (token + 1) * width; w++) own += attributes[groups[w]].length;
      most = Math.max(most, own);
    }
  }
  const ids = new BigInt64Array(texts.length * tokens * most).fill(BigInt(attributeIdCount));
  texts.forEach(({ starts, groups }, text) => {
    for (let token = 0; token < starts.length; token++) {
      let at = (text * tokens + token) * most;
      for (let w = token * width; w < (token + 1) * width; w++) {
        for (const id of attributes[groups[w]]) ids[at++] = BigInt(id);
      }
    }
  });
  return { ids, tokens, attributes: most };
}
