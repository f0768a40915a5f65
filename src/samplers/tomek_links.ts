/** Under-sampling where classes touch. */

import { checkDistances, minorityOf } from "./classes.ts";
import type { Labelled, SampleOptions, Sampler } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { selected } from "./selection.ts";

/**
 * Leaves out the rows of Tomek links: two rows of different classes that are
 * nearest to each other. Rows of the smallest class are kept (the first of
 * equally small ones). The others keep their order.
 *
 * The sampler throws {@link DataError} where a value is missing.
 *
 * Source: Tomek, 1976, "Two Modifications of CNN"; imbalanced-learn `TomekLinks`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * const data = { X: matrixFromRows([[0], [1], [9], [9.1]]), y: Int32Array.of(0, 0, 0, 1) };
 * const { sourceIndices } = await tomekLinks().sample(data, new Random(42));
 * assertEquals([...sourceIndices], [0, 1, 3]);
 * ```
 */
export function tomekLinks(): Sampler {
  const name = "TomekLinks";
  return {
    name,
    async sample(data, _random, how = {}) {
      checkDistances(data, name);
      const linked = await linkedRows(data, how);
      const minority = minorityOf(data.y);
      return selected(data, (row) => linked[row] === 0 || data.y[row] === minority);
    },
  };
}

/**
 * 1 for each row that is part of a Tomek link, shape [rows].
 *
 * @param data Rows without missing values.
 */
export async function linkedRows(
  { X, y }: Labelled,
  how: SampleOptions,
): Promise<Uint8Array> {
  const linked = new Uint8Array(y.length);
  // A single row has no neighbour.
  if (y.length < 2) return linked;
  const rows = Int32Array.from(y.keys());
  const nearest = await nearestNeighbours(X, rows, rows, 1, how);
  for (let row = 0; row < y.length; row++) {
    const other = nearest[row];
    if (y[other] !== y[row] && nearest[other] === row) linked[row] = 1;
  }
  return linked;
}
