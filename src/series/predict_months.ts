/** A file of forecasts as a model of rows: who, in which category, and when. */

import { DataError } from "../base/mod.ts";
import type { Forecaster } from "./forecaster.ts";
import { monthNumber } from "./month.ts";
import { monthColumn } from "./spec.ts";

/** What is said of rows. */
export interface PredictedMonths {
  /** What each month is expected to come to, shape [rows]. */
  readonly mean: Float64Array;
  /** Lower end of the first interval, NaN where there is none, shape [rows]. */
  readonly lower: Float64Array;
  /** Upper end, shape [rows]. */
  readonly upper: Float64Array;
  /** Months after the last known one, shape [rows]. */
  readonly ahead: Float64Array;
  /** What errors are scaled by, as {@linkcode naiveScale} gives it, shape [rows]. */
  readonly scale: Float64Array;
}

/**
 * What comes of each row.
 *
 * @param columns Columns of entity, category where there is one, and month.
 * @throws {DataError} for a row that nothing is known of, or that is known already.
 */
export function predictMonths(
  forecaster: Forecaster,
  columns: Readonly<Record<string, ArrayLike<unknown>>>,
  rows: number,
): PredictedMonths {
  const { entity, category } = forecaster.file.spec;
  const [mean, lower, upper, ahead, scale] = Array.from(
    { length: 5 },
    () => new Float64Array(rows).fill(NaN),
  );
  const text = (name: string | undefined, row: number) =>
    name === undefined ? "" : String(columns[name]?.[row] ?? "");
  for (let row = 0; row < rows; row++) {
    const written = text(monthColumn, row);
    const month = monthNumber(written.slice(0, 10));
    if (month === undefined) {
      throw new DataError(`Cannot forecast row ${row + 1}: "${written}" is no month`, {
        next: "write months as 2026-01",
      });
    }
    const found = forecaster.monthAt(text(entity, row), text(category, row), month);
    [mean[row], ahead[row], scale[row]] = [found.mean, found.skipped + 1, found.scale];
    const [band] = found.bands;
    if (band === undefined) continue;
    [lower[row], upper[row]] = [band.lower[0], band.upper[0]];
  }
  return { mean, lower, upper, ahead, scale };
}
