/** Whether a classifier can tell two samples of texts apart by what an encoder makes of them. */

import type { EmbeddedTexts } from "../sample.ts";
import type { StatisticHead } from "./contract.ts";
import { FEWEST_TEXTS, separate, type Separation } from "./domain_classifier.ts";
import type { SparseRow } from "./sparse_logistic.ts";

/** Places whose standard deviation is below this differ by rounding alone. */
const DEAD = 1e-6;

/** What the statistic says of itself; its score in results is the p-value. */
export const embeddingClassifierHead: StatisticHead = {
  name: "embedding_domain_classifier",
  kinds: ["text"],
  threshold: 0.05,
  drifts: "below",
  goodFor: "free text that speaks of something else, also in words that occur on both sides",
};

/**
 * Tells whether texts changed, by a logistic regression on their vectors, each place measured in
 * standard deviations of both sides together, whichever side a text is of, and vectors then of
 * length 1 or so, from which a few hundred texts learn more than their own noise.
 *
 * @returns A score of 0.5 and a p-value of 1 if a side has fewer than 8 texts.
 * @throws {RangeError} if the vectors of the sides differ in size.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Random } from "../../base/mod.ts";
 * const random = new Random(1);
 * const some = (shift: number) => ({
 *   size: 2,
 *   values: Float32Array.from({ length: 200 }, (_, i) => random.normal() + (i % 2) * shift),
 * });
 * assert(embeddingDomainClassifier(some(0), some(2), 1).pValue < 0.001);
 * ```
 */
export function embeddingDomainClassifier(
  reference: EmbeddedTexts,
  current: EmbeddedTexts,
  seed: number,
): Separation {
  const { size } = reference;
  if (current.size !== size) {
    throw new RangeError(`Cannot compare vectors of ${size} with vectors of ${current.size}`);
  }
  const texts = reference.values.length / size;
  if (Math.min(texts, current.values.length / size) < FEWEST_TEXTS) {
    return { score: 0.5, pValue: 1 };
  }
  const rows = standardised([reference.values, current.values], size);
  return separate(rows.slice(0, texts), rows.slice(texts), size, seed);
}

function standardised(sides: readonly Float32Array[], size: number): SparseRow[] {
  const vectors = sides.flatMap((values) =>
    Array.from(
      { length: values.length / size },
      (_, i) => values.subarray(i * size, (i + 1) * size),
    )
  );
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  for (const vector of vectors) vector.forEach((value, k) => sums[k] += value);
  const means = sums.map((sum) => sum / vectors.length);
  for (const vector of vectors) {
    vector.forEach((value, k) => squares[k] += (value - means[k]) ** 2);
  }
  const scales = squares.map((sum) => Math.sqrt(sum / vectors.length));
  const alive = Int32Array.from(scales.keys()).filter((k) => scales[k] > DEAD);
  return vectors.map((vector) => ({
    indices: alive,
    values: Float32Array.from(
      alive,
      (k) => (vector[k] - means[k]) / scales[k] / Math.sqrt(alive.length),
    ),
  }));
}
