/** What a way of giving up trials takes and says. */

import type { Direction, Report, Trial } from "../trial.ts";

/** What is known when a trial has told a value. */
export interface JudgedTrial {
  /** Place of the trial, from 0. */
  readonly number: number;
  /** What it told so far, by rising step; the last is new. */
  readonly reports: readonly Report[];
  /** Trials that had ended when it began. */
  readonly history: readonly Trial[];
  /** Which values are better. */
  readonly direction: Direction;
  /** Seed of what is dealt by chance. */
  readonly seed: number;
}

/** A way of giving up trials, in a file of its own. */
export interface TrialPruner<Options> {
  /** Settings that it has, with their defaults. */
  readonly defaults: Required<Options>;
  /** Refuses settings out of their range. */
  check(options: Required<Options>): void;
  /** Whether the trial is hopeless. */
  prunes(judged: JudgedTrial, options: Required<Options>): boolean;
}
