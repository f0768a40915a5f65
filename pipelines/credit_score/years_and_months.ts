/** Durations as the credit-score data write them. */

import { type NumberOptions, pattern, type PatternSpec } from "../../src/features/mod.ts";

/**
 * A column of durations such as `22 Years and 1 Months`, which becomes 265
 * months. Months end at 11, so that every number of months has one text.
 */
export function yearsAndMonths(options: NumberOptions = {}): PatternSpec {
  return pattern({
    ...options,
    format: "{} Year[s] and {} Month[s]",
    parts: [{ weight: 12, digits: "[0-9]{1,3}" }, { weight: 1, digits: "([0-9]|1[01])" }],
    example: "22 Years and 1 Months",
  });
}
