/** Successive halving in brackets: few trials are given much, many little. */

import { deriveSeed, Random, UsageError } from "../../base/mod.ts";
import { type Direction, loss, type Report, type Trial } from "../trial.ts";
import type { JudgedTrial, TrialPruner } from "./contract.ts";

/** Settings of {@link hyperband}. */
export interface HyperbandOptions {
  /** The step up to which no trial is given up; default 1. */
  readonly minResource?: number;
  /** The last step of a trial; by default that of the first complete ones. */
  readonly maxResource?: number | "auto";
  /** One in so many goes on at each rung; default 3. */
  readonly reductionFactor?: number;
}

/** A bracket: where its first rung is, and how many trials it gets of all. */
interface Bracket {
  readonly firstStep: number;
  readonly share: number;
}

/** The brackets; none as long as no trial is complete that says how far trials go. */
export function bracketsOf(
  { minResource, maxResource, reductionFactor }: Required<HyperbandOptions>,
  history: readonly Trial[],
): Bracket[] {
  const last = maxResource === "auto"
    ? Math.max(
      ...history.filter(({ state }) => state === "complete")
        .map(({ reports }) => (reports.at(-1)?.step ?? -Infinity) + 1),
    )
    : maxResource;
  if (!Number.isFinite(last)) return [];
  // Multiplied up: a quotient of logarithms may fall just below a whole number.
  let count = 1;
  while (minResource * reductionFactor ** count <= last) count++;
  return Array.from({ length: count }, (_, bracket) => {
    const halvings = count - 1 - bracket;
    return {
      firstStep: minResource * reductionFactor ** bracket,
      share: Math.ceil(count * reductionFactor ** halvings / (halvings + 1)),
    };
  });
}

function bracketOf(brackets: readonly Bracket[], number: number, seed: number): number {
  const total = brackets.reduce((sum, { share }) => sum + share, 0);
  let place = new Random(deriveSeed(seed, number)).int(total);
  return brackets.findIndex(({ share }) => (place -= share) < 0);
}

/**
 * Values at the rungs that a trial reached: at the step of a rung, or the first that it told
 * after it. At each rung it must be among the best of those that reached it before it.
 */
export function rungValues(
  reports: readonly Report[],
  firstStep: number,
  factor: number,
): number[] {
  const values: number[] = [];
  for (const { step, value } of reports) {
    while (step >= firstStep * factor ** values.length && !Number.isNaN(value)) values.push(value);
  }
  return values;
}

/** Whether a trial fails at the last step that it told, in one bracket. */
export function halves(
  { reports, history, direction }: Omit<JudgedTrial, "number" | "seed">,
  firstStep: number,
  factor: number,
): boolean {
  const before = rungValues(reports.slice(0, -1), firstStep, factor);
  const { step, value } = reports[reports.length - 1];
  if (step < firstStep * factor ** before.length) return false;
  if (Number.isNaN(value)) return true;
  const reached = rungValues(reports, firstStep, factor);
  for (let rung = before.length; rung < reached.length; rung++) {
    const others = history.map(({ reports }) => rungValues(reports, firstStep, factor)[rung])
      .filter((other) => other !== undefined);
    if (!goesOn(value, others, factor, direction)) return true;
  }
  return false;
}

function goesOn(
  value: number,
  others: readonly number[],
  factor: number,
  direction: Direction,
): boolean {
  const all = [...others, value].map((other) => loss(other, direction)).sort((a, b) => a - b);
  const places = Math.max(Math.floor(all.length / factor), 1);
  return loss(value, direction) <= all[places - 1];
}

/**
 * Hyperband with asynchronous successive halving in each bracket, as Optuna's
 * `HyperbandPruner`; trials are dealt to brackets by the seed.
 *
 * Sources: Li et al. (2018), "Hyperband", JMLR 18(185); Li et al. (2020), "A System for
 * Massively Parallel Hyperparameter Tuning".
 */
export const hyperband: TrialPruner<HyperbandOptions> = {
  defaults: { minResource: 1, maxResource: "auto", reductionFactor: 3 },
  check({ minResource, maxResource, reductionFactor }) {
    const refuse = (name: string, value: unknown, wanted: string): never => {
      throw new UsageError(`Cannot set ${name} of hyperband to ${value}`, { next: wanted });
    };
    const isWhole = (value: unknown, least: number) =>
      Number.isInteger(value) && value as number >= least;
    if (!isWhole(minResource, 1)) {
      refuse("minResource", minResource, "give a whole number of 1 or more");
    }
    if (!isWhole(reductionFactor, 2)) {
      refuse("reductionFactor", reductionFactor, "give a whole number of 2 or more");
    }
    if (maxResource !== "auto" && !isWhole(maxResource, minResource)) {
      refuse("maxResource", maxResource, `give "auto" or a whole number of ${minResource} or more`);
    }
  },
  prunes(judged, options) {
    const { number, history, seed } = judged;
    const brackets = bracketsOf(options, history);
    if (brackets.length === 0) return false;
    const own = bracketOf(brackets, number, seed);
    const among = history.filter((trial) => bracketOf(brackets, trial.number, seed) === own);
    const { firstStep } = brackets[own];
    return halves({ ...judged, history: among }, firstStep, options.reductionFactor);
  },
};
