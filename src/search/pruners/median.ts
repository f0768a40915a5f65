/** Trials that are worse than the median of the others are given up. */

import { UsageError } from "../../base/mod.ts";
import { loss } from "../trial.ts";
import type { TrialPruner } from "./contract.ts";

/** Settings of {@link median}. */
export interface MedianOptions {
  /** Complete trials before any is given up; default 5. */
  readonly startupTrials?: number;
  /** Steps at the start of a trial at which it is never given up; default 0. */
  readonly warmupSteps?: number;
  /** A trial is judged once in so many steps; default 1. */
  readonly intervalSteps?: number;
  /**
   * Whether a trial is judged by its "best" value so far (default), as a curve that learns, or by
   * its "last", as a mean over folds, which the luck of the first fold must not save.
   */
  readonly judge?: "best" | "last";
}

/**
 * Gives up a trial whose best value so far is worse than the median of what complete
 * trials told at the same step, as Optuna's `MedianPruner` (Golovin et al., 2017,
 * "Google Vizier", section 3.2.2, is its source). A trial that told no number yet is given up.
 */
export const median: TrialPruner<MedianOptions> = {
  defaults: { startupTrials: 5, warmupSteps: 0, intervalSteps: 1, judge: "best" },
  check({ judge, ...options }) {
    if (judge !== "best" && judge !== "last") {
      throw new UsageError(`Cannot set judge of median to ${judge}`, {
        next: 'give "best" or "last"',
      });
    }
    for (const [name, value] of Object.entries(options)) {
      const least = name === "intervalSteps" ? 1 : 0;
      if (Number.isInteger(value) && value >= least) continue;
      throw new UsageError(`Cannot set ${name} of median to ${value}`, {
        next: `give a whole number of ${least} or more`,
      });
    }
  },
  prunes({ reports, history, direction }, { startupTrials, warmupSteps, intervalSteps, judge }) {
    const complete = history.filter(({ state }) => state === "complete");
    const { step } = reports[reports.length - 1];
    if (complete.length === 0 || complete.length < startupTrials || step < warmupSteps) {
      return false;
    }
    const since = Math.floor((step - warmupSteps) / intervalSteps) * intervalSteps + warmupSteps;
    const before = reports[reports.length - 2]?.step ?? -1;
    if (before >= since) return false;
    const judged = judge === "last" ? reports.slice(-1) : reports;
    const best = Math.min(...judged.map(({ value }) => loss(value, direction)));
    // Only NaN has no loss; an infinite value is one of the worst.
    if (reports.every(({ value }) => Number.isNaN(value))) return true;
    const there = complete.flatMap(({ reports }) =>
      reports.filter((report) => report.step === step && !Number.isNaN(report.value))
        .map(({ value }) => loss(value, direction))
    );
    return there.length > 0 && best > middle(there);
  },
};

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
