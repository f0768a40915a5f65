/** What every classifier takes and gives. */

import type { WorkerPool } from "../base/mod.ts";
import type { Matrix } from "../table/mod.ts";
import type { TreeEnsemble } from "../trees/mod.ts";

/** How a fit is seeded, spread, watched and stopped. */
export interface FitOptions {
  /** Number of classes; labels are 0 to classes − 1. */
  readonly classes: number;
  /** Seed of everything random in the fit. */
  readonly seed: number;
  /** Weight of each row, shape [rows]; 1 where it is left out. */
  readonly sampleWeight?: Float32Array;
  /** Workers to spread the work over; the result does not depend on it. */
  readonly pool?: WorkerPool;
  /** Stops the fit. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** A fitted tree classifier as plain data: it survives a thread border, JSON and a file. */
export interface TreeClassifier {
  /** Which learner made it. */
  readonly kind: "RandomForest" | "GradientBoosting";
  /** The parameters it was fitted with. */
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  /** Number of classes. */
  readonly classes: number;
  /** The trees. */
  readonly trees: TreeEnsemble;
  /** Share of the total split gain that each feature brought, sums to 1, shape [features]. */
  readonly featureImportances: Float64Array;
}

/** A classifier before it is fitted: parameters and the way to fit them. */
export interface Learner {
  /** Name in reports and file names, as `RandomForest`. */
  readonly name: string;
  /** The parameters that a fit uses, defaults filled in. */
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
  /**
   * Fits the learner to `X` (NaN is a missing value) and labels `y`.
   *
   * @throws {DataError} where the data cannot be learned from; the message names why.
   */
  fit(X: Matrix, y: Int32Array, options: FitOptions): Promise<TreeClassifier>;
}
