/** One split of a column at a random place, as extremely randomised trees try it. */

import type { Random } from "../base/mod.ts";
import { type BinnedMatrix, codes, thresholdBetween } from "./binning.ts";

/** Which bins go left, and where the column is cut. */
export interface RandomSplit {
  /** The last occupied bin that goes left, as a place among the occupied ones. */
  readonly step: number;
  /** The cut: drawn evenly between the node's lowest and highest value. */
  readonly threshold: number;
  /** Whether missing values go left, if the node has any. */
  readonly missingLeft: boolean;
}

/**
 * Draws a cut of column `feature`. Where it falls into a bin, whose rows cannot
 * be told apart, the bin goes right and the cut is moved below it.
 *
 * @param random Undefined where splits are not drawn.
 * @param bins Occupied bins in rising order.
 * @param count How many there are.
 * @returns Undefined without a generator, or with fewer than two bins.
 */
export function drawSplit(
  random: Random | undefined,
  binned: BinnedMatrix,
  feature: number,
  bins: Int32Array,
  count: number,
): RandomSplit | undefined {
  if (random === undefined || count < 2) return undefined;
  const low = (place: number) => binned.low[feature * codes + bins[place]];
  const high = (place: number) => binned.high[feature * codes + bins[place]];
  const [lowest, highest] = [low(0), high(count - 1)];
  const drawn = Math.fround(lowest + random.next() * (highest - lowest));
  let step = 0;
  while (step < count - 2 && high(step + 1) <= drawn) step++;
  const inGap = drawn >= high(step) && drawn < low(step + 1);
  const between = thresholdBetween(binned, feature, bins[step], bins[step + 1]);
  return { step, threshold: inGap ? drawn : between, missingLeft: random.int(2) === 1 };
}

/**
 * Adds up what belongs to the bins on either side of a split: two groups are
 * left, missing values with the right one, or where they go left behind both.
 *
 * @param width Numbers of each bin.
 * @returns How many groups are left.
 */
export function joinSides(
  values: Int32Array | Float64Array,
  width: number,
  { step, missingLeft }: RandomSplit,
  count: number,
  occupied: number,
): number {
  for (let part = 0; part < width; part++) {
    const sum = (from: number, to: number) => {
      let total = 0;
      for (let i = from; i < to; i++) total += values[i * width + part];
      return total;
    };
    const [left, right] = [sum(0, step + 1), sum(step + 1, missingLeft ? count : occupied)];
    const missing = sum(count, occupied);
    values[part] = left;
    values[width + part] = right;
    if (missingLeft && occupied > count) values[2 * width + part] = missing;
  }
  return missingLeft ? 2 + occupied - count : 2;
}
