/** Raw rows that touch everything that fitted features tell apart. */

import { Random } from "../base/mod.ts";
import {
  type ColumnState,
  type FeatureState,
  formatMonths,
  type NumberFit,
} from "../features/mod.ts";

/** Share of missing values. */
const MISSING = 0.05;

/** Share of values that training did not know. */
const UNKNOWN = 0.05;

/**
 * Rows of raw values in the order of the columns, a number with NaN for missing
 * or a text with "" for missing. The same state gives the same rows.
 */
export function probeRows(state: FeatureState, count: number): (number | string)[][] {
  const random = new Random(count);
  return Array.from({ length: count }, () => state.columns.map((column) => probe(column, random)));
}

function probe(column: ColumnState, random: Random): number | string {
  const chance = random.next();
  const missing = chance < MISSING;
  const unknown = !missing && chance < MISSING + UNKNOWN;
  const pick = (texts: readonly string[]) => texts[random.int(texts.length)];
  switch (column.kind) {
    case "number":
      return missing ? NaN : number(column, random);
    case "yearsAndMonths": {
      if (unknown) return "a while";
      const months = Math.round(number(column, random));
      return missing || !(months >= 0 && months < 12_000) ? "" : formatMonths(months);
    }
    case "ordinal":
      return missing ? pick(column.missing) : unknown ? "?" : pick(column.levels);
    case "oneHot":
      return missing ? pick(column.missing) : unknown ? "?" : pick(column.categories);
    case "multiHot": {
      if (missing) return pick(column.missing);
      const items = Array.from(
        { length: 1 + random.int(4) },
        () => unknown ? "?" : pick(column.items),
      );
      return items.join(column.separator);
    }
  }
}

/** A border of the column, or a number within them and a little beyond. */
function number({ min, max, median, lower, upper }: NumberFit, random: Random): number {
  const borders = [min, lower, median, upper, max].filter((value) => value !== null);
  if (random.next() < 0.1) return borders[random.int(borders.length)];
  const low = lower ?? min ?? median - 1;
  const high = upper ?? max ?? median + 1;
  const margin = (high - low) / 10;
  return random.uniform(low - margin, high + margin);
}
