/** What a search of a training found. */

import type { SearchPlan, Trial } from "../search/mod.ts";
import type { Candidate } from "./candidate.ts";
import type { PairedComparison } from "../metrics/mod.ts";

/** A trial, with what it made of the rows. */
export interface TrialRecord extends Trial {
  /** Who was tried. */
  readonly candidate: Candidate;
  /** The metric that is compared, fold by fold as far as it came. */
  readonly folds: readonly number[];
  /** Validation loss of the first fold by boosting round, if that was watched. */
  readonly rounds?: Trial["reports"];
  /** Why it failed, one sentence. */
  readonly failure?: string;
}

/** A trial that was not made because the time was up. */
export interface SkippedTrial {
  /** Its place among the trials. */
  readonly skipped: number;
}

/** How the chosen trial does against another on the same folds. */
export interface TrialComparison extends PairedComparison {
  /** Place of the other trial. */
  readonly number: number;
}

/** What a search within the training rows of a fold came to. */
export interface NestedFold {
  /** What it chose. */
  readonly params: Trial["params"];
  /** The metric by which it was chosen, on the folds within. */
  readonly inner: number;
  /** The metric on the rows that the search has not seen. */
  readonly outer: number;
}

/** Everything that a search found. */
export interface SearchFindings {
  /** How it went about. */
  readonly plan: SearchPlan;
  /** Its trials, by number. */
  readonly trials: readonly TrialRecord[];
  /** Place of the trial that is trained and exported. */
  readonly chosen: number;
  /** Place of the trial with the best mean, which another rule may have passed over. */
  readonly best: number;
  /** How the trial was chosen. */
  readonly rule: "best" | "oneStandardError";
  /** Share of the variance that each parameter explains alone, greatest first. */
  readonly importance: readonly { readonly name: string; readonly share: number }[];
  /** The best against the others, by rising number. */
  readonly comparisons: readonly TrialComparison[];
  /** Trials that there was no time for. */
  readonly skipped: number;
}
