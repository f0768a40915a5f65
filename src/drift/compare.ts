/** Compares two samples column by column. */

import type { WorkerPool } from "../base/mod.ts";
import type { DriftResult, PresetName } from "./result.ts";
import type { DriftSample } from "./sample.ts";

/** How samples are compared. */
export interface CompareOptions {
  /** Whose rules are followed; default `calibrated`. */
  readonly preset?: PresetName;
  /** Importance of columns to the model, 0 or more, of any scale; columns left out have 0. */
  readonly importance?: Readonly<Record<string, number>>;
  /** False discovery rate of the calibrated preset, in (0, 1); default 0.05. */
  readonly falseDiscoveryRate?: number;
  /** Whether a classifier tests all columns together; default false. */
  readonly multivariate?: boolean;
  /** Seed of what is sampled or permuted; default 0. */
  readonly seed?: number;
  /** Worker threads that share the columns; default none. */
  readonly pool?: WorkerPool;
}

/** Placeholder signature, filled in next. */
export type Compare = (
  reference: DriftSample,
  current: DriftSample,
  options?: CompareOptions,
) => Promise<DriftResult>;
