/** Raw columns as they were read, before any cleaning. */

/** A raw value: text, a number, or null if nothing was there. */
export type Cell = string | number | null;

/** Raw columns of equal length, in the order of the file. */
export interface Table {
  /** Number of rows. */
  readonly rows: number;
  /** The cells of each column by name, each of length `rows`. */
  readonly columns: Readonly<Record<string, readonly Cell[]>>;
}

/** A new table of the rows at `indices`, in their order; indices may repeat. */
export function takeTableRows(table: Table, indices: ArrayLike<number>): Table {
  const columns: Record<string, Cell[]> = {};
  for (const [name, cells] of Object.entries(table.columns)) {
    columns[name] = Array.from(indices, (index) => cells[index]);
  }
  return { rows: indices.length, columns };
}
