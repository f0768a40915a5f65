/** What every detector of anomalies has in common. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../dataset/mod.ts";

/** How a detector is fitted. */
export interface DetectorOptions {
  /** Where its randomness starts. */
  readonly seed: number;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
  /** Workers to spread work over; the result is the same. */
  readonly pool?: WorkerPool;
}

/** Learns from rows what is usual, without any label. */
export interface Detector<Model> {
  /** What it is called, as `IsolationForest`. */
  readonly name: string;
  /** Its parameters, defaults filled in. */
  readonly params: Readonly<Record<string, unknown>>;
  /**
   * Fits it.
   *
   * @throws {DataError} for fewer than two rows, or values that it cannot read.
   */
  fit(X: Matrix, options: DetectorOptions): Promise<Model>;
}
