/** Which trials a search makes, generation by generation, and what each of them tries. */

import { deriveSeed, Random, UsageError } from "../base/mod.ts";
import { checkSpace, type Parameters, type Space } from "./distributions.ts";
import { type PrunerChoice, trialPruner } from "./pruners/pruners.ts";
import { type SamplerChoice, trialSampler } from "./samplers/samplers.ts";
import type { Direction, Report, Trial } from "./trial.ts";

/** A search, as plain data. */
export interface SearchPlan {
  /** What may be chosen. */
  readonly space: Space;
  /** Number of trials, 1 to 10,000. */
  readonly trials: number;
  /** How parameters are chosen. */
  readonly sampler: SamplerChoice;
  /** How hopeless trials are given up. */
  readonly pruner: PrunerChoice;
  /**
   * Trials of a generation, 1 to 256: they know nothing of each other's values, so they
   * may run side by side. The result depends on it and not on the number of cores.
   */
  readonly parallel: number;
  /** Which values are better. */
  readonly direction: Direction;
  /** Seed of everything random. */
  readonly seed: number;
}

/**
 * Checks a search that came as plain data.
 *
 * @throws {UsageError} naming what was found and what is wanted.
 */
export function checkPlan(plan: SearchPlan): void {
  checkSpace(plan.space);
  for (const [name, most] of [["trials", 10_000], ["parallel", 256]] as const) {
    const value = plan[name];
    if (Number.isInteger(value) && value >= 1 && value <= most) continue;
    throw new UsageError(`Cannot search with ${name} of ${value}`, {
      next: `give a whole number from 1 to ${most.toLocaleString("en")}`,
    });
  }
  trialSampler(plan.sampler).count(plan.space);
  trialPruner(plan.pruner);
}

/**
 * The numbers of the trials, generation by generation. A grid that has fewer
 * combinations than trials ends with its last one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { categorical } from "./distributions.ts";
 * const space = { a: categorical([1, 2, 3]) };
 * const plan = { space, trials: 10, sampler: "grid", parallel: 2 } as const;
 * assertEquals(generations(plan), [[0, 1], [2]]);
 * ```
 */
export function generations(
  { space, trials, sampler, parallel }: Pick<
    SearchPlan,
    "space" | "trials" | "sampler" | "parallel"
  >,
): number[][] {
  const count = Math.min(trials, trialSampler(sampler).count(space));
  return Array.from(
    { length: Math.ceil(count / parallel) },
    (_, g) =>
      Array.from(
        { length: Math.min(parallel, count - g * parallel) },
        (_, i) => g * parallel + i,
      ),
  );
}

/**
 * What trial `number` tries. It depends on the trials of the generations before its own,
 * and takes those that stand before it in its own for under way.
 *
 * @param history The trials of the earlier generations, by rising number.
 */
export function parametersOf(
  plan: Omit<SearchPlan, "trials" | "pruner">,
  number: number,
  history: readonly Trial[],
): Parameters {
  const sampler = trialSampler(plan.sampler);
  const pending: Parameters[] = [];
  for (let place = number - number % plan.parallel; place <= number; place++) {
    pending.push(sampler.ask({
      space: plan.space,
      direction: plan.direction,
      history,
      pending: [...pending],
      number: place,
      random: new Random(deriveSeed(plan.seed, place)),
    }));
  }
  return pending[pending.length - 1];
}

/** Whether a trial that told these values is hopeless, by the trials of earlier generations. */
export function isHopeless(
  { pruner, direction, seed }: Pick<SearchPlan, "pruner" | "direction" | "seed">,
  number: number,
  reports: readonly Report[],
  history: readonly Trial[],
): boolean {
  return trialPruner(pruner).prunes({ number, reports, history, direction, seed });
}

/** What a function that is searched gets beside its parameters. */
export interface TrialContext {
  /** Place of the trial, from 0. */
  readonly number: number;
  /** Stops the search. */
  readonly signal?: AbortSignal;
  /**
   * Tells a value on the way, by rising step.
   *
   * @throws what ends the trial if it is hopeless: let it pass.
   */
  report(step: number, value: number): void;
}

/** Ends a trial that is given up. */
class Hopeless extends Error {}

/**
 * Searches a function: the trials of a generation run side by side. A trial that throws
 * is kept as failed and the search goes on.
 *
 * @param objective What is searched; it gives the value of parameters.
 * @throws {UsageError} if the plan contradicts itself; the signal's reason if it is stopped.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { float } from "./distributions.ts";
 * import { bestTrial } from "./trial.ts";
 *
 * const trials = await searchFunction({
 *   space: { x: float(-5, 5) },
 *   ...{ trials: 40, sampler: "tpe", pruner: "none", parallel: 2 },
 *   ...{ direction: "minimize", seed: 1 },
 * }, ({ x }) => ((x as number) - 1) ** 2);
 * assert(bestTrial(trials, "minimize")!.value! < 0.05);
 * ```
 */
export async function searchFunction(
  plan: SearchPlan,
  objective: (params: Parameters, context: TrialContext) => number | Promise<number>,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Trial[]> {
  checkPlan(plan);
  const history: Trial[] = [];
  for (const numbers of generations(plan)) {
    signal?.throwIfAborted();
    const known = [...history];
    history.push(
      ...await Promise.all(
        numbers.map((number) => runTrial(plan, number, known, objective, signal)),
      ),
    );
  }
  return history;
}

async function runTrial(
  plan: SearchPlan,
  number: number,
  history: readonly Trial[],
  objective: (params: Parameters, context: TrialContext) => number | Promise<number>,
  signal: AbortSignal | undefined,
): Promise<Trial> {
  const params = parametersOf(plan, number, history);
  const reports: Report[] = [];
  const report = (step: number, value: number) => {
    reports.push({ step, value });
    if (isHopeless(plan, number, reports, history)) throw new Hopeless();
  };
  try {
    const value = await objective(params, { number, report, ...signal && { signal } });
    const state = Number.isNaN(value) ? "failed" : "complete";
    return { number, params, state, ...state === "complete" && { value }, reports };
  } catch (error) {
    signal?.throwIfAborted();
    return { number, params, state: error instanceof Hopeless ? "pruned" : "failed", reports };
  }
}
