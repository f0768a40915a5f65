/** Decisions by what mistakes cost. */

import type { ConfusionMatrix } from "./confusion_matrix.ts";
import { countThresholds } from "./ranking.ts";

/** What a row costs by how it is decided, in any unit; a gain is a cost below 0. */
export interface OutcomeCosts {
  /** A negative row that is selected. */
  readonly falsePositive: number;
  /** A positive row that is not selected. */
  readonly falseNegative: number;
  /** A positive row that is selected. Default 0. */
  readonly truePositive?: number;
  /** A negative row that is not selected. Default 0. */
  readonly trueNegative?: number;
}

/** The threshold that costs least, and what every other would. */
export interface CostThreshold {
  /** Rows that score at or above it are selected; infinite if selecting none costs least. */
  readonly threshold: number;
  /** Mean cost of a row at this threshold. */
  readonly cost: number;
  /** Share of the rows that is selected. */
  readonly selectionRate: number;
  /** All thresholds, falling from infinite, and the mean cost of a row at each. */
  readonly curve: { readonly thresholds: Float64Array; readonly cost: Float64Array };
}

/**
 * Searches the threshold of least mean cost among all distinct scores; of equal
 * ones the highest, which selects the fewest rows. Choose it on rows that the
 * model did not learn from, and judge it on others again.
 *
 * Source: Elkan, 2001 (costs by outcome).
 *
 * @param yTrue 1 for a positive row, 0 for a negative one, shape [rows].
 * @param scores Higher if a row is more likely positive, not NaN, shape [rows].
 * @param sampleWeight How much each row counts, 0 or more, shape [rows]; 1 if left out.
 * @throws {RangeError} if the lengths differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * // A missed default costs ten times what a refused good customer does.
 * const costs = { falsePositive: 1, falseNegative: 10 };
 * const { threshold, cost } = costThreshold([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], costs);
 * assertEquals([threshold, cost], [0.35, 0.25]);
 * ```
 */
export function costThreshold(
  yTrue: ArrayLike<number>,
  scores: ArrayLike<number>,
  costs: OutcomeCosts,
  sampleWeight?: ArrayLike<number>,
): CostThreshold {
  const { falsePositive, falseNegative, truePositive = 0, trueNegative = 0 } = costs;
  const counts = countThresholds(yTrue, scores, sampleWeight);
  const { allPositives, allNegatives } = counts;
  const size = counts.scores.length + 1;
  const thresholds = new Float64Array(size).fill(Infinity);
  thresholds.set(counts.scores, 1);
  const cost = new Float64Array(size);
  let best = 0;
  for (let t = 0; t < size; t++) {
    const positives = t === 0 ? 0 : counts.positives[t - 1];
    const negatives = t === 0 ? 0 : counts.negatives[t - 1];
    cost[t] = (positives * truePositive + (allPositives - positives) * falseNegative +
      negatives * falsePositive + (allNegatives - negatives) * trueNegative) /
      (allPositives + allNegatives);
    if (cost[t] < cost[best]) best = t;
  }
  const selected = best === 0 ? 0 : counts.positives[best - 1] + counts.negatives[best - 1];
  return {
    threshold: thresholds[best],
    cost: cost[best],
    selectionRate: selected / (allPositives + allNegatives),
    curve: { thresholds, cost },
  };
}

/**
 * The class of least expected cost for each row, of equal ones the lowest. It
 * is the best decision if the probabilities are calibrated.
 *
 * Source: Elkan, 2001.
 *
 * @param probabilities Class by class, shape [classes × rows].
 * @param costs What a row of a true class (first index) costs where it is
 * decided as a class (second index), shape [classes, classes].
 * @returns Classes, shape [rows].
 * @throws {RangeError} if the probabilities are not whole columns of classes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * // To take a bad customer for a good one costs 5, the other way round 1.
 * assertEquals([...leastCostClasses([0.3, 0.1, 0.7, 0.9], [[0, 5], [1, 0]])], [0, 1]);
 * ```
 */
export function leastCostClasses(
  probabilities: ArrayLike<number>,
  costs: readonly (readonly number[])[],
): Int32Array {
  const classes = costs.length;
  const rows = probabilities.length / classes;
  if (!Number.isInteger(rows)) {
    throw new RangeError(
      `Cannot decide by costs of ${classes} classes on ${probabilities.length} probabilities; ` +
        `give ${classes} for each row`,
    );
  }
  const decided = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let least = Infinity;
    for (let label = 0; label < classes; label++) {
      let expected = 0;
      for (let k = 0; k < classes; k++) expected += probabilities[k * rows + i] * costs[k][label];
      if (expected < least) {
        least = expected;
        decided[i] = label;
      }
    }
  }
  return decided;
}

/**
 * What the decisions of a confusion matrix cost by row.
 *
 * @param matrix Rows by true and predicted class.
 * @param costs Cost by true class (first index) and predicted class (second index).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(meanCost([[8, 2], [1, 9]], [[0, 5], [1, 0]]), 11 / 20);
 * ```
 */
export function meanCost(
  matrix: ConfusionMatrix,
  costs: readonly (readonly number[])[],
): number {
  let cost = 0;
  let rows = 0;
  matrix.forEach((row, i) =>
    row.forEach((count, j) => {
      cost += count * costs[i][j];
      rows += count;
    })
  );
  return cost / rows;
}
