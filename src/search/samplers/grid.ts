/** All combinations, in an order by chance. */

import { Random, UsageError } from "../../base/mod.ts";
import {
  cleanDistribution,
  type Distribution,
  highestOf,
  isActive,
  type Parameters,
  type ParameterValue,
  type Space,
  stepOf,
} from "../distributions.ts";
import type { TrialSampler } from "./contract.ts";

/** Settings of {@link gridSampler}. */
export interface GridOptions {
  /** Values of a number without steps, or with more steps than this; default 5. */
  readonly points?: number;
  /** Seed of the order, so that a search that ends early has seen all corners; default 0. */
  readonly seed?: number;
}

/** More combinations than this are no grid that anybody waits for. */
const MOST_COMBINATIONS = 100_000;

function valuesOf(distribution: Distribution, points: number): readonly ParameterValue[] {
  if (distribution.distribution === "categorical") return distribution.choices;
  const { low, log = false } = distribution;
  const high = highestOf(distribution);
  const step = stepOf(distribution);
  const all = step === undefined ? Infinity : Math.round((high - low) / step) + 1;
  const count = low === high ? 1 : Math.min(all, points);
  const spread = Array.from({ length: count }, (_, i) => {
    const share = count === 1 ? 0 : i / (count - 1);
    return cleanDistribution(
      distribution,
      log ? Math.exp(Math.log(low) + share * Math.log(high / low)) : low + share * (high - low),
    );
  });
  return [...new Set(spread)];
}

function combinations(space: Space, points: number): Parameters[] {
  let all: Record<string, ParameterValue>[] = [{}];
  for (const [name, distribution] of Object.entries(space)) {
    const values = valuesOf(distribution, points);
    all = all.flatMap((chosen) =>
      isActive(distribution, chosen)
        ? values.map((value) => ({ ...chosen, [name]: value }))
        : [chosen]
    );
    if (all.length > MOST_COMBINATIONS) {
      throw new UsageError(
        `Cannot search a grid of more than ${MOST_COMBINATIONS.toLocaleString("en")} combinations`,
        { next: "give fewer points or steps, or search by tpe or random" },
      );
    }
  }
  return all;
}

/** All combinations, each once; numbers that have no steps by `points` values. */
export const gridSampler: TrialSampler<GridOptions> = {
  defaults: { points: 5, seed: 0 },
  check({ points }) {
    if (Number.isInteger(points) && points >= 2) return;
    throw new UsageError(`Cannot search a grid of ${points} points`, {
      next: "give a whole number of 2 or more",
    });
  },
  count: (space, { points }) => combinations(space, points).length,
  ask({ space, number }, { points, seed }) {
    const all = combinations(space, points);
    if (number >= all.length) throw new Error(`There is no combination ${number} of ${all.length}`);
    return new Random(seed).shuffle(all)[number];
  },
};
