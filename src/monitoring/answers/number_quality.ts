/** How far a regression is off on rows whose truth is known, beside what is usual. */

import type { PredictionInterval } from "../../registry/mod.ts";
import type { Slices } from "../slices.ts";
import { metricOf } from "../../metrics/mod.ts";
import {
  type ErrorMetric,
  errorMetrics,
  errorScore,
  type KnownRows,
  standardErrors,
} from "./error_scores.ts";

/** A metric on the current rows and on the reference. */
export interface ComparedError {
  readonly value: number;
  /** Value − 3 standard errors. */
  readonly low: number;
  /** Value + 3 standard errors. */
  readonly high: number;
  /** Its value on the reference; undefined if that tells none. */
  readonly reference?: number;
  /** Whether the reference lies outside of the band, and to which side of it the rows have moved. */
  readonly change: "none" | "worse" | "better";
}

/** How often the truth lies within the model's interval. */
export interface Coverage {
  /** Share of the rows, in [0, 1]. */
  readonly value: number;
  /** Value − 3 standard errors, at least 0. */
  readonly low: number;
  /** Value + 3 standard errors, at most 1. */
  readonly high: number;
  /** The share that the model promises. */
  readonly promised: number;
  /** Whether that lies outside of the band. */
  readonly alert: boolean;
}

/** Intervals of rows, each of its own. */
export interface RowIntervals {
  /** Share of true values that are to lie within, in (0, 1). */
  readonly coverage: number;
  /** Lower ends, NaN where there is no interval, shape [rows]. */
  readonly lower: ArrayLike<number>;
  /** Upper ends, shape [rows]. */
  readonly upper: ArrayLike<number>;
}

/** What is known of a regression's errors. */
export interface NumberQuality {
  /** Rows whose truth is known. */
  readonly known: KnownRows;
  readonly errors: Readonly<Record<ErrorMetric, ComparedError>>;
  /** The metrics slice by slice, undefined if too few rows are known. */
  readonly overTime: readonly (Readonly<Record<ErrorMetric, number>> | undefined)[];
  /** Between which values the metrics of slices lie where nothing has changed. */
  readonly usual: Partial<Record<ErrorMetric, { value: number; low: number; high: number }>>;
  /** Undefined if the model gives no interval. */
  readonly coverage?: Coverage;
}

/** How many standard errors are believed to be chance. */
const RANGE = 3;
/** Rows that a slice needs for its metrics to say anything. */
const FEWEST_ROWS = 30;

/** What the reference tells of its errors. */
export interface ReferenceErrors {
  /** The metrics by name. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Rows that they are of. */
  readonly rows: number;
}

/**
 * Measures the errors of the rows whose truth is known, at least one.
 *
 * @param at Row of each known row, shape [known].
 */
export function numberQuality(
  known: KnownRows,
  at: Int32Array,
  slices: Slices,
  reference: ReferenceErrors | undefined,
  interval: PredictionInterval | RowIntervals | undefined,
): NumberQuality {
  const noise = standardErrors(known);
  const rows = known.truth.length;
  // The reference is a draw of rows too: a difference has the noise of both.
  const both = Math.sqrt(1 + rows / (reference?.rows ?? Infinity));
  const usual: NumberQuality["usual"] = {};
  const errors = errorMetrics.map((name): [ErrorMetric, ComparedError] => {
    const value = errorScore(name, known);
    const was = reference?.scores[name] ?? undefined;
    const width = RANGE * noise[name];
    if (was !== undefined && Number.isFinite(width)) {
      const slice = slices.edges[1] || rows;
      const ofSlice = width * Math.sqrt(rows / slice + rows / reference!.rows);
      usual[name] = { value: was, low: was - ofSlice, high: was + ofSlice };
    }
    const moved = was !== undefined && Math.abs(value - was) > width * both;
    const lower = metricOf(name).direction === "lower";
    const worse = lower ? value > was! : value < was!;
    return [name, {
      value,
      low: value - width,
      high: value + width,
      reference: was,
      change: moved ? worse ? "worse" : "better" : "none",
    }];
  });
  return {
    known,
    errors: Object.fromEntries(errors) as NumberQuality["errors"],
    overTime: slicesOf(known, at, slices),
    usual,
    coverage: interval && coverageOf(known, interval),
  };
}

/** All metrics of some rows. */
export function errorScoresOf(rows: KnownRows): Record<ErrorMetric, number> {
  const scores = errorMetrics.map((name) => [name, errorScore(name, rows)]);
  return Object.fromEntries(scores);
}

function slicesOf(
  { truth, predicted }: KnownRows,
  at: Int32Array,
  { order, edges }: Slices,
): NumberQuality["overTime"] {
  const place = new Map(Array.from(at, (row, i) => [row, i]));
  return edges.slice(0, -1).map((from, i) => {
    const own = order.subarray(from, edges[i + 1]).filter((row) => place.has(row))
      .map((row) => place.get(row)!);
    if (own.length < FEWEST_ROWS) return undefined;
    const part = {
      truth: Float64Array.from(own, (row) => truth[row]),
      predicted: Float64Array.from(own, (row) => predicted[row]),
    };
    return errorScoresOf(part);
  });
}

function coverageOf(
  known: KnownRows,
  interval: PredictionInterval | RowIntervals,
): Coverage | undefined {
  const { truth, predicted, groups } = known;
  const { coverage: promised } = interval;
  const has = (row: number) => !("lower" in interval) || Number.isFinite(interval.lower[row]);
  const rows = Int32Array.from(truth.keys()).filter(has);
  if (rows.length === 0) return undefined;
  const within = rows.filter((row) =>
    "lower" in interval
      ? truth[row] >= interval.lower[row] && truth[row] <= interval.upper[row]
      : Math.abs(truth[row] - predicted[row]) <= interval.half_width
  );
  const value = within.length / rows.length;
  // Rows of one group may all be right or wrong together.
  const independent = groups ? new Set(rows.map((row) => groups[row])).size : rows.length;
  // The deviation that the promise would have: of a share of 0 or 1 the own one would be nothing.
  const width = RANGE * Math.sqrt(promised * (1 - promised) / independent);
  return {
    value,
    low: Math.max(0, value - width),
    high: Math.min(1, value + width),
    promised,
    // A share comes in steps of a row.
    alert: Math.abs(value - promised) > width + 0.5 / independent,
  };
}
