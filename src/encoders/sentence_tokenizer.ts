/** Texts as ids of word pieces. */

import { Tokenizer } from "@huggingface/tokenizers";
import { ModelError } from "../base/mod.ts";
import { normalText } from "../text/mod.ts";

/** Turns a text into ids, those of its start and end among them. */
export type SentenceTokenizer = (text: string) => number[];

/**
 * Makes the tokenizer that a JSON file describes; of a text so many pieces are read, and of its
 * characters the first 10,000.
 *
 * @throws {ModelError} if the JSON is no tokenizer.
 */
export function sentenceTokenizer(json: string, longest: number): SentenceTokenizer {
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(JSON.parse(json), {});
    tokenizer.encode("a");
  } catch (cause) {
    throw new ModelError(`Cannot read the tokenizer: ${(cause as Error).message}`, {
      cause,
      next: "fetch the encoder again, or export the model again",
    });
  }
  return (text) => {
    const { ids } = tokenizer.encode(normalText(text));
    // The last id ends a text.
    return ids.length <= longest ? ids : [...ids.slice(0, longest - 1), ids.at(-1)!];
  };
}
