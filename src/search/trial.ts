/** What a search remembers of its trials; plain data. */

import type { Parameters } from "./distributions.ts";

/** A value that a trial told before its end. */
export interface Report {
  /** How far the trial was: rounds, folds; rising. */
  readonly step: number;
  /** The value there. */
  readonly value: number;
}

/** A trial that has ended. */
export interface Trial {
  /** Its place among the trials, from 0. */
  readonly number: number;
  /** What was tried. */
  readonly params: Parameters;
  /** How it ended: with a value, stopped as hopeless, or with an error. */
  readonly state: "complete" | "pruned" | "failed";
  /** What it came to; only of complete ones. */
  readonly value?: number;
  /** What it told on its way, by rising step. */
  readonly reports: readonly Report[];
}

/** Which values are better. */
export type Direction = "minimize" | "maximize";

/** A value as one to be minimized; no number is worst. */
export function loss(value: number | undefined, direction: Direction): number {
  if (value === undefined || Number.isNaN(value)) return Infinity;
  return direction === "minimize" ? value : -value;
}

/** The best of complete trials; of equal ones the earliest. */
export function bestTrial<T extends Trial>(
  trials: readonly T[],
  direction: Direction,
): T | undefined {
  let best: T | undefined;
  for (const trial of trials) {
    if (trial.state !== "complete" || Number.isNaN(trial.value)) continue;
    if (best === undefined || loss(trial.value, direction) < loss(best.value, direction)) {
      best = trial;
    }
  }
  return best;
}
