/** What the prediction path asks of a model, however it is run. */

import type { Cancellation } from "../contract.ts";

/** What a model says about one record. */
export interface Scores {
  /** Place of the predicted class among the model's classes; nothing where others are predicted. */
  readonly code: number;
  /** Probability of each class, in the order of the model's classes, or the predicted number. */
  readonly scores: readonly number[];
  /** Tells what each raw column adds to the score; absent where nobody knows. */
  readonly reasons?: () => ReadonlyMap<string, number>;
  /** `performance.now()` at the start of the inference. */
  readonly startedAt: number;
  /** `performance.now()` at its end. */
  readonly endedAt: number;
}

/** Predicts single records. */
export interface Inference {
  /** Number of records that wait. */
  readonly waiting: number;
  /**
   * Predicts a record.
   *
   * @param values Its values in the order of the model's inputs: numbers with
   * NaN for missing, or texts with "" for missing.
   * @param signal Calls it off while it waits; the promise then rejects with its reason.
   */
  predict(values: readonly (number | string)[], signal?: Cancellation): Scores | Promise<Scores>;
}
