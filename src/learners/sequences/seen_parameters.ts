/** Which parameters a CRF has. */

import type { Sequences } from "./contract.ts";

/** Those pairs that training has seen, as CRFsuite has them. */
export interface CrfParameters {
  /** Attribute `a` has the parameters `offsets[a]` to `offsets[a + 1]` − 1, shape [attributes + 1]. */
  readonly offsets: Int32Array;
  /** The tag of each of them. */
  readonly pairTags: Int32Array;
  /** First tag of each transition; their parameters follow those of the attributes. */
  readonly from: Int32Array;
  /** Second tag of each transition, rising. */
  readonly to: Int32Array;
}

/** The pairs of attribute and tag, and of neighbouring tags, that the sequences hold. */
export function seenParameters(
  { offsets, width, groups, attributeOffsets, attributes, attributeCount }: Sequences,
  tags: Int32Array,
  tagCount: number,
): CrfParameters {
  const groupCount = attributeOffsets.length - 1;
  const ofGroups = new Uint8Array(groupCount * tagCount);
  tags.forEach((tag, token) => {
    for (let w = token * width; w < (token + 1) * width; w++) {
      ofGroups[groups[w] * tagCount + tag] = 1;
    }
  });
  const seen = new Uint8Array(attributeCount * tagCount);
  for (let g = 0; g < groupCount; g++) {
    for (let at = attributeOffsets[g]; at < attributeOffsets[g + 1]; at++) {
      for (let k = 0; k < tagCount; k++) {
        seen[attributes[at] * tagCount + k] |= ofGroups[g * tagCount + k];
      }
    }
  }
  const pairOffsets = new Int32Array(attributeCount + 1);
  const pairTags: number[] = [];
  for (let a = 0; a < attributeCount; a++) {
    for (let k = 0; k < tagCount; k++) if (seen[a * tagCount + k]) pairTags.push(k);
    pairOffsets[a + 1] = pairTags.length;
  }
  const follows = new Uint8Array(tagCount * tagCount);
  for (let t = 0; t + 1 < offsets.length; t++) {
    for (let token = offsets[t] + 1; token < offsets[t + 1]; token++) {
      follows[tags[token - 1] + tags[token] * tagCount] = 1;
    }
  }
  const places = Int32Array.from(follows.keys()).filter((place) => follows[place]);
  return {
    offsets: pairOffsets,
    pairTags: Int32Array.from(pairTags),
    from: places.map((place) => place % tagCount),
    to: places.map((place) => Math.floor(place / tagCount)),
  };
}
