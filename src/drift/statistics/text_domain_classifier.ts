/** Whether a classifier can tell the texts of two samples apart. */

import { Random } from "../../base/mod.ts";
import type { StatisticHead } from "./contract.ts";
import { FEWEST_TEXTS, separate, type Separation } from "./domain_classifier.ts";
import type { SparseRow } from "./sparse_logistic.ts";

/** Texts of each side that are looked at: more make the verdict no clearer. */
const MOST_TEXTS = 2000;
/** Buckets that words, pairs of words and letters in threes are hashed into. */
const BUCKETS = 1 << 14;
/** Of a text, what comes later says little more. */
const MOST_CHARACTERS = 2000;

/** What the statistic says of itself; its score in results is the p-value. */
export const textClassifierHead: StatisticHead = {
  name: "text_domain_classifier",
  kinds: ["text"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "free text, of which no two are the same: other words, topics or languages",
};

/**
 * Tells whether texts changed, by a logistic regression on hashed words, pairs
 * of words and letters in threes.
 *
 * @param reference Texts of the reference; a random 2,000 of them are used.
 * @param current Texts of the current data, likewise.
 * @returns A score of 0.5 and a p-value of 1 if a side has fewer than 8 texts.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * const before = Array.from({ length: 60 }, (_, i) => `I lost card number ${i}`);
 * const after = Array.from({ length: 60 }, (_, i) => `why was I charged ${i} twice`);
 * assert(textDomainClassifier(before, after, 1).pValue < 0.001);
 * ```
 */
export function textDomainClassifier(
  reference: readonly string[],
  current: readonly string[],
  seed: number,
): Separation {
  if (Math.min(reference.length, current.length) < FEWEST_TEXTS) return { score: 0.5, pValue: 1 };
  const random = new Random(seed);
  const some = (texts: readonly string[]) =>
    (texts.length > MOST_TEXTS ? random.shuffle([...texts]).slice(0, MOST_TEXTS) : texts)
      .map(hashedGrams);
  return separate(some(reference), some(current), BUCKETS, seed);
}

/** Which grams a text has, as features of length 1 together. */
function hashedGrams(text: string): SparseRow {
  const words = text.slice(0, MOST_CHARACTERS).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const found = new Set<number>();
  words.forEach((word, i) => {
    found.add(bucketOf(`w ${word}`));
    if (i > 0) found.add(bucketOf(`p ${words[i - 1]} ${word}`));
    const padded = ` ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) {
      found.add(bucketOf(`l ${padded.slice(at, at + 3)}`));
    }
  });
  const values = new Float32Array(found.size).fill(1 / Math.sqrt(found.size || 1));
  return { indices: Int32Array.from(found), values };
}

/** FNV-1a over UTF-16 units. */
function bucketOf(gram: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < gram.length; i++) hash = Math.imul(hash ^ gram.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}
