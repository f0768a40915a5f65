/** Whether rows can be learned from. */

import { DataError } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";

/**
 * Refuses rows of which nothing usual can be learned.
 *
 * @param missing Whether missing values will do.
 * @throws {DataError} saying what was found.
 */
export function checkRows(detector: string, X: Matrix, missing: "kept" | "refused"): void {
  const cannot = (found: string, next: string) => {
    throw new DataError(`Cannot fit ${detector}: ${found}`, { next });
  };
  if (X.rows < 2) cannot(`there are ${X.rows} rows`, "give at least two rows");
  if (X.columns === 0) cannot("the rows have no columns", "declare at least one column");
  if (X.bags !== undefined) {
    cannot(`column ${X.bags[0].column + 1} holds texts`, "leave out columns of free text");
  }
  for (let at = 0; at < X.data.length; at++) {
    const value = X.data[at];
    if (Number.isFinite(value) || (missing === "kept" && Number.isNaN(value))) continue;
    const [column, row] = [Math.floor(at / X.rows) + 1, at % X.rows + 1];
    const found = Number.isNaN(value) ? "a missing value" : String(value);
    cannot(
      `row ${row} holds ${found} in column ${column}`,
      Number.isNaN(value) ? "fill missing values, or choose isolationForest or ecod" : "correct it",
    );
  }
}
