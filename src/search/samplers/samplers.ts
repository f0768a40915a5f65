/** Ways of choosing parameters, by name. */

import { fillSettings, lookUp } from "../../base/mod.ts";
import type { Parameters, Space } from "../distributions.ts";
import type { Asked, TrialSampler } from "./contract.ts";
import { type GridOptions, gridSampler } from "./grid.ts";
import { random } from "./random.ts";
import { tpe, type TpeOptions } from "./tpe.ts";

const samplers = { random, grid: gridSampler, tpe };

/** A way of choosing parameters, with its settings; plain data. */
export type SamplerChoice =
  | "random"
  | "grid"
  | "tpe"
  | { readonly kind: "random" }
  | { readonly kind: "grid" } & GridOptions
  | { readonly kind: "tpe" } & TpeOptions;

/** A way of choosing parameters, ready to be asked. */
export interface ReadySampler {
  /** How many trials there are at the most; Infinity if there is no end. */
  count(space: Space): number;
  /** Chooses the parameters of a trial. */
  ask(asked: Asked): Parameters;
}

/**
 * The way of choosing parameters that plain data names.
 *
 * @throws {UsageError} if it, or a setting, does not exist or is out of its range.
 */
export function trialSampler(choice: SamplerChoice): ReadySampler {
  const { kind, ...given } = typeof choice === "string" ? { kind: choice } : choice;
  const found = lookUp("search sampler", kind, samplers) as TrialSampler<object>;
  const options = fillSettings(`the search sampler ${kind}`, found.defaults, given);
  found.check(options);
  return {
    count: (space) => found.count?.(space, options) ?? Infinity,
    ask: (asked) => found.ask(asked, options),
  };
}
