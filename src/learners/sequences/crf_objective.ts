/** How unlikely a linear-chain CRF finds the true tags, and the gradient of that. */

import type { Objective } from "../lbfgs.ts";
import { Chain } from "./chain.ts";
import type { Sequences } from "./contract.ts";
import { GroupSums } from "./group_sums.ts";
import type { CrfParameters } from "./seen_parameters.ts";

/** The negative log-likelihood of the tags, over the parameters that were seen. */
export function crfObjective(
  sequences: Sequences,
  tags: Int32Array,
  tagCount: number,
  parameters: CrfParameters,
): Objective {
  const { pairTags, from } = parameters;
  const sums = new GroupSums(sequences, parameters, tagCount);
  const chain = new Chain(sequences, tags, tagCount, parameters, sums);
  const counts = transitionCounts(sequences, tags, tagCount, parameters);
  return (point, gradient) => {
    gradient.fill(0);
    sums.prepare(point, gradient);
    chain.prepare(point, pairTags.length);
    let loss = 0;
    for (let text = 0; text + 1 < sequences.offsets.length; text++) loss += chain.pass(text);
    sums.finish();
    chain.expected(gradient, pairTags.length);
    for (let r = 0; r < from.length; r++) {
      loss -= point[pairTags.length + r] * counts[r];
      gradient[pairTags.length + r] -= counts[r];
    }
    return loss;
  };
}

/** How often each transition is in the sequences. */
function transitionCounts(
  { offsets }: Sequences,
  tags: Int32Array,
  tagCount: number,
  { from, to }: Pick<CrfParameters, "from" | "to">,
): Float64Array {
  const all = new Float64Array(tagCount * tagCount);
  for (let t = 0; t + 1 < offsets.length; t++) {
    for (let token = offsets[t] + 1; token < offsets[t + 1]; token++) {
      all[tags[token - 1] * tagCount + tags[token]]++;
    }
  }
  return Float64Array.from(from, (tag, r) => all[tag * tagCount + to[r]]);
}
