/** The averaged perceptron of sequences: the quick one. */

import { deriveSeed, fillSettings, Random, YieldingLoop } from "../../base/mod.ts";
import { Viterbi } from "../../tag_chain/mod.ts";
import { checkRanges } from "../parameters.ts";
import { checkSequences } from "./check_sequences.ts";
import type { SequenceLearner, SequenceModel, SequenceOptions, Sequences } from "./contract.ts";

/** Parameters of {@link averagedPerceptron}. */
export interface AveragedPerceptronParams {
  /** Rounds over the texts, 1 to 10,000; default 15. */
  readonly rounds?: number;
}

/**
 * Goes over the texts in rounds, in an order of chance. Where the best reading is wrong, the
 * attributes of the true one weigh more, those of the other less; the model is the mean of all
 * weights on the way. Ends early after a round without a mistake. Its scores are no
 * log-probabilities. It runs on one thread.
 *
 * Source: Collins, 2002, "Discriminative training methods for hidden Markov models".
 *
 * @throws {UsageError} if a parameter is out of its range.
 */
export function averagedPerceptron(params: AveragedPerceptronParams = {}): SequenceLearner {
  const name = "AveragedPerceptron";
  const filled = fillSettings<Required<AveragedPerceptronParams>>(name, { rounds: 15 }, params);
  checkRanges(name, filled, { rounds: { min: 1, max: 10_000, whole: true } });
  return {
    name,
    params: { ...filled },
    fit: (sequences, tags, options) => fit(filled, sequences, tags, options),
  };
}

/** Weights with the sum over all moments, which is only brought up to date where one changes. */
class Averaged {
  readonly now: Float64Array;
  readonly #sum: Float64Array;
  readonly #since: Int32Array;

  constructor(length: number) {
    this.now = new Float64Array(length);
    this.#sum = new Float64Array(length);
    this.#since = new Int32Array(length);
  }

  add(place: number, change: number, moment: number): void {
    this.#sum[place] += (moment - this.#since[place]) * this.now[place];
    this.#since[place] = moment;
    this.now[place] += change;
  }

  mean(moments: number): Float32Array {
    return Float32Array.from(
      this.#sum,
      (sum, i) => (sum + (moments - this.#since[i]) * this.now[i]) / Math.max(1, moments),
    );
  }
}

async function fit(
  { rounds }: Required<AveragedPerceptronParams>,
  sequences: Sequences,
  tags: Int32Array,
  { order, seed, signal, onProgress }: SequenceOptions,
): Promise<SequenceModel> {
  checkSequences("AveragedPerceptron", sequences, tags, order);
  const { offsets, width, groups, attributeOffsets, attributes, attributeCount } = sequences;
  const K = order.tags;
  const weights = new Averaged(attributeCount * K);
  const transitions = new Averaged(K * K);
  const viterbi = new Viterbi(order);
  const texts = offsets.length - 1;
  const longest = offsets.reduce(
    (most, end, t) => t === 0 ? 0 : Math.max(most, end - offsets[t - 1]),
    0,
  );
  const scores = new Float64Array(longest * K);
  const found = new Int32Array(longest);
  const pace = new YieldingLoop({ signal, onProgress });
  let moment = 0;
  let round = 0;
  let mistakes = 1;
  for (; round < rounds && mistakes > 0; round++) {
    mistakes = 0;
    const mixed = new Random(deriveSeed(seed, round))
      .shuffle(Int32Array.from({ length: texts }, (_, text) => text));
    for (const text of mixed) {
      const [first, end] = [offsets[text], offsets[text + 1]];
      const tokens = end - first;
      scores.fill(0, 0, tokens * K);
      const { now } = weights;
      for (let i = 0; i < tokens; i++) {
        for (let w = (first + i) * width; w < (first + i + 1) * width; w++) {
          for (let at = attributeOffsets[groups[w]]; at < attributeOffsets[groups[w] + 1]; at++) {
            const from = attributes[at] * K;
            for (let k = 0; k < K; k++) scores[i * K + k] += now[from + k];
          }
        }
      }
      viterbi.decode(scores, tokens, transitions.now, found, 0);
      moment++;
      let wrong = false;
      for (let i = 0; i < tokens; i++) {
        const [gold, own] = [tags[first + i], found[i]];
        if (i > 0 && (gold !== own || tags[first + i - 1] !== found[i - 1])) {
          transitions.add(tags[first + i - 1] * K + gold, 1, moment);
          transitions.add(found[i - 1] * K + own, -1, moment);
        }
        if (gold === own) continue;
        wrong = true;
        for (let w = (first + i) * width; w < (first + i + 1) * width; w++) {
          for (let at = attributeOffsets[groups[w]]; at < attributeOffsets[groups[w] + 1]; at++) {
            weights.add(attributes[at] * K + gold, 1, moment);
            weights.add(attributes[at] * K + own, -1, moment);
          }
        }
      }
      if (wrong) mistakes++;
      await pace.step(moment / (rounds * texts));
    }
  }
  return {
    ...{ kind: "AveragedPerceptron", params: { rounds }, order, iterations: round },
    converged: mistakes === 0,
    weights: weights.mean(moment),
    transitions: transitions.mean(moment),
  };
}
