/** How much each row counts, from the cells of a column. */

import { DataError } from "../base/mod.ts";
import type { Cell } from "../dataset/mod.ts";
import { sharedFloat32 } from "./clean_data.ts";
import { parseNumber } from "./columns/number.ts";
import { textOf } from "./missing.ts";

/**
 * Reads weights: each row must have one, since a row without would count as much as others or
 * not at all, and nobody knows which.
 *
 * @throws {DataError} if a cell is no finite number of 0 or more, or all are 0. Row numbers
 * count from 1.
 */
export function readWeights(
  column: string,
  cells: readonly Cell[],
): Float32Array<SharedArrayBuffer> {
  const weights = sharedFloat32(cells.length);
  let total = 0;
  cells.forEach((cell, i) => {
    const text = textOf(cell, column, i).trim();
    const weight = Math.fround(typeof cell === "number" ? cell : parseNumber(text));
    if (!(weight >= 0 && weight < Infinity)) {
      throw new DataError(
        `Cannot read weights from column "${column}": row ${i + 1} holds ${
          JSON.stringify(text)
        }, ` +
          `wanted a finite number of 0 or more`,
        { next: "give each row a weight: 1 to count as it is, 0 not to count" },
      );
    }
    weights[i] = weight;
    total += weight;
  });
  if (total > 0) return weights;
  throw new DataError(`Cannot read weights from column "${column}": all ${cells.length} are 0`, {
    next: "give at least one row a positive weight",
  });
}
