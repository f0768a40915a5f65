/** Which rows a tree of a forest learns from. */

import type { Random } from "../base/mod.ts";

/** The rows that have weight, in rising order. */
export function rowsWithWeight(rows: number, sampleWeight?: Float32Array): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return sampleWeight ? all.filter((row) => sampleWeight[row] > 0) : all;
}

/**
 * Writes how often each row is in a tree's bag: `draws` times one of `eligible`
 * with replacement, or each of them once if there is no number of draws.
 *
 * The first thing that a tree does with its random numbers, so that what it has
 * not seen can be found again from its seed alone.
 *
 * @param times Written for all rows, shape [rows].
 */
export function drawRows(
  random: Random,
  eligible: Int32Array,
  draws: number | undefined,
  times: Int32Array,
): void {
  times.fill(0);
  if (draws === undefined) {
    for (let i = 0; i < eligible.length; i++) times[eligible[i]] = 1;
  } else {
    for (let i = 0; i < draws; i++) times[eligible[random.int(eligible.length)]]++;
  }
}
