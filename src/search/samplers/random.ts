/** Values by chance alone. */

import type { Random } from "../../base/mod.ts";
import {
  cleanDistribution,
  type Distribution,
  isActive,
  type Parameters,
  type ParameterValue,
  type Space,
  stepOf,
} from "../distributions.ts";
import type { TrialSampler } from "./contract.ts";

/** A value of a distribution, each as likely as the others. */
export function draw(distribution: Distribution, random: Random): ParameterValue {
  if (distribution.distribution === "categorical") return random.choice(distribution.choices);
  const { low, high, log = false } = distribution;
  // Half a step on either side, so that the ends are as likely as the others.
  const half = (stepOf(distribution) ?? 0) / 2;
  const number = log
    ? Math.exp(random.uniform(Math.log(low - half), Math.log(high + half)))
    : random.uniform(low - half, high + half);
  return cleanDistribution(distribution, number);
}

/** Values of all parameters that exist. */
export function drawAll(space: Space, random: Random): Parameters {
  const chosen: Record<string, ParameterValue> = {};
  for (const [name, distribution] of Object.entries(space)) {
    if (isActive(distribution, chosen)) chosen[name] = draw(distribution, random);
  }
  return chosen;
}

/**
 * Values by chance alone: what everything else has to beat (Bergstra and Bengio, 2012,
 * "Random Search for Hyper-Parameter Optimization").
 */
export const random: TrialSampler<object> = {
  defaults: {},
  check() {},
  ask: ({ space, random }) => drawAll(space, random),
};
