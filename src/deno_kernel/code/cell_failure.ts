/** What made a cell fail, and where. */

/** A failure of a cell. */
export interface CellFailure {
  /** The cell, counted from 1 over all cells of the notebook. */
  readonly cell: number;
  /** The line in the cell, counted from 1; undefined if nothing tells it. */
  readonly line?: number;
  /** What happened, as `TypeError: x is not a function`. */
  readonly message: string;
  /** What to do, where that is known. */
  readonly next?: string;
}
