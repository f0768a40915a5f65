/** Drift over time: a comparison for each window of a stream. */

import { compare, type CompareOptions } from "./compare.ts";
import type { DriftResult } from "./result.ts";
import type { DriftSample } from "./sample.ts";
import { type RawSample, SampleSketch, type SketchedSample } from "./sample_sketch.ts";

/** Some rows of a stream, in the order of time. */
export interface DriftBatch extends RawSample {
  /** When each row came, milliseconds since 1970 UTC, shape [rows]; windows by time need it. */
  readonly times?: ArrayLike<number>;
}

/** How long a window is: a number of rows, or of milliseconds counted from 1970 UTC. */
export type WindowLength = { readonly rows: number } | { readonly milliseconds: number };

/** How a stream is cut and compared. */
export interface WindowOptions extends Omit<CompareOptions, "multivariate"> {
  /** How long each window is. */
  readonly every: WindowLength;
}

/** One window of a stream. */
export interface DriftWindow {
  /** Its first moment: of a window by time its begin, else that of its first row; null if not known. */
  readonly from: number | null;
  /** Its last moment: of a window by time its end, else that of its last row; null if not known. */
  readonly to: number | null;
  /** Whether it is as long as asked for; the last one of a stream by rows may not be. */
  readonly complete: boolean;
  /** Rows that came after their window was over; they count in this one. */
  readonly late_rows: number;
  /** What was found. */
  readonly result: DriftResult;
  /** What is left of its rows: mergeable with that of other windows. */
  readonly sample: SketchedSample;
}

/**
 * Cuts a stream into windows and compares each with the reference as soon as it
 * is over. Rows go into sketches and are not kept. A window by time without a
 * row is left out.
 *
 * @param reference Rows, sketches or a model's reference statistics.
 * @param batches Rows in the order of time, in batches of any size.
 * @throws {RangeError} if the length of a window is not positive.
 * @throws {TypeError} if windows go by time and rows have none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * const random = new Random(1);
 * const rows = (n: number, mean: number) => ({
 *   rows: n,
 *   columns: { x: { kind: "number" as const, values: Float64Array.from({ length: n }, () => random.normal(mean)) } },
 * });
 * const found: boolean[] = [];
 * for await (const { result } of driftOverTime(rows(1000, 0), [rows(800, 0), rows(400, 1)], { every: { rows: 400 } })) {
 *   found.push(result.drifted);
 * }
 * assertEquals(found, [false, false, true]);
 * ```
 */
export async function* driftOverTime(
  reference: DriftSample,
  batches: AsyncIterable<DriftBatch> | Iterable<DriftBatch>,
  { every, ...options }: WindowOptions,
): AsyncGenerator<DriftWindow> {
  const length = "rows" in every ? every.rows : every.milliseconds;
  const byTime = "milliseconds" in every;
  if (!(length > 0) || !byTime && !Number.isInteger(length)) {
    throw new RangeError(`Cannot cut windows of ${length}; give a length above 0, in whole rows`);
  }
  let open = new OpenWindow();
  const close = async (complete: boolean): Promise<DriftWindow> => {
    const sample = open.sketch.sample();
    const { from, to, late } = open;
    open = new OpenWindow();
    const result = await compare(reference, sample, options);
    return { from, to, complete, late_rows: late, result, sample };
  };
  for await (const batch of batches) {
    if (byTime && !batch.times) throw new TypeError("Cannot cut by time: a batch has no times");
    for (let row = 0; row < batch.rows;) {
      if (byTime && open.sketch.rows === 0) open.start(batch.times![row], length);
      const end = byTime
        ? firstAfter(batch.times!, row, open.to!)
        : Math.min(batch.rows, row + length - open.sketch.rows);
      open.add(batch, row, end, byTime);
      row = end;
      const over = byTime ? row < batch.rows : open.sketch.rows === length;
      if (over) yield await close(true);
    }
  }
  if (open.sketch.rows > 0) yield await close(byTime);
}

/** The first row from `row` on that lies at or after `end`. */
function firstAfter(times: ArrayLike<number>, row: number, end: number): number {
  let next = row;
  while (next < times.length && !(times[next] >= end)) next++;
  return next;
}

/** The window that rows go into. */
class OpenWindow {
  readonly sketch = new SampleSketch();
  from: number | null = null;
  to: number | null = null;
  late = 0;

  start(time: number, length: number): void {
    if (!Number.isFinite(time)) throw new TypeError("Cannot cut by time: a row has no time");
    this.from = Math.floor(time / length) * length;
    this.to = this.from + length;
  }

  add(batch: DriftBatch, from: number, to: number, byTime: boolean): void {
    this.sketch.add(batch, from, to);
    const { times } = batch;
    if (!times) return;
    if (byTime) {
      for (let row = from; row < to; row++) if (times[row] < this.from!) this.late++;
    } else {
      this.from ??= times[from];
      this.to = times[to - 1];
    }
  }
}
