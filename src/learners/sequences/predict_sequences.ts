/** The best tags of texts, and how sure a model is of them. */

import type { SequenceModel, Sequences } from "./contract.ts";
import { addGroups, groupScores } from "./token_scores.ts";
import { Viterbi } from "./viterbi.ts";

/** What a model says of texts. */
export interface SequencePredictions {
  /** Best tag of each token, shape [tokens]. */
  readonly tags: Int32Array;
  /**
   * Share of the best tags among all that may be, exp(score) for exp(score), shape [texts]: for a
   * CRF the probability that all of them are right. A text without tokens has 1.
   */
  readonly confidence: Float64Array;
}

/** Predicts texts whose attributes are numbered as they were for the fit. */
export function predictSequences(model: SequenceModel, sequences: Sequences): SequencePredictions {
  const { weights, transitions, order } = model;
  const { offsets } = sequences;
  const K = order.tags;
  const texts = offsets.length - 1;
  const ofGroups = groupScores(sequences, weights, K);
  const viterbi = new Viterbi(order);
  const tags = new Int32Array(offsets[texts]);
  const confidence = new Float64Array(texts);
  let scores = new Float64Array(0);
  for (let text = 0; text < texts; text++) {
    const [from, to] = [offsets[text], offsets[text + 1]];
    if (scores.length < (to - from) * K) scores = new Float64Array((to - from) * K);
    addGroups(sequences, ofGroups, K, from, to, scores);
    const best = viterbi.decode(scores, to - from, transitions, tags, from);
    confidence[text] = Math.exp(best - logSum(scores, to - from, model));
  }
  return { tags, confidence };
}

/** Logarithm of the sum of exp(score) over all sequences of tags that may be. */
function logSum(
  scores: Float64Array,
  tokens: number,
  { transitions, order: { tags: K, starts, follows } }: SequenceModel,
): number {
  if (tokens === 0) return 0;
  let now = Float64Array.from({ length: K }, (_, k) => starts[k] ? scores[k] : -Infinity);
  for (let token = 1; token < tokens; token++) {
    const most = now.reduce((most, value) => Math.max(most, value), -Infinity);
    const shares = now.map((value) => Math.exp(value - most));
    const next = new Float64Array(K);
    for (let from = 0; from < K; from++) {
      if (shares[from] === 0) continue;
      for (let to = 0; to < K; to++) {
        if (follows[from * K + to]) next[to] += shares[from] * Math.exp(transitions[from * K + to]);
      }
    }
    now = next.map((sum, k) => Math.log(sum) + most + scores[token * K + k]);
  }
  const most = now.reduce((most, value) => Math.max(most, value), -Infinity);
  return most + Math.log(now.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
