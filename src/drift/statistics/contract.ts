/** What every statistic declares of itself. */

import type { DriftColumnKind } from "../result.ts";

/** A measure of how far two samples lie apart, or of how likely that is by chance. */
export interface Statistic<Input> {
  /** Short name; Evidently's if it has the same statistic. */
  readonly name: string;
  /** Kinds of columns it can judge. */
  readonly kinds: readonly DriftColumnKind[];
  /** Where drift begins unless something else is asked for. */
  readonly threshold: number;
  /** Whether scores at or below the threshold mean drift (p-values), or those at or above it. */
  readonly drifts: "below" | "above";
  /** Whether it takes two counts on each side, no more. */
  readonly twoCounts?: true;
  /** One sentence on when to choose it. */
  readonly goodFor: string;
  /**
   * Measures two samples, neither of them empty.
   *
   * `Input` is rising `Float64Array`s of numbers without NaN (shape [values]), counts of the same
   * categories or bins on both sides (shape [categories]), or texts.
   */
  readonly measure: (reference: Input, current: Input) => Measurement;
}

/** What a statistic declares, but for how it measures. */
export type StatisticHead = Omit<Statistic<never>, "measure">;

/** What a statistic found. */
export interface Measurement {
  /** What is held against the threshold. */
  readonly score: number;
  /** Chance of such a difference under no drift, null if the statistic is a plain distance. */
  readonly pValue: number | null;
}

/** What a statistic says by its own threshold. */
export interface Verdict extends Measurement {
  /** Name of the statistic. */
  readonly test: string;
  /** Where drift begins. */
  readonly threshold: number;
  /** Whether the score lies there. */
  readonly drifted: boolean;
}

/** Measures two samples and holds the score against the statistic's threshold. */
export function judgeByThreshold<Input>(
  { name: test, threshold, drifts, measure }: Statistic<Input>,
  reference: Input,
  current: Input,
): Verdict {
  const { score, pValue } = measure(reference, current);
  const drifted = drifts === "below" ? score <= threshold : score >= threshold;
  return { test, score, pValue, threshold, drifted };
}
