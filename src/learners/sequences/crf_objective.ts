/** How unlikely a linear-chain CRF finds the true tags, and the gradient of that. */

import type { Objective } from "../lbfgs.ts";
import type { Sequences } from "./contract.ts";
import { expOfNegative } from "./exp_of_negative.ts";
import { GroupSums } from "./group_sums.ts";
import type { CrfParameters } from "./seen_parameters.ts";

/**
 * A score so far below the best of its token counts as none: beside the others, its exponential is
 * what rounding takes off, whatever transitions add. Most tags are soon so unlikely, and cost nothing.
 */
const FAR_BELOW = -40;

/**
 * The negative log-likelihood of the tags, plus `c2` times the sum of squares, over the
 * parameters that were seen. Transitions that were not seen weigh nothing, so that a step of the
 * forward pass is the sum over all tags, corrected for those that were: it costs as many
 * operations as there are such transitions, not tags squared.
 *
 * Source: Lafferty, McCallum and Pereira, 2001, "Conditional Random Fields"; Rabiner, 1989, for the
 * scaled forward and backward passes.
 */
export function crfObjective(
  sequences: Sequences,
  tags: Int32Array,
  tagCount: number,
  parameters: CrfParameters,
  c2: number,
): Objective {
  const { offsets } = sequences;
  const { pairTags, from, to } = parameters;
  const K = tagCount;
  const transitions = from.length;
  const firstTransition = pairTags.length;
  const groups = new GroupSums(sequences, parameters, K);
  // The way back takes transitions by their first tags, so that each of its sums is made at once.
  const toOffsets = transitionOffsets(to, K);
  const fromOffsets = transitionOffsets(from, K);
  const turns = Int32Array.from(from.keys()).sort((a, b) => from[a] - from[b] || a - b);
  const toInTurn = turns.map((r) => to[r]);
  const excessInTurn = new Float64Array(transitions);
  const excess = new Float64Array(transitions);
  const moved = new Float64Array(transitions);
  const longest = offsets.reduce(
    (most, end, t) => t === 0 ? 0 : Math.max(most, end - offsets[t - 1]),
    0,
  );
  const scores = new Float64Array(longest * K);
  const alpha = new Float64Array(longest * K);
  const scale = new Float64Array(longest);
  const beta = new Float64Array(K);
  const carried = new Float64Array(K);
  const counts = transitionCounts(offsets, tags, K, from, to);

  return (point, gradient) => {
    groups.prepare(point);
    moved.fill(0);
    gradient.fill(0);
    for (let r = 0; r < transitions; r++) excess[r] = Math.expm1(point[firstTransition + r]);
    turns.forEach((r, turn) => excessInTurn[turn] = excess[r]);
    let loss = 0;
    for (let text = 0; text + 1 < offsets.length; text++) {
      const first = offsets[text];
      const tokens = offsets[text + 1] - first;
      if (tokens === 0) continue;
      for (let i = 0; i < tokens; i++) {
        groups.score(first + i, point, scores, i * K);
        loss -= scores[i * K + tags[first + i]];
        // Scores become exponentials in place; the largest is 1.
        let most = -Infinity;
        for (let k = i * K; k < (i + 1) * K; k++) if (scores[k] > most) most = scores[k];
        for (let k = i * K; k < (i + 1) * K; k++) {
          const below = scores[k] - most;
          scores[k] = below > FAR_BELOW ? expOfNegative(below) : 0;
        }
        loss += most;
        const here = i * K;
        let sum = 0;
        const before = here - K;
        for (let k = 0; k < K; k++) {
          const score = scores[here + k];
          let ways = 1;
          if (i > 0 && score > 0) {
            for (let r = toOffsets[k], end = toOffsets[k + 1]; r < end; r++) {
              ways += alpha[before + from[r]] * excess[r];
            }
          }
          // A sum that rounding left below 0 is 0.
          sum += alpha[here + k] = ways > 0 ? ways * score : 0;
        }
        scale[i] = sum;
        const unit = 1 / sum;
        for (let k = here; k < here + K; k++) alpha[k] *= unit;
        loss += Math.log(sum);
      }
      beta.fill(1);
      for (let i = tokens - 1; i >= 0; i--) {
        const here = i * K;
        if (i < tokens - 1) {
          const next = here + K;
          const unit = 1 / scale[i + 1];
          let all = 0;
          for (let k = 0; k < K; k++) {
            carried[k] = scores[next + k] * beta[k] * unit;
            all += carried[k];
          }
          for (let k = 0, turn = 0; k < K; k++) {
            const share = alpha[here + k];
            let ways = all;
            for (const end = fromOffsets[k + 1]; turn < end; turn++) {
              const after = carried[toInTurn[turn]];
              ways += excessInTurn[turn] * after;
              moved[turn] += share * after;
            }
            beta[k] = ways;
          }
        }
        // Shares of the tags less 1 for the true one, in the place of alpha, which is not read again.
        for (let k = 0; k < K; k++) alpha[here + k] *= beta[k];
        alpha[here + tags[first + i]] -= 1;
        groups.learn(first + i, alpha, here, gradient);
      }
    }
    groups.finish(gradient);
    turns.forEach((r, turn) => {
      loss -= point[firstTransition + r] * counts[r];
      gradient[firstTransition + r] = moved[turn] * (1 + excess[r]) - counts[r];
    });
    if (c2 > 0) {
      let squares = 0;
      for (let p = 0; p < point.length; p++) {
        squares += point[p] * point[p];
        gradient[p] += 2 * c2 * point[p];
      }
      loss += c2 * squares;
    }
    return loss;
  };
}

/** Where the transitions of each tag begin, in the order of these tags. */
function transitionOffsets(ends: Int32Array, tagCount: number): Int32Array {
  const offsets = new Int32Array(tagCount + 1);
  for (const tag of ends) offsets[tag + 1]++;
  for (let k = 0; k < tagCount; k++) offsets[k + 1] += offsets[k];
  return offsets;
}

/** How often each transition is in the sequences. */
function transitionCounts(
  offsets: Int32Array,
  tags: Int32Array,
  tagCount: number,
  from: Int32Array,
  to: Int32Array,
): Float64Array {
  const all = new Float64Array(tagCount * tagCount);
  for (let t = 0; t + 1 < offsets.length; t++) {
    for (let token = offsets[t] + 1; token < offsets[t + 1]; token++) {
      all[tags[token - 1] * tagCount + tags[token]]++;
    }
  }
  return Float64Array.from(from, (tag, r) => all[tag * tagCount + to[r]]);
}
