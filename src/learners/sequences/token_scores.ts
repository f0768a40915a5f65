/** What each token says for each tag, summed group by group: many tokens share a group. */

import type { Sequences } from "./contract.ts";

/** Adds the group scores of the tokens from `from` to `to` − 1 up, shape [tokens × tags]. */
export function addGroups(
  { width, groups }: Pick<Sequences, "width" | "groups">,
  ofGroups: Float64Array,
  tags: number,
  from: number,
  to: number,
  scores: Float64Array,
): void {
  scores.fill(0, 0, (to - from) * tags);
  for (let token = from, at = 0; token < to; token++, at += tags) {
    for (let w = token * width; w < (token + 1) * width; w++) {
      const base = groups[w] * tags;
      for (let k = 0; k < tags; k++) scores[at + k] += ofGroups[base + k];
    }
  }
}

/** The scores of all groups, shape [groups × tags]. */
export function groupScores(
  { attributeOffsets, attributes }: Pick<Sequences, "attributeOffsets" | "attributes">,
  weights: Float32Array | Float64Array,
  tags: number,
): Float64Array {
  const groups = attributeOffsets.length - 1;
  const scores = new Float64Array(groups * tags);
  for (let g = 0; g < groups; g++) {
    for (let at = attributeOffsets[g]; at < attributeOffsets[g + 1]; at++) {
      const from = attributes[at] * tags;
      for (let k = 0; k < tags; k++) scores[g * tags + k] += weights[from + k];
    }
  }
  return scores;
}
