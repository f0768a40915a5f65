/** The exponential function as often as a loss needs it: once for each row and score in each round. */

/** Powers of two from 2^−150 to 2^150 in sixteenths. */
const steps = 16;
const octaves = 150;
const powers = Float64Array.from(
  { length: 2 * octaves * steps + 1 },
  (_, i) => 2 ** (i / steps - octaves),
);

/** Beyond this the power is out of the table; e^±100 is certain enough for any probability. */
const furthest = 100;

/**
 * e to the power of `x`, correct to 9 digits (a Float32 has 7): the nearest
 * sixteenth power of two from a table, times a short polynomial for the rest.
 *
 * @param x Numbers beyond ±100 count as ±100.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * assertAlmostEquals(quickExp(1), Math.E, 1e-9);
 * ```
 */
export function quickExp(x: number): number {
  const within = x < -furthest ? -furthest : x > furthest ? furthest : x;
  const nearest = (within * (steps * Math.LOG2E) + (octaves * steps + 0.5)) | 0;
  // At most ln 2 / 32 from 0, if five terms of the series leave 4e-11.
  const rest = within - (nearest - octaves * steps) * (Math.LN2 / steps);
  const square = rest * rest;
  return powers[nearest] * (1 + rest + square * (1 / 2 + rest * (1 / 6) + square * (1 / 24)));
}
