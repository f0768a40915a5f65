/** Trees that are boosted on what was lately and on what the calendar says. */

import { calendarFeatures, type HolidayPlace } from "../calendar/mod.ts";
import { emptyMatrix, type Matrix } from "../dataset/mod.ts";
import {
  numberOfScore,
  type PackedEnsemble,
  packEnsemble,
  rowScorer,
  rowTrees,
  type TreeEnsemble,
  unpackEnsemble,
} from "../trees/mod.ts";
import type { SeriesModel, SlowForecastMethod } from "./contract.ts";
import { dateOfStep, type SeriesStep } from "./regular_series.ts";

/** Learns numbers from rows, as `gradientBoostingRegressor()` of `learners/` does. */
export interface LagLearner {
  /** Fits trees of one output. */
  fit(
    X: Matrix,
    y: Float64Array,
    options: { readonly seed: number; readonly signal?: AbortSignal },
  ): Promise<{ readonly trees: TreeEnsemble }>;
}

/** When the steps of a series are. */
export interface SeriesCalendar {
  /** What a step is. */
  readonly step: SeriesStep;
  /** Date of the first value, `YYYY-MM-DD`. */
  readonly first: string;
  /** Whose holidays count; none if left out. */
  readonly place?: HolidayPlace;
}

/** What boosting learns by. */
export interface Boosting {
  /** The learner. */
  readonly learner: LagLearner;
  /** When the steps are; without it the place in the season stands for the calendar. */
  readonly calendar?: SeriesCalendar;
  /** Where the learner's randomness starts; default 1. */
  readonly seed?: number;
}

/** Fitted trees with the values that they look back to. */
export interface BoostedSeries extends SeriesModel {
  /** Its kind. */
  readonly method: "boosted";
  /** The trees, of values less the mean of the last season. */
  readonly trees: PackedEnsemble;
  /** Steps that are looked back. */
  readonly lags: readonly number[];
  /** Steps of the season. */
  readonly season: number;
  /** The last values, as many as the features need. */
  readonly last: readonly number[];
  /** Steps that were seen. */
  readonly count: number;
  /** When they were. */
  readonly calendar?: SeriesCalendar;
}

/** Fewest rows that are worth learning from. */
const FEWEST = 24;

/**
 * Boosting on lags, the last season's mean and slope, and the calendar, step after step: each
 * forecast is a lag of the next. Trees do not reach beyond what they saw, so they learn how far
 * values are from the mean of the season before.
 *
 * @param boosting The learner and the calendar; a method without them forecasts what was fitted.
 * @param more Further seasons beside the one that is given to `fit`, in steps.
 */
export function boosted(
  boosting?: Boosting,
  more: readonly number[] = [],
): SlowForecastMethod<BoostedSeries> {
  return {
    name: "boosted",
    async fit(y, season, signal) {
      if (boosting === undefined) return undefined;
      const lags = lagsOf(y.length, season, more);
      const start = Math.max(2 * season, ...lags);
      if (y.length - start < FEWEST) return undefined;
      const { learner, calendar, seed = 1 } = boosting;
      const known = calendarRows(calendar, season, 0, y.length);
      const rows = y.length - start;
      const width = lags.length + 1 + known[0].length;
      const X = emptyMatrix(rows, width);
      const target = new Float64Array(rows);
      const row = new Float32Array(width);
      for (let i = 0; i < rows; i++) {
        const level = writeRow(row, y, start + i, { lags, season }, known[start + i]);
        target[i] = y[start + i] - level;
        for (let j = 0; j < width; j++) X.data[j * rows + i] = row[j];
      }
      const { trees } = await learner.fit(X, target, { seed, signal });
      return {
        ...{ method: "boosted", trees: packEnsemble(trees), lags, season, count: y.length },
        last: [...y.subarray(y.length - start)],
        ...calendar && { calendar },
      };
    },
    forecast({ trees: packed, lags, season, last, count, calendar }, horizon) {
      const trees = unpackEnsemble(packed);
      const score = rowScorer(rowTrees(trees));
      const known = calendarRows(calendar, season, count, horizon);
      const values = new Float64Array(last.length + horizon);
      values.set(last);
      const row = new Float32Array(trees.features);
      const found = new Float64Array(1);
      for (let h = 0; h < horizon; h++) {
        const at = last.length + h;
        const level = writeRow(row, values, at, { lags, season }, known[h]);
        score(row, found);
        values[at] = level + numberOfScore(trees.link, found[0]);
      }
      return values.slice(last.length);
    },
  };
}

/** The last steps, and those about one season and two before, as far as the series reaches. */
function lagsOf(n: number, season: number, more: readonly number[]): number[] {
  const whole = Math.round(season);
  const wanted = [1, 2, 3, whole - 1, whole, whole + 1, 2 * whole, ...more.map(Math.round)];
  return [...new Set(wanted)].filter((lag) => lag >= 1 && 3 * lag <= n).sort((a, b) => a - b);
}

/** Writes the features of step `at`, which are known before it; gives the mean of the last season. */
function writeRow(
  row: Float32Array,
  y: Float64Array,
  at: number,
  { lags, season }: { readonly lags: readonly number[]; readonly season: number },
  known: ArrayLike<number>,
): number {
  let [level, before] = [0, 0];
  for (let k = 1; k <= season; k++) {
    level += y[at - k] / season;
    before += y[at - season - k] / season;
  }
  for (let j = 0; j < lags.length; j++) row[j] = y[at - lags[j]] - level;
  row[lags.length] = level - before;
  row.set(known, lags.length + 1);
  return level;
}

/** What the calendar, or the place in the season, says of steps. */
function calendarRows(
  calendar: SeriesCalendar | undefined,
  season: number,
  from: number,
  count: number,
): readonly ArrayLike<number>[] {
  if (calendar === undefined) {
    return Array.from({ length: count }, (_, h) => [(from + h) % season]);
  }
  const dates = Array.from({ length: count + 1 }, (_, h) => dateOfStep(calendar, from + h));
  return calendarFeatures(dates.slice(0, count), dates[count], calendar.place).rows;
}
