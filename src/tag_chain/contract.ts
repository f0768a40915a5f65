/** What may follow what, and what it adds, as data. */

/** Which tags may follow which: the tags of spans may not come in any order. */
export interface TagOrder {
  /** Number of tags. */
  readonly tags: number;
  /** 1 for each tag that a text may start with, shape [tags]. */
  readonly starts: Uint8Array;
  /** 1 for each tag (second) that may follow another (first), shape [tags × tags]. */
  readonly follows: Uint8Array;
}

/** An order, and what its steps add. */
export interface TagChain extends TagOrder {
  /** What each tag (second) after another (first) adds to a score, shape [tags × tags]. */
  readonly transitions: Float32Array | Float64Array;
}
