/** How a training searches for its candidate; plain data. */

import { z } from "zod";
import { checkKnownNames, fillSettings, UsageError } from "../../base/mod.ts";
import { metricOf } from "../../metrics/mod.ts";
import {
  checkPlan,
  type PrunerChoice,
  type SamplerChoice,
  type SearchPlan,
} from "../../search/mod.ts";
import type { RoundWatch } from "../experiment.ts";
import { type SearchedSettings, settingsSpace } from "./space.ts";

/** A search for the best settings of learners and samplers. */
export interface TrainingSearch {
  /** The learners and samplers, with distributions in the place of settings. */
  readonly space: SearchedSettings;
  /** Number of trials; the parameter `trials` of the run, or 50, if it is left out. */
  readonly trials?: number;
  /** How parameters are chosen; default "tpe". */
  readonly sampler?: SamplerChoice;
  /**
   * How hopeless trials are given up, fold by fold; default "median", which judges the mean over
   * the folds so far unless it is told otherwise.
   */
  readonly pruner?: PrunerChoice;
  /**
   * Whether the pruner also judges the boosting rounds of the first fold, by the loss on its test
   * rows: once in `every` rounds (default 10), not before `warmup` (default 20). Left out, it
   * judges folds alone. A trial with a low learning rate is slow at first: give it time.
   */
  readonly rounds?: { readonly every?: number; readonly warmup?: number };
  /**
   * Seconds after which no further trial begins, 0 for no limit; the parameter `timeout` of the
   * run, or none, if it is left out. The next run goes on where this one stopped.
   */
  readonly timeout?: number;
  /**
   * Trials of a generation, which know nothing of each other; default 4. The result depends on
   * it, and not on the number of cores.
   */
  readonly parallel?: number;
  /**
   * Whether the search is made again within the training rows of each fold, to tell what it
   * promises for rows that it has not seen: as many searches more as there are folds.
   */
  readonly nested?: boolean;
}

/** Parameters of a run that say how long its search goes on. */
export interface SearchParams {
  /** Number of trials. */
  readonly trials?: number;
  /** Seconds after which no further trial begins. */
  readonly timeout?: number;
}

/** A search that is ready to be wired. */
export interface ReadySearch {
  /** The plan of its trials. */
  readonly plan: SearchPlan;
  /** The learners and samplers. */
  readonly settings: SearchedSettings;
  /** Seconds after which no further trial begins; Infinity for no limit. */
  readonly timeout: number;
  /** How boosting rounds are judged, if they are. */
  readonly rounds?: Pick<RoundWatch, "every" | "warmup">;
  /** Whether the search is made again within each fold. */
  readonly nested: boolean;
}

/** A zod schema of a number. */
export interface NumberSchema {
  /** The number that is meant, or an error. */
  parse(value: unknown): number;
}

/** The schemas of the parameters `trials` and `timeout`. */
export interface SearchSchemas {
  /** Number of trials. */
  readonly trials: NumberSchema;
  /** Seconds after which no further trial begins. */
  readonly timeout: NumberSchema;
}

/**
 * The parameters `trials` and `timeout` of a training that searches.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const { trials, timeout } = searchParams({ trials: 30 });
 * assertEquals([trials.parse(undefined), timeout.parse(60)], [30, 60]);
 * ```
 */
export function searchParams(
  { trials = 50, timeout = 0 }: { readonly trials?: number; readonly timeout?: number } = {},
): SearchSchemas {
  return {
    trials: z.int().min(1).max(10_000).default(trials).describe("Trials of the search"),
    timeout: z.number().min(0).default(timeout)
      .describe("Seconds after which no further trial begins; 0 for no limit"),
  };
}

/**
 * Checks a declared search and fills in what was left out.
 *
 * @throws {UsageError} naming what was found and what is wanted.
 */
export function readySearch(
  search: TrainingSearch,
  { trials, timeout: seconds }: SearchParams,
  seed: number,
  select: string,
): ReadySearch {
  checkKnownNames("the search", search, [
    ...["space", "trials", "sampler", "pruner", "timeout", "parallel", "nested", "rounds"],
  ]);
  checkKnownNames("the space of the search", search.space, ["learner", "sampler"]);
  const timeout = search.timeout ?? seconds ?? 0;
  if (!(timeout >= 0)) {
    throw new UsageError(`Cannot search for ${timeout} seconds`, {
      next: "give a number of seconds, or 0 for no limit",
    });
  }
  const plan: SearchPlan = {
    space: settingsSpace(search.space),
    trials: search.trials ?? trials ?? 50,
    sampler: search.sampler ?? "tpe",
    pruner: foldPruner(search.pruner ?? "median"),
    parallel: search.parallel ?? 4,
    direction: metricOf(select).direction === "higher" ? "maximize" : "minimize",
    seed,
  };
  checkPlan(plan);
  const rounds = search.rounds &&
    fillSettings("rounds of the search", { every: 10, warmup: 20 }, search.rounds);
  const wrong = Object.entries(rounds ?? {}).find(([, value]) =>
    !(Number.isInteger(value) && value >= 1)
  );
  if (wrong !== undefined) {
    throw new UsageError(`Cannot set ${wrong[0]} of the rounds of the search to ${wrong[1]}`, {
      next: "give a whole number of 1 or more",
    });
  }
  return {
    plan,
    settings: search.space,
    timeout: timeout === 0 ? Infinity : timeout,
    ...rounds && { rounds },
    nested: search.nested === true,
  };
}

/** The pruner of means over folds: they do not learn, so the last says more than the best. */
function foldPruner(choice: PrunerChoice): PrunerChoice {
  const given = typeof choice === "string" ? { kind: choice } : choice;
  return given.kind === "median" ? { judge: "last", ...given } : choice;
}
