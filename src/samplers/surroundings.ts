/** What surrounds the rows of the smaller classes in the whole training set. */

import type { Minority } from "./classes.ts";
import type { Labelled, SampleOptions } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";

/**
 * How many of the k rows nearest to each row of a class are of other classes.
 *
 * @returns For each of `classes` one count for each of its rows.
 */
export async function foreignNeighbours(
  { X, y }: Labelled,
  classes: readonly Minority[],
  k: number,
  how: SampleOptions,
): Promise<Uint16Array[]> {
  const everyRow = Int32Array.from(y.keys());
  // One search for all classes: the rows to search among are the same.
  const queries = Int32Array.from(classes.flatMap(({ rows }) => [...rows]));
  const neighbours = await nearestNeighbours(X, everyRow, queries, k, how);
  let at = 0;
  return classes.map(({ label, rows }) => {
    const counts = new Uint16Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < k; j++) if (y[neighbours[at++]] !== label) counts[i]++;
    }
    return counts;
  });
}
