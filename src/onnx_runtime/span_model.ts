/**
 * Finds spans text by text without ONNX Runtime, which takes each token of a text as a step of a
 * graph: many times what the few sums of a step take.
 */

import { ModelError } from "../base/mod.ts";
import type { FeatureState } from "../features/mod.ts";
import { readModelPieces } from "../onnx_format/mod.ts";
import { AllReadings, Viterbi } from "../tag_chain/mod.ts";
import { forgetfully, tokenHasher, type TokenRules } from "../text/mod.ts";
import { probeRows } from "./probe_rows.ts";
import { type ReadSequence, readSequence } from "./read_sequence.ts";
import type { RowModel } from "./row_model.ts";
import type { OnnxSpans } from "./span_session.ts";
import { readTokenFacts } from "./token_inputs.ts";

/** Texts on which both ways have to agree before one takes the place of the other. */
const PROBES = 256;

/** Most by which two sums of the same Float64 numbers in another order make confidences differ. */
const ROUNDING = 1e-9;

/** A model of spans as plain data, its numbers in shared memory: one thread reads it for another. */
export interface SpanModelParts extends ReadSequence {
  /** How texts become attributes. */
  readonly rules: TokenRules;
}

/**
 * Reads the model of sequences of a model file, and makes sure that it finds what ONNX Runtime finds
 * with that file: in texts such as training saw, and in strange ones.
 *
 * @param state What the model's features learned, from its metadata.
 * @param model The same file in ONNX Runtime.
 * @returns undefined if an older version wrote the file.
 * @throws {ModelError} if the file is damaged, or the predictions differ.
 */
export async function readSpanModel(
  onnx: Uint8Array,
  state: FeatureState,
  model: Pick<OnnxSpans, "inputs" | "predict">,
): Promise<SpanModelParts | undefined> {
  const facts = readTokenFacts(onnx);
  const found = facts && readSequence(readModelPieces(onnx), facts);
  if (found === undefined) return undefined;
  const weights = new Float32Array(new SharedArrayBuffer(4 * found.weights.length));
  const ids = new Int32Array(new SharedArrayBuffer(4 * found.ids.length));
  weights.set(found.weights);
  ids.set(found.ids);
  const parts = { ...found, ids, weights, rules: facts!.rules };
  const texts = probeRows(state, PROBES).map(([text]) => text as string);
  const said = await model.predict({ [model.inputs[0].name]: texts });
  const predict = spanModel(parts);
  texts.forEach((text, row) => {
    const own = predict([text]);
    for (let k = 0; k * texts.length < said.length; k++) {
      const other = said[k * texts.length + row];
      const here = own[k] ?? -1;
      if (Math.abs(here - other) <= (k === 0 ? ROUNDING : 0)) continue;
      throw new ModelError(
        `The model's tags differ from those of ONNX Runtime: ${
          k === 0 ? `the confidence is ${here} and ${other}` : `token ${k} has ${here} and ${other}`
        } in ${JSON.stringify(text.slice(0, 60))}`,
      );
    }
  });
  return parts;
}

/**
 * Makes a model of its parts. It takes a text and gives how sure it is, then the tag of each token,
 * shape [1 + tokens].
 */
export function spanModel({ rules, chain, ids, weights }: SpanModelParts): RowModel {
  const K = chain.tags;
  const places = new Map(Array.from(ids, (id, place) => [id, place * K]));
  const viterbi = new Viterbi(chain);
  const all = new AllReadings(chain);
  const hasherOf = forgetfully(() => tokenHasher(rules));
  let hasher = hasherOf();
  /** What each group that was met adds to each tag: most were met before. */
  let known: Float64Array[] = [];
  let scores = new Float64Array(0);
  let tags = new Int32Array(0);

  const scoreOf = (group: number): Float64Array => {
    const sum = new Float64Array(K);
    for (const id of hasher.attributes[group]) {
      const at = places.get(id);
      if (at !== undefined) { for (let k = 0; k < K; k++) sum[k] += weights[at + k]; }
    }
    return sum;
  };
  return ([text]) => {
    const before = hasher;
    if ((hasher = hasherOf()) !== before) known = [];
    const { groups, starts: { length: tokens } } = hasher.hash(text as string);
    if (scores.length < tokens * K) {
      [scores, tags] = [new Float64Array(tokens * K), new Int32Array(tokens)];
    }
    scores.fill(0, 0, tokens * K);
    groups.forEach((group, w) => {
      const added = known[group] ??= scoreOf(group);
      const at = Math.floor(w / hasher.width) * K;
      for (let k = 0; k < K; k++) scores[at + k] += added[k];
    });
    const best = viterbi.decode(scores, tokens, chain.transitions, tags, 0);
    const said = new Float64Array(1 + tokens);
    said[0] = Math.exp(best - all.logSum(scores, tokens));
    said.set(tags.subarray(0, tokens), 1);
    return said;
  };
}
