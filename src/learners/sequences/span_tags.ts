/** Spans as tags of tokens: O outside, B-x at the start of an x, I-x within it. */

import type { TagOrder } from "../../tag_chain/mod.ts";

/**
 * Which tags may follow which, for so many labels: label `l` has the tags 2l + 1 (its start) and
 * 2l + 2 (within), which only these two come before.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([...spanOrder(1).follows], [1, 1, 0, 1, 1, 1, 1, 1, 1]);
 * ```
 */
export function spanOrder(labels: number): TagOrder {
  const tags = 1 + 2 * labels;
  const isWithin = (tag: number) => tag > 0 && tag % 2 === 0;
  const starts = Uint8Array.from({ length: tags }, (_, tag) => Number(!isWithin(tag)));
  const follows = Uint8Array.from({ length: tags * tags }, (_, at) => {
    const [from, to] = [Math.floor(at / tags), at % tags];
    return Number(!isWithin(to) || from === to || from === to - 1);
  });
  return { tags, starts, follows };
}

/** Names of the tags. */
export function tagNames(labels: readonly string[]): string[] {
  return ["O", ...labels.flatMap((label) => [`B-${label}`, `I-${label}`])];
}
