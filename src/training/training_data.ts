/** Training data as it was read, with what identifies it. */

import type { Table } from "../table/mod.ts";

/** A table and the file it came from. */
export interface TrainingData {
  /** Path of the file. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Its raw columns. */
  readonly table: Table;
}
