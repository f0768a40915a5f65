/** What a model loses if a column says nothing, whatever the model. */

import { deriveSeed, Random, YieldingLoop } from "../base/mod.ts";
import type { InspectionOptions, RowPredictions } from "./partial_dependence.ts";

/** How much worse a score becomes as a column is shuffled. */
export interface PermutationImportance {
  /** Score without shuffling less the score with it, in the direction of better, shape [columns × repeats]. */
  readonly importances: Float64Array;
  /** Mean over the repeats, shape [columns]. */
  readonly means: Float64Array;
  /** Standard deviation over the repeats, shape [columns]. */
  readonly deviations: Float64Array;
  /** The score of the rows as they are. */
  readonly baseline: number;
}

/** What is shuffled, and how it is scored. */
export interface PermutationTask {
  /** Number of columns. */
  readonly columns: number;
  /** Number of rows. */
  readonly rows: number;
  /** Predicts all rows with the cells of a column in another order; as they are without one. */
  readonly predict: (column?: number, order?: Int32Array) => Promise<RowPredictions>;
  /** Scores predictions. */
  readonly score: (predictions: RowPredictions) => number;
  /** Which scores are better. */
  readonly direction: "higher" | "lower";
}

/** How often columns are shuffled, and by which seed. */
export interface PermutationOptions extends Omit<InspectionOptions, "sampleWeight"> {
  /** How often each column is shuffled, 1 or more; default 5. */
  readonly repeats?: number;
  /** Seed of the shuffles; a column's do not depend on the columns beside it. */
  readonly seed: number;
}

/**
 * Permutation importance: how much worse rows are predicted when the cells of a column change
 * places. Columns that tell the same share their importance, or hide each other's.
 *
 * Source: Breiman, 2001, "Random Forests"; scikit-learn `permutation_importance`.
 *
 * @throws {RangeError} if there are no rows.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * const x = [1, 2, 3, 4];
 * const { means } = await permutationImportance({
 *   ...{ columns: 2, rows: 4, direction: "lower" as const },
 *   // The first column is predicted, the second one read by nobody.
 *   predict: (column, order) =>
 *     Promise.resolve(Float64Array.from(x, (_, i) => x[column === 0 ? order![i] : i])),
 *   score: (found) => x.reduce((sum, value, i) => sum + Math.abs(value - found[i]), 0),
 * }, { seed: 1 });
 * assert(means[0] > 0);
 * assertEquals(means[1], 0);
 * ```
 */
export async function permutationImportance(
  { columns, rows, predict, score, direction }: PermutationTask,
  { repeats = 5, seed, signal, onProgress }: PermutationOptions,
): Promise<PermutationImportance> {
  if (rows < 1) throw new RangeError("Cannot shuffle 0 rows; give at least one");
  const pace = new YieldingLoop({ signal, onProgress });
  const sign = direction === "higher" ? 1 : -1;
  const baseline = score(await predict());
  const importances = new Float64Array(columns * repeats);
  const means = new Float64Array(columns);
  const deviations = new Float64Array(columns);
  for (let column = 0; column < columns; column++) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = new Random(deriveSeed(seed, column, repeat))
        .shuffle(Int32Array.from({ length: rows }, (_, row) => row));
      const shuffled = score(await predict(column, order));
      importances[column * repeats + repeat] = sign * (baseline - shuffled);
      await pace.step((column * repeats + repeat + 1) / (columns * repeats));
    }
    const own = importances.subarray(column * repeats, (column + 1) * repeats);
    means[column] = own.reduce((sum, value) => sum + value, 0) / repeats;
    deviations[column] = Math.sqrt(
      own.reduce((sum, value) => sum + (value - means[column]) ** 2, 0) / repeats,
    );
  }
  return { importances, means, deviations, baseline };
}
