/** Training data as it was read, with what identifies it. */

import type { Profiles } from "../profile/mod.ts";
import type { Table } from "../dataset/mod.ts";

/** A table and the file it came from. */
export interface TrainingData {
  /** Path of the file. */
  readonly path: string;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Its raw columns. */
  readonly table: Table;
  /** What is usual of each entity after the last row, where rows are events. */
  readonly profiles?: Profiles;
}
