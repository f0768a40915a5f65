/** Ways of giving up trials, by name. */

import { fillSettings, lookUp } from "../../base/mod.ts";
import type { JudgedTrial, TrialPruner } from "./contract.ts";
import { hyperband, type HyperbandOptions } from "./hyperband.ts";
import { median, type MedianOptions } from "./median.ts";
import { none } from "./none.ts";

const pruners = { none, median, hyperband };

/** A way of giving up trials, with its settings; plain data. */
export type PrunerChoice =
  | "none"
  | "median"
  | "hyperband"
  | { readonly kind: "none" }
  | { readonly kind: "median" } & MedianOptions
  | { readonly kind: "hyperband" } & HyperbandOptions;

/** A way of giving up trials, ready to judge. */
export interface ReadyPruner {
  /** Whether it ever gives up a trial. */
  readonly isActive: boolean;
  /** Whether a trial that has just told a value is hopeless. */
  prunes(judged: JudgedTrial): boolean;
}

/**
 * The way of giving up trials that plain data names.
 *
 * @throws {UsageError} if it, or a setting, does not exist or is out of its range.
 */
export function trialPruner(choice: PrunerChoice): ReadyPruner {
  const { kind, ...given } = typeof choice === "string" ? { kind: choice } : choice;
  const found = lookUp("pruner", kind, pruners) as TrialPruner<object>;
  const options = fillSettings(`the pruner ${kind}`, found.defaults, given);
  found.check(options);
  return { isActive: kind !== "none", prunes: (judged) => found.prunes(judged, options) };
}
