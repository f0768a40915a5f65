/** Makes forecasts of sums and of their parts agree. */

/**
 * How they are made to: `bottomUp` takes the sums of what the parts say; `weighted` lets each sum
 * have a say too, by how far all of them are usually off.
 */
export type Reconciliation = "bottomUp" | "weighted";

/**
 * Forecasts of one step that add up. Weighted, they are those nearest to what was said, in squares
 * over the squares of usual errors: each sum is drawn to the mean of its own forecast and that of
 * its parts, and what that moves is shared out among the parts as they are unsure.
 *
 * Source: Wickramasuriya, Athanasopoulos and Hyndman (2019), with errors of nodes taken for
 * independent (WLS). In a tree it takes one way up and one down.
 *
 * @param parents Place of the sum that each node is a part of, −1 of the top; sums stand before
 * their parts, shape [nodes].
 * @param said What each says; NaN of a sum that says nothing of its own, shape [nodes].
 * @param errors Usual size of each one's error, 0 of what is known; NaN if nobody knows, which
 * leaves its sum to the parts, shape [nodes].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * // A sum that says 12 where its parts come to 10, all as sure: each gives way by as much.
 * assertEquals([...agreeing([-1, 0, 0], [13, 4, 6], [1, 1, 1], "weighted")], [12, 5, 7]);
 * assertEquals([...agreeing([-1, 0, 0], [13, 4, 6], [1, 1, 1], "bottomUp")], [10, 4, 6]);
 * ```
 */
export function agreeing(
  parents: readonly number[],
  said: ArrayLike<number>,
  errors: ArrayLike<number>,
  how: Reconciliation,
): Float64Array {
  const nodes = parents.length;
  const agreed = Float64Array.from(said);
  const doubt = Float64Array.from(errors, (error) => error * error);
  const below = new Float64Array(nodes);
  const doubtBelow = new Float64Array(nodes);
  const isSum = new Uint8Array(nodes);
  for (const parent of parents) if (parent >= 0) isSum[parent] = 1;
  for (let node = nodes - 1; node >= 0; node--) {
    if (isSum[node]) {
      const share = doubtBelow[node] / (doubt[node] + doubtBelow[node]);
      const heard = how === "weighted" && Number.isFinite(share) && Number.isFinite(said[node]);
      agreed[node] = below[node] + (heard ? share * (said[node] - below[node]) : 0);
      doubt[node] = heard ? share * doubt[node] : doubtBelow[node];
    }
    const parent = parents[node];
    if (parent < 0) continue;
    below[parent] += agreed[node];
    doubtBelow[parent] += doubt[node];
  }
  // What moved a sum moves its parts.
  const moved = agreed.map((value, node) => isSum[node] ? value - below[node] : 0);
  for (let node = 0; node < nodes; node++) {
    const parent = parents[node];
    if (parent < 0 || moved[parent] === 0) continue;
    const by = moved[parent] * doubt[node] / doubtBelow[parent];
    agreed[node] += by;
    if (isSum[node]) moved[node] += by;
  }
  return agreed;
}
