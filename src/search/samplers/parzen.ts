/** Mixtures of kernels around what was tried, one kernel for each trial and one for all values. */

import type { Random } from "../../base/mod.ts";
import {
  type CategoricalDistribution,
  cleanDistribution,
  type Distribution,
  type FloatDistribution,
  type IntDistribution,
  type Parameters,
  type ParameterValue,
  stepOf,
} from "../distributions.ts";
import { cutNormal, logDensity, logMass } from "../normal.ts";

/** Kernels of one parameter. */
interface Kernels {
  /** A value of kernel `k`. */
  draw(k: number, random: Random): ParameterValue;
  /** Adds the logarithm of each kernel's density at `value` to `sums`. */
  addLogDensities(value: ParameterValue, sums: Float64Array): void;
}

/** Weight of the kernel that stands for all values, where a trial's is 1. */
const PRIOR_WEIGHT = 1;

/** So many of the newest trials count fully; older ones less, the oldest least. */
const FULL_WEIGHTS = 25;

/** Weights of trials by age, oldest first. */
export function trialWeights(count: number): Float64Array {
  const weights = new Float64Array(count).fill(1);
  const ramp = count - FULL_WEIGHTS;
  for (let i = 0; i < ramp; i++) {
    const least = 1 / count;
    weights[i] = ramp === 1 ? least : least + (1 - least) * i / (ramp - 1);
  }
  return weights;
}

function categoricalKernels(
  { choices }: CategoricalDistribution,
  seen: readonly ParameterValue[],
): Kernels {
  const kernels = seen.length + 1;
  const all = PRIOR_WEIGHT / kernels;
  const places = seen.map((value) => choices.indexOf(value));
  const total = 1 + all * choices.length;
  const probability = (k: number, choice: number) =>
    k === seen.length ? 1 / choices.length : (all + Number(places[k] === choice)) / total;
  return {
    draw(k, random) {
      const share = random.next();
      let sum = 0;
      for (let choice = 0; choice < choices.length - 1; choice++) {
        sum += probability(k, choice);
        if (share < sum) return choices[choice];
      }
      return choices[choices.length - 1];
    },
    addLogDensities(value, sums) {
      const choice = choices.indexOf(value);
      for (let k = 0; k < kernels; k++) sums[k] += Math.log(probability(k, choice));
    },
  };
}

function numberKernels(
  distribution: FloatDistribution | IntDistribution,
  seen: readonly number[],
): Kernels {
  const { log = false } = distribution;
  const step = stepOf(distribution);
  const half = (step ?? 0) / 2;
  const scaled = (value: number) => log ? Math.log(value) : value;
  const low = scaled(distribution.low - half);
  const high = scaled(distribution.high + half);
  const count = seen.length;
  const means = Float64Array.from(seen, scaled);
  const widths = kernelWidths(means, low, high);
  const middle = Float64Array.of(...means, (low + high) / 2);
  const width = Float64Array.of(...widths, high - low);
  const logMasses = middle.map((mean, k) =>
    logMass((low - mean) / width[k], (high - mean) / width[k])
  );
  const logScale = logMasses.map((mass, k) => mass + Math.log(width[k]));
  const steps = new Map<number, Float64Array>();
  return {
    draw(k, random) {
      // A share of 0 has no logarithm.
      const share = Math.max(random.next(), Number.MIN_VALUE);
      const z = cutNormal(share, (low - middle[k]) / width[k], (high - middle[k]) / width[k]);
      const number = middle[k] + width[k] * z;
      return cleanDistribution(distribution, log ? Math.exp(number) : number);
    },
    addLogDensities(value, sums) {
      const x = value as number;
      if (step === undefined) {
        const at = scaled(x);
        for (let k = 0; k <= count; k++) {
          sums[k] += logDensity((at - middle[k]) / width[k]) - logScale[k];
        }
        return;
      }
      // Of values with steps the same come up again and again.
      let known = steps.get(x);
      if (known === undefined) {
        const [from, to] = [scaled(x - half), scaled(x + half)];
        known = middle.map((mean, k) =>
          logMass((from - mean) / width[k], (to - mean) / width[k]) - logMasses[k]
        );
        steps.set(x, known);
      }
      for (let k = 0; k <= count; k++) sums[k] += known[k];
    },
  };
}

/**
 * Widths of kernels: the distance to the farther neighbour, not less than the range
 * through the number of kernels (at most 100) and not more than the range. Of the
 * outermost only the inner neighbour counts, if there are two or more.
 */
function kernelWidths(means: Float64Array, low: number, high: number): Float64Array {
  const count = means.length;
  const order = Int32Array.from(means.keys()).sort((a, b) => means[a] - means[b] || a - b);
  const widths = new Float64Array(count);
  const range = high - low;
  const least = range / Math.min(100, 1 + count + 1);
  order.forEach((k, place) => {
    const below = place === 0 ? low : means[order[place - 1]];
    const above = place === count - 1 ? high : means[order[place + 1]];
    let width = Math.max(means[k] - below, above - means[k]);
    if (count >= 2 && place === 0) width = above - means[k];
    if (count >= 2 && place === count - 1) width = means[k] - below;
    widths[k] = Math.min(Math.max(width, least), range);
  });
  return widths;
}

/** The density of parameters around those that were tried, all at once. */
export class ParzenEstimator {
  readonly #names: readonly string[];
  readonly #kernels: readonly Kernels[];
  /** Shares of the kernels as a rising sum, and their logarithms. */
  readonly #rising: Float64Array;
  readonly #logWeights: Float64Array;
  readonly #sums: Float64Array;

  /**
   * @param space The parameters that are chosen together.
   * @param seen What was tried, oldest first, each with all of these parameters.
   */
  constructor(space: readonly (readonly [string, Distribution])[], seen: readonly Parameters[]) {
    this.#names = space.map(([name]) => name);
    this.#kernels = space.map(([name, distribution]) => {
      const values = seen.map((params) => params[name]);
      return distribution.distribution === "categorical"
        ? categoricalKernels(distribution, values)
        : numberKernels(distribution, values as number[]);
    });
    const weights = Float64Array.of(...trialWeights(seen.length), PRIOR_WEIGHT);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    this.#rising = weights.map((weight) => sum += weight / total);
    this.#logWeights = weights.map((weight) => Math.log(weight / total));
    this.#sums = new Float64Array(weights.length);
  }

  /** Values of all parameters, from one kernel. */
  draw(random: Random): Parameters {
    const share = random.next();
    const found = this.#rising.findIndex((sum) => share < sum);
    const k = found < 0 ? this.#rising.length - 1 : found;
    return Object.fromEntries(
      this.#kernels.map((kernels, i) => [this.#names[i], kernels.draw(k, random)]),
    );
  }

  /** Logarithm of the density at `params`. */
  logDensity(params: Parameters): number {
    const sums = this.#sums;
    sums.set(this.#logWeights);
    this.#kernels.forEach((kernels, i) => kernels.addLogDensities(params[this.#names[i]], sums));
    let most = -Infinity;
    for (const sum of sums) if (sum > most) most = sum;
    if (most === -Infinity) return -Infinity;
    let total = 0;
    for (const sum of sums) total += Math.exp(sum - most);
    return most + Math.log(total);
  }
}
