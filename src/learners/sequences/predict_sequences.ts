/** The best tags of texts, and how sure a model is of them. */

import { AllReadings, Viterbi } from "../../tag_chain/mod.ts";
import type { SequenceModel, Sequences } from "./contract.ts";
import { addGroups, groupScores } from "./token_scores.ts";

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
  const all = new AllReadings({ ...order, transitions });
  const tags = new Int32Array(offsets[texts]);
  const confidence = new Float64Array(texts);
  let scores = new Float64Array(0);
  for (let text = 0; text < texts; text++) {
    const [from, to] = [offsets[text], offsets[text + 1]];
    if (scores.length < (to - from) * K) scores = new Float64Array((to - from) * K);
    addGroups(sequences, ofGroups, K, from, to, scores);
    const best = viterbi.decode(scores, to - from, transitions, tags, from);
    confidence[text] = Math.exp(best - all.logSum(scores, to - from));
  }
  return { tags, confidence };
}
