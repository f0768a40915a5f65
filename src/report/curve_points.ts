/** Long curves with few points that look the same. */

import { rounded } from "./figure.ts";

/** Points a curve is drawn with at most: more cannot be told apart on a screen. */
const MOST_POINTS = 200;

/** A curve as plain lists. */
export interface CurvePoints {
  /** Places on the horizontal axis. */
  readonly x: number[];
  /** Places on the vertical axis. */
  readonly y: number[];
}

/**
 * Keeps the first and last point and, of each of equally many points between,
 * the one that spans the greatest triangle with the kept point before it and
 * the mean of the points after it, so that corners and peaks stay.
 *
 * Source: Steinarsson, 2013 (largest triangle three buckets).
 */
export function thinCurve(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  most = MOST_POINTS,
): CurvePoints {
  const points = x.length <= most ? Array.from(x, (_, i) => i) : largestTriangles(x, y, most);
  return { x: points.map((i) => rounded(x[i])), y: points.map((i) => rounded(y[i])) };
}

function largestTriangles(x: ArrayLike<number>, y: ArrayLike<number>, most: number): number[] {
  const inner = x.length - 2;
  const start = (bucket: number) => 1 + Math.floor(bucket * inner / (most - 2));
  const kept = [0];
  for (let bucket = 0; bucket < most - 2; bucket++) {
    const from = start(bucket);
    const to = start(bucket + 1);
    const last = bucket === most - 3;
    const nextX = last ? x[x.length - 1] : mean(x, to, start(bucket + 2));
    const nextY = last ? y[x.length - 1] : mean(y, to, start(bucket + 2));
    const before = kept[kept.length - 1];
    let chosen = from;
    let greatest = -1;
    for (let i = from; i < to; i++) {
      const area = Math.abs(
        (x[before] - nextX) * (y[i] - y[before]) - (x[before] - x[i]) * (nextY - y[before]),
      );
      if (area > greatest) {
        greatest = area;
        chosen = i;
      }
    }
    kept.push(chosen);
  }
  return [...kept, x.length - 1];
}

function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum / (to - from);
}
