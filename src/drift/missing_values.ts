/** How much of a column is missing, on each side of a comparison. */

import type { EffectiveCounts } from "./column_statistics.ts";
import type { PresetName } from "./result.ts";
import type { ColumnSample } from "./sample.ts";
import { missingRate } from "./statistics/missing_rate.ts";
import { weigh, whole } from "./weigh_counts.ts";

/** How many values of a column are there. */
export interface Presence {
  readonly rows: number;
  /** Rows with a value. */
  readonly count: number;
}

/** Shares of missing values and the chance of their difference. */
export interface MissingValues {
  /** Share in the reference, in [0, 1]. */
  readonly reference: number;
  /** Share in the current data, in [0, 1]. */
  readonly current: number;
  /** Chance of such a difference under no drift; null if it was not tested. */
  readonly pValue: number | null;
}

/**
 * Tests whether another share is missing; Evidently does not.
 *
 * @param worth What the rows of each side are worth.
 */
export function measureMissing(
  reference: Presence,
  current: Presence,
  worth: { readonly reference: EffectiveCounts; readonly current: EffectiveCounts },
  preset: PresetName,
): MissingValues {
  // Where nothing is missing there is nothing to test, and other tests need not share their level.
  const tested = preset === "calibrated" && reference.rows > 0 && current.rows > 0 &&
    reference.count + current.count < reference.rows + current.rows;
  const counts = ({ rows, count }: Presence, { rows: effective }: EffectiveCounts) =>
    whole(weigh(Float64Array.of(count, rows - count), effective));
  const pValue = () =>
    missingRate.measure(counts(reference, worth.reference), counts(current, worth.current)).pValue;
  return {
    reference: share(reference),
    current: share(current),
    pValue: tested ? pValue() : null,
  };
}

/** Counts the values that are there. */
export function presence(sample: ColumnSample): Presence {
  if ("count" in sample) return { rows: sample.count + sample.missing, count: sample.count };
  if (sample.kind === "category") {
    return { rows: sample.codes.length, count: countWhere(sample.codes, (code) => code >= 0) };
  }
  if (sample.kind === "text") {
    const count = sample.values.reduce((total, value) => value === null ? total : total + 1, 0);
    return { rows: sample.values.length, count };
  }
  return { rows: sample.values.length, count: countWhere(sample.values, Number.isFinite) };
}

function countWhere(values: ArrayLike<number>, holds: (value: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (holds(values[i])) count++;
  return count;
}

function share({ rows, count }: Presence): number {
  return rows === 0 ? 0 : 1 - count / rows;
}
