/** What a way of choosing parameters takes and gives. */

import type { Random } from "../../base/mod.ts";
import type { Parameters, Space } from "../distributions.ts";
import type { Direction, Trial } from "../trial.ts";

/** What is known when a trial is asked for. */
export interface Asked {
  /** What may be chosen. */
  readonly space: Space;
  /** Trials that have ended, by rising number. */
  readonly history: readonly Trial[];
  /** Parameters of trials that are under way, by rising number. */
  readonly pending: readonly Parameters[];
  /** Place of the trial that is asked for, from 0. */
  readonly number: number;
  /** Which values are better. */
  readonly direction: Direction;
  /** Chance, of this trial's own. */
  readonly random: Random;
}

/** A way of choosing parameters, in a file of its own. */
export interface TrialSampler<Options> {
  /** Settings that it has, with their defaults. */
  readonly defaults: Required<Options>;
  /** Refuses settings out of their range. */
  check(options: Required<Options>): void;
  /** How many trials there are at the most; absent if there is no end. */
  count?(space: Space, options: Required<Options>): number;
  /** Chooses the parameters of a trial. */
  ask(asked: Asked, options: Required<Options>): Parameters;
}
