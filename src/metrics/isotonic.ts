/** The rising line that is nearest to some points. */

/** A line through points, level beyond its ends. */
export interface RisingLine {
  /** Places of the points, rising. */
  readonly scores: readonly number[];
  /** Values there, not falling. */
  readonly probabilities: readonly number[];
}

/**
 * Fits the non-falling values with the least weighted squares by pooling
 * adjacent violators; points of one score count as their mean.
 *
 * Source: Barlow et al., 1972; scikit-learn `IsotonicRegression` with
 * `out_of_bounds="clip"`.
 *
 * @param scores Places, shape [rows].
 * @param targets Values there, shape [rows].
 * @param sampleWeight Weight of each point, shape [rows], not all 0; 1 if it is left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = fitIsotonic([1, 2, 3, 4], [0, 1, 0, 1]);
 * assertEquals(line, { scores: [1, 2, 3, 4], probabilities: [0, 0.5, 0.5, 1] });
 * ```
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  targets: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): RisingLine {
  const order = Int32Array.from(scores, (_, i) => i)
    .filter((i) => !sampleWeight || sampleWeight[i] > 0)
    .sort((a, b) => scores[a] - scores[b]);
  // Pools of neighbouring scores: weighted sum of targets, weight, first and last score.
  const pools: { sum: number; weight: number; first: number; last: number }[] = [];
  let next = 0;
  while (next < order.length) {
    const score = scores[order[next]];
    let pool = { sum: 0, weight: 0, first: score, last: score };
    for (; next < order.length && scores[order[next]] === score; next++) {
      const weight = sampleWeight ? sampleWeight[order[next]] : 1;
      pool.sum += weight * targets[order[next]];
      pool.weight += weight;
    }
    for (let before = pools.at(-1); before; before = pools.at(-1)) {
      if (before.sum / before.weight < pool.sum / pool.weight) break;
      pools.pop();
      pool = {
        sum: before.sum + pool.sum,
        weight: before.weight + pool.weight,
        first: before.first,
        last: pool.last,
      };
    }
    pools.push(pool);
  }
  const ends = ({ first, last }: { first: number; last: number }) =>
    first < last ? [first, last] : [first];
  return {
    scores: pools.flatMap(ends),
    probabilities: pools.flatMap((pool) => ends(pool).map(() => pool.sum / pool.weight)),
  };
}

/** The line's value at each score, of the scores' precision. */
export function interpolate<Scores extends Float32Array | Float64Array>(
  line: RisingLine,
  scores: Scores,
): Scores {
  return scores.map((score) => valueAt(line, score)) as Scores;
}

/** The line's value at one score. */
export function valueAt({ scores: places, probabilities }: RisingLine, score: number): number {
  const last = places.length - 1;
  if (score <= places[0]) return probabilities[0];
  if (score >= places[last]) return probabilities[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (score > places[middle]) low = middle;
    else high = middle;
  }
  const share = (score - places[low]) / (places[high] - places[low]);
  return probabilities[low] + share * (probabilities[high] - probabilities[low]);
}
