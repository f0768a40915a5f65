/** What every sampler takes and gives. */

import type { Random, WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";

/** Rows and labels of a training set. */
export interface Labelled {
  /** Features, one row for each label. */
  readonly X: Matrix;
  /** Class of each row, 0 to classes − 1, shape [rows]. */
  readonly y: Int32Array;
  /** Columns that hold codes of categories, which nothing may lie between; none if left out. */
  readonly categorical?: readonly number[];
  /** Names of the classes for error messages; their numbers where left out. */
  readonly classNames?: readonly string[];
  /** Names of the columns for error messages; their numbers where left out. */
  readonly columnNames?: readonly string[];
}

/** A training set after sampling. */
export interface Sampled extends Labelled {
  /**
   * For each row of the result the input row it was copied or made from (for a
   * synthetic row the one it started at), shape [rows].
   */
  readonly sourceIndices: Int32Array;
}

/** How a sampler works. */
export interface SampleOptions {
  /**
   * Workers to spread the search for neighbours over; the result does not
   * depend on it. One thread without it, as inside a worker.
   */
  readonly pool?: WorkerPool;
  /** Stops the sampling. */
  readonly signal?: AbortSignal;
}

/** Balances the classes of a training set. */
export interface Sampler {
  /** Name in reports and file names, as `SMOTE`. */
  readonly name: string;
  /**
   * Gives a balanced training set; the input is left as it is.
   *
   * @throws {DataError} if a class is too small for the method, or the method
   * measures distances and a value is missing.
   */
  sample(data: Labelled, random: Random, options?: SampleOptions): Sampled | Promise<Sampled>;
}
