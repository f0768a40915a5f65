/** Under-sampling where neighbours disagree. */

import { DataError, fillSettings } from "../base/mod.ts";
import { checkDistances, checkNeighbourCount, countedRows, minorityOf } from "./classes.ts";
import type { Sampler } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { selected } from "./selection.ts";

/** Parameters of {@link editedNearestNeighbours}. */
export interface EditedNearestNeighboursOptions {
  /** Nearest rows that all have to be of a row's class for it to stay, 1 or more. Default 3. */
  readonly nNeighbors?: number;
}

/**
 * Leaves out rows that have a neighbour of another class. Rows of the smallest
 * class are kept (the first of equally small ones). The others keep their
 * order.
 *
 * The sampler throws {@link DataError} where the training set has `nNeighbors`
 * rows or fewer, or a value is missing.
 *
 * Source: Wilson, 1972; imbalanced-learn `EditedNearestNeighbours` with
 * `kind_sel="all"`.
 *
 * @throws {UsageError} if a number of neighbours is not a whole number of 1 or more.
 */
export function editedNearestNeighbours(
  options: EditedNearestNeighboursOptions = {},
): Sampler {
  const name = "ENN";
  const { nNeighbors } = fillSettings(name, { nNeighbors: 3 }, options);
  checkNeighbourCount(nNeighbors, name);
  return {
    name,
    async sample(data, _random, how = {}) {
      checkDistances(data, name);
      const { X, y } = data;
      const minority = minorityOf(y);
      const asked = Int32Array.from(y.keys()).filter((row) => y[row] !== minority);
      if (asked.length > 0 && y.length <= nNeighbors) {
        throw new DataError(
          `Cannot sample with ${name}: there are ${
            countedRows(y.length)
          }, ${nNeighbors} neighbours of each need at least ${nNeighbors + 1}`,
          { next: "add rows or ask for fewer neighbours" },
        );
      }
      const rows = Int32Array.from(y.keys());
      const neighbours = await nearestNeighbours(X, rows, asked, nNeighbors, how);
      const edited = new Uint8Array(y.length);
      neighbours.forEach((neighbour, at) => {
        const row = asked[Math.floor(at / nNeighbors)];
        if (y[neighbour] !== y[row]) edited[row] = 1;
      });
      return selected(data, (row) => edited[row] === 0);
    },
  };
}
