/** Where the targets of a regression lie and how far they spread. */

import { DataError } from "../base/mod.ts";

/** What trees are fitted to is (target − base) / unit, whose spread is near 1. */
export interface TargetScale {
  /** Weighted mean of the targets, in Float64. */
  readonly base: number;
  /** The power of two at or below their standard deviation: nothing is lost by it; 1 if they are equal. */
  readonly unit: number;
}

/** Targets beyond this, or closer together than its inverse, leave no room for sums in Float32. */
const widest = 2 ** 100;

/**
 * The scale of targets, so that a fit does not depend on where they lie.
 *
 * @throws {DataError} if targets differ by more or less than Float32 can hold.
 */
export function targetScale(y: ArrayLike<number>, weights?: ArrayLike<number>): TargetScale {
  const base = weightedMean(y, weights);
  let squares = 0;
  let total = 0;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < y.length; i++) {
    const weight = weights ? weights[i] : 1;
    squares += weight * (y[i] - base) ** 2;
    total += weight;
    low = Math.min(low, y[i]);
    high = Math.max(high, y[i]);
  }
  const deviation = Math.sqrt(squares / total);
  const extreme = Math.max(-low, high);
  const beyond = extreme > widest || (high > low && high - low < 1 / widest);
  if (beyond) {
    throw new DataError(
      `Cannot fit: the targets reach from ${low} to ${high}, which Float32 cannot hold`,
      {
        next: `give the target in another unit: magnitudes and differences from ${
          1 / widest
        } to ${widest}`,
      },
    );
  }
  return { base, unit: deviation > 0 ? 2 ** Math.floor(Math.log2(deviation)) : 1 };
}

/** The weighted mean, to the last bits also where it is large beside the differences. */
export function weightedMean(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  const meanFrom = (middle: number) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < values.length; i++) {
      const weight = weights ? weights[i] : 1;
      sum += weight * (values[i] - middle);
      total += weight;
    }
    return middle + sum / total;
  };
  // What the first sum lost to rounding, the second finds among the differences.
  return meanFrom(meanFrom(0));
}
