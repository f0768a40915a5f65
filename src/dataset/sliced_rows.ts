/** Rows with a target that are read in slices, so that no one holds them all. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "./matrix.ts";

/** A table of numbers, larger than memory perhaps. */
export interface SlicedRows {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
  /**
   * Writes rows `from` to `from + slice.rows − 1` to `slice` and their targets to `targets`; NaN
   * for what is missing. The same rows are the same each time.
   */
  read(
    from: number,
    slice: Matrix,
    targets: Float64Array<SharedArrayBuffer>,
    pool?: WorkerPool,
  ): Promise<void>;
}
