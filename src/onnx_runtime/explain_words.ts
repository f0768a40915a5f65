/** What the words of a text do to the scores of a linear model, exactly. */

import type { InferenceSession } from "onnxruntime-node";
import { type NgramRules, tracedHasher } from "../text/mod.ts";
import type { BagFacts } from "./linear_facts.ts";
import { damaged } from "../onnx_format/mod.ts";
import { floatsOf, type ModelPieces } from "../onnx_format/mod.ts";

/** How the words of a text moved the scores. */
export interface WordScores {
  /** All of them in the order of the text. */
  readonly inOrder: readonly string[];
  /** What all words together add to each score, shape [outputs]. */
  readonly totals: Float64Array;
  /** What each word adds, as `column: word`; of a word that comes twice the sum. */
  readonly words: ReadonlyMap<string, Float64Array>;
}

/**
 * Makes what explains texts. Each n-gram adds its slope times its value, in equal
 * parts for each time that it occurs and for each word that it spans.
 *
 * @returns A function of a text, what the graph made of it, and its row there.
 */
export function bagExplainer(
  pieces: ModelPieces,
  { column, places, values, slopes: constant }: BagFacts,
  rules: NgramRules | undefined,
  outputs: number,
): (text: string, results: InferenceSession.OnnxValueMapType, row: number) => WordScores {
  if (rules === undefined) throw damaged(`it has no rules for the texts of ${column}`);
  const slopes = floatsOf(pieces, constant);
  const trace = tracedHasher(rules);
  return (text, results, row) => {
    const { words, slots, spans, ids } = trace(text);
    const length = results[values].dims[1];
    const terms = results[places].data as BigInt64Array;
    const weights = results[values].data as Float32Array;
    const times = new Int32Array(ids.length);
    for (const slot of slots) times[slot]++;
    const totals = new Float64Array(outputs);
    const byWord = new Map<string, Float64Array>();
    slots.forEach((slot, at) => {
      const [first, last] = spans[at];
      const from = Number(terms[row * length + slot]) * outputs;
      const share = weights[row * length + slot] / times[slot];
      for (let word = first; word <= last; word++) {
        const name = `${column}: ${words[word]}`;
        const own = byWord.get(name) ?? new Float64Array(outputs);
        byWord.set(name, own);
        for (let k = 0; k < outputs; k++) {
          const added = share * slopes[from + k] / (last - first + 1);
          own[k] += added;
          totals[k] += added;
        }
      }
    });
    return { inOrder: words, totals, words: byWord };
  };
}
