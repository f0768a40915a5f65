/** The tree-structured Parzen estimator: where good trials are denser than the others. */

import { UsageError } from "../../base/mod.ts";
import {
  type Distribution,
  isActive,
  isSingle,
  type Parameters,
  type ParameterValue,
  type Space,
} from "../distributions.ts";
import { type Direction, loss, type Trial } from "../trial.ts";
import type { TrialSampler } from "./contract.ts";
import { ParzenEstimator } from "./parzen.ts";
import { draw, drawAll } from "./random.ts";

/** Settings of {@link tpe}. */
export interface TpeOptions {
  /** Trials by chance before any is chosen; default 10. */
  readonly startupTrials?: number;
  /** Values that are weighed for each trial; default 24. */
  readonly candidates?: number;
}

/** How many trials count as good: a tenth, at most 25. */
export function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25);
}

/** Parameters that were tried, the good ones and the others, each by rising number. */
export interface Divided {
  /** Those of the best trials. */
  readonly good: readonly Trial[];
  /** Those of the others. */
  readonly rest: readonly Trial[];
}

/** Complete trials by their value, then pruned ones: those that came farthest first. */
export function divide(history: readonly Trial[], direction: Direction): Divided {
  const order = (trial: Trial): readonly number[] => {
    if (trial.state === "complete") return [0, loss(trial.value, direction)];
    const last = trial.reports.at(-1);
    return last === undefined ? [1, 1, 0] : [1, -last.step, loss(last.value, direction)];
  };
  const keys = new Map(history.map((trial) => [trial, order(trial)]));
  const ranked = [...history].sort((a, b) => {
    const [mine, other] = [keys.get(a)!, keys.get(b)!];
    const at = mine.findIndex((part, i) => part !== other[i]);
    return at < 0 ? 0 : mine[at] - other[at];
  });
  const good = new Set(ranked.slice(0, goodCount(history.length)));
  return {
    good: history.filter((trial) => good.has(trial)),
    rest: history.filter((trial) => !good.has(trial)),
  };
}

/**
 * Parameters that always came together, as sets that share none: a conditional parameter
 * is estimated from the trials that had it.
 */
export function parameterGroups(tried: readonly Parameters[]): string[][] {
  let groups: Set<string>[] = [];
  for (const params of tried) {
    let left = new Set(Object.keys(params));
    const next: Set<string>[] = [];
    for (const group of groups) {
      next.push(group.intersection(left), group.difference(left));
      left = left.difference(group);
    }
    groups = [...next, left].filter(({ size }) => size > 0);
  }
  return groups.map((group) => [...group].sort());
}

/**
 * TPE over all parameters that come together, as Optuna's `TPESampler(multivariate=True,
 * group=True, constant_liar=True)`: trials under way count among those that are not good.
 *
 * Sources: Bergstra et al. (2011), "Algorithms for Hyper-Parameter Optimization"; Falkner
 * et al. (2018), "BOHB"; Watanabe (2023), arXiv:2304.11127.
 */
export const tpe: TrialSampler<TpeOptions> = {
  defaults: { startupTrials: 10, candidates: 24 },
  check({ startupTrials, candidates }) {
    for (
      const [name, value, least] of [
        ["startupTrials", startupTrials, 0],
        ["candidates", candidates, 1],
      ] as const
    ) {
      if (Number.isInteger(value) && value >= least) continue;
      throw new UsageError(`Cannot set ${name} of tpe to ${value}`, {
        next: `give a whole number of ${least} or more`,
      });
    }
  },
  ask({ space, history, pending, direction, random }, { startupTrials, candidates }) {
    const told = history.filter(({ state }) => state !== "failed");
    if (told.length < startupTrials || told.length === 0) return drawAll(space, random);
    const { good, rest } = divide(told, direction);
    const [near, far] = [good.map(({ params }) => params), [
      ...rest.map(({ params }) => params),
      ...pending,
    ]];
    const together = parameterGroups(told.map(({ params }) => params));
    const chosen: Record<string, ParameterValue> = {};
    for (const names of together) {
      const part = names.map((name) => [name, space[name]] as const)
        .filter(([, distribution]) => distribution !== undefined && !isSingle(distribution));
      if (part.length === 0) continue;
      const having = (all: readonly Parameters[]) =>
        all.filter((params) => part.every(([name]) => Object.hasOwn(params, name)));
      const below = new ParzenEstimator(part, having(near));
      const above = new ParzenEstimator(part, having(far));
      let most = -Infinity;
      let best: Parameters | undefined;
      for (let i = 0; i < candidates; i++) {
        const params = below.draw(random);
        const gain = below.logDensity(params) - above.logDensity(params);
        if (best === undefined || gain > most) [most, best] = [gain, params];
      }
      Object.assign(chosen, best);
    }
    return existing(space, chosen, (distribution) => draw(distribution, random));
  },
};

/** Those parameters that exist for the others; what no trial had yet is drawn. */
function existing(
  space: Space,
  chosen: Parameters,
  fresh: (distribution: Distribution) => ParameterValue,
): Parameters {
  const kept: Record<string, ParameterValue> = {};
  for (const [name, distribution] of Object.entries(space)) {
    if (!isActive(distribution, kept)) continue;
    kept[name] = Object.hasOwn(chosen, name) ? chosen[name] : fresh(distribution);
  }
  return kept;
}
