/** What the trials of a search come to: the one that is trained, and how sure that is. */

import { DataError, deriveSeed, UsageError } from "../../base/mod.ts";
import { randomForestRegressor } from "../../learners/mod.ts";
import { pairedComparison } from "../../metrics/mod.ts";
import { encodeTrials, fanova, loss, type SearchPlan } from "../../search/mod.ts";
import { meanOf, type SelectionRule, simplest } from "../selection.ts";
import type { SearchFindings, TrialComparison, TrialRecord } from "../trials.ts";

/** Trees of the forest that tells what each parameter mattered. */
const FOREST = 64;

/** Fewer complete trials say nothing of parameters. */
const FEWEST_TRIALS = 8;

/**
 * Chooses a trial.
 *
 * @param all Trials by rising number.
 * @param testShare Test rows through training rows of a fold.
 * @throws {DataError} if no trial came to its end.
 */
export async function chooseTrial(
  plan: SearchPlan,
  all: readonly TrialRecord[],
  skipped: number,
  rule: SelectionRule,
  testShare: number,
): Promise<SearchFindings> {
  const complete = all.filter(({ state }) => state === "complete");
  if (complete.length === 0) throw nothingFound(all, skipped);
  const ranked = complete.map((trial) => ({ ...trial, values: trial.folds }))
    .sort((a, b) => loss(a.value, plan.direction) - loss(b.value, plan.direction));
  const [best] = ranked;
  const chosen = rule === "best" ? best : simplest(ranked, plan.direction === "maximize");
  return {
    plan,
    trials: all,
    best: best.number,
    chosen: chosen.number,
    rule,
    skipped,
    importance: await importanceOf(plan, complete),
    comparisons: complete.filter(({ number }) => number !== best.number)
      .flatMap((other) => compared(best, other, testShare)),
  };
}

function compared(
  best: TrialRecord,
  other: TrialRecord,
  testShare: number,
): TrialComparison[] {
  if (best.folds.length < 2) return [];
  return [{ number: other.number, ...pairedComparison(best.folds, other.folds, testShare) }];
}

function nothingFound(all: readonly TrialRecord[], skipped: number): Error {
  if (all.length === 0) {
    return new UsageError(`Cannot search: there was no time for any of ${skipped} trials`, {
      next: "give a longer timeout",
    });
  }
  const failed = all.filter(({ state }) => state === "failed");
  const reasons = [...new Set(failed.map(({ failure }) => failure))].slice(0, 3).join("; ");
  const parts = [
    ...failed.length > 0 ? [`${failed.length} failed (${reasons})`] : [],
    ...failed.length < all.length ? [`${all.length - failed.length} were pruned`] : [],
    ...skipped > 0 ? [`there was no time for ${skipped}`] : [],
  ];
  return new DataError(
    `Cannot search: none of ${all.length} trials came to its end: ${parts.join(", ")}`,
    { next: "give another space, more trials, or a pruner that gives up later" },
  );
}

/**
 * How much of the metric's variance over the space each parameter explains alone, by fANOVA
 * on a forest that learned the complete trials.
 */
async function importanceOf(
  { space, seed }: SearchPlan,
  complete: readonly TrialRecord[],
): Promise<SearchFindings["importance"]> {
  if (complete.length < FEWEST_TRIALS) return [];
  const { X, axes } = encodeTrials(space, complete.map(({ params }) => params));
  if (axes.length === 0) return [];
  const y = Float64Array.from(complete, ({ value }) => value!);
  const forest = randomForestRegressor({ nEstimators: FOREST });
  const { trees } = await forest.fit(X, y, { seed: deriveSeed(seed, 11) });
  const shares = fanova(trees, axes);
  return axes.map(({ name }, a) => ({ name, share: shares[a] }))
    .sort((a, b) => b.share - a.share);
}

/** Mean test rows through training rows of folds. */
export function testShareOf(
  folds: readonly { readonly train: Int32Array; readonly test: Int32Array }[],
): number {
  return meanOf(folds.map(({ train, test }) => test.length / train.length));
}
