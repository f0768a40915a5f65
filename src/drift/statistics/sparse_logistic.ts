/** A light logistic regression on sparse rows, for telling two samples apart. */

import type { Random } from "../../base/mod.ts";

/** Features of a row that are not 0. */
export interface SparseRow {
  /** Which features, each below the number of features. */
  readonly indices: Int32Array;
  /** Their values, shape [indices]. */
  readonly values: Float32Array;
}

const PASSES = 8;
const STEP = 0.1;
const SHRINKAGE = 1e-4;

/**
 * Fits a logistic regression by stochastic gradients with a step for each
 * feature (AdaGrad), and gives the scores of other rows.
 *
 * Source: Duchi, Hazan and Singer, 2011, "Adaptive subgradient methods".
 *
 * @param rows Rows to learn from.
 * @param labels 0 or 1 for each of them.
 * @param others Rows to score.
 * @param features Number of features.
 * @returns Scores of the others, higher if 1 is more likely, shape [others].
 */
export function fitAndScore(
  rows: readonly SparseRow[],
  labels: Uint8Array,
  others: readonly SparseRow[],
  features: number,
  random: Random,
): Float64Array {
  const weights = new Float64Array(features);
  const squares = new Float64Array(features).fill(1e-8);
  let [bias, biasSquares] = [0, 1e-8];
  const scoreOf = ({ indices, values }: SparseRow) => {
    let score = bias;
    for (let i = 0; i < indices.length; i++) score += weights[indices[i]] * values[i];
    return score;
  };
  const order = Int32Array.from(rows, (_, i) => i);
  for (let pass = 0; pass < PASSES; pass++) {
    for (const index of random.shuffle(order)) {
      const row = rows[index];
      const error = 1 / (1 + Math.exp(-scoreOf(row))) - labels[index];
      biasSquares += error * error;
      bias -= STEP * error / Math.sqrt(biasSquares);
      for (let i = 0; i < row.indices.length; i++) {
        const feature = row.indices[i];
        const gradient = error * row.values[i] + SHRINKAGE * weights[feature];
        squares[feature] += gradient * gradient;
        weights[feature] -= STEP * gradient / Math.sqrt(squares[feature]);
      }
    }
  }
  return Float64Array.from(others, scoreOf);
}
