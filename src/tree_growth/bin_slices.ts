/** Bins the columns of a table that is read in slices: edges from a sample, a byte for each value. */

import { runTask, type Task, task, YieldingLoop } from "../base/mod.ts";
import { column, emptyMatrix, type Matrix, type SlicedRows } from "../dataset/mod.ts";
import { binMatrix, type BinningOptions } from "./bin_matrix.ts";
import { type BinnedMatrix, codes, missingCode, thresholdBetween } from "./binning.ts";

/** Rows that edges are taken from at the most. */
const mostSampled = 2 ** 18;

/** Rows that a thread holds at a time: a part of a Parquet file is unpacked with all before it. */
const mostHeld = 2 ** 17;

/** How slices are binned. */
export interface SliceBinningOptions extends Omit<BinningOptions, "sampleWeight"> {
  /** Weight of each row, asked for once all targets are known; 1 if it is left out. */
  readonly weights?: () => Float32Array | undefined;
  /** Most rows that edges are taken from. */
  readonly sampled?: number;
  /** Rows that a thread holds at a time. */
  readonly held?: number;
  /** Sees each slice and the number of its first row, and may refuse it. */
  readonly check?: (slice: Matrix, from: number) => void;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

/**
 * Bins rows that are read twice, for the edges and for the bins: beside a byte for each value, a
 * sample is held, and a slice for each worker. As many rows as the sample has are binned as
 * {@link binMatrix} does.
 *
 * A value between two bins of the sample falls to its side of the threshold between them, one
 * beyond all into the outermost; a category that the sample does not have counts as missing.
 *
 * @param targets Target of each row, written.
 */
export async function binSlices(
  rows: SlicedRows,
  targets: Float64Array,
  { sampled = mostSampled, check, weights, signal, ...options }: SliceBinningOptions = {},
): Promise<BinnedMatrix> {
  const { pool } = options;
  const held = Math.min(options.held ?? mostHeld, rows.rows);
  const stride = Math.ceil(rows.rows / sampled);
  const count = Math.floor(rows.rows / stride);
  // A row of each run, at places of no period that rows could have, too.
  const taken = (k: number) => k * stride + (Math.imul(k, 0x9e3779b1) >>> 0) % stride;
  const sample = emptyMatrix(count, rows.columns);
  const pace = new YieldingLoop({ signal });
  const eachSlice = async (
    use: (slice: Matrix, from: number, targets: Float64Array) => void | Promise<void>,
  ) => {
    let next = 0;
    await Promise.all(Array.from({ length: pool?.size ?? 1 }, async () => {
      const values = new Float32Array(new SharedArrayBuffer(4 * held * rows.columns));
      const ofSlice = new Float64Array(new SharedArrayBuffer(8 * held));
      while (next < rows.rows) {
        const from = next;
        next = Math.min(from + held, rows.rows);
        const length = next - from;
        const data = values.subarray(0, length * rows.columns);
        const slice = { rows: length, columns: rows.columns, data };
        await rows.read(from, slice, ofSlice.subarray(0, length), pool);
        await use(slice, from, ofSlice.subarray(0, length));
        await pace.step(from / rows.rows);
      }
    }));
  };
  await eachSlice((slice, from, ofSlice) => {
    check?.(slice, from);
    targets.set(ofSlice, from);
    const first = Math.floor(from / stride);
    for (let k = first; k < count && taken(k) < from + slice.rows; k++) {
      if (taken(k) < from) continue;
      const at = taken(k) - from;
      for (let j = 0; j < rows.columns; j++) {
        sample.data[j * count + k] = slice.data[j * slice.rows + at];
      }
    }
  });
  const sampleWeight = weights?.();
  const ofSample = binMatrix(sample, {
    ...options,
    sampleWeight: sampleWeight &&
      Float32Array.from({ length: count }, (_, k) => sampleWeight[taken(k)]),
  });
  const binned = {
    ...ofSample,
    rows: rows.rows,
    codes: new Uint8Array(new SharedArrayBuffer(rows.rows * rows.columns)),
  };
  await eachSlice((slice, from) => runTask(encodeSliceTask, { slice, from, binned }, pool));
  return binned;
}

/** Writes the bins of a slice. */
export const encodeSliceTask: Task<
  { readonly slice: Matrix; readonly from: number; readonly binned: BinnedMatrix },
  void
> = task(import.meta.url, "encodeSliceTask", ({ slice, from, binned }) => {
  for (let j = 0; j < slice.columns; j++) {
    const start = j * binned.rows + from;
    const ofColumn = binned.codes.subarray(start, start + slice.rows);
    (binned.categorical[j] ? encodeCategories : encodeNumbers)(
      column(slice, j),
      binned,
      j,
      ofColumn,
    );
    if (ofColumn.includes(missingCode)) binned.hasMissing[j] = 1;
  }
});

/**
 * As many edges as are below each value: first those that its upper 16 bits tell. Steps of a search
 * in 255 edges are guessed wrong every other time.
 */
function encodeNumbers(
  values: Float32Array<SharedArrayBuffer>,
  binned: BinnedMatrix,
  j: number,
  ofColumn: Uint8Array,
): void {
  const edges = Float32Array.from(
    { length: binned.bins[j] - 1 },
    // Minus zero would lie before zero by its bits.
    (_, bin) => thresholdBetween(binned, j, bin, bin + 1) + 0,
  );
  const below = new Uint8Array(2 ** 16);
  const edgeBits = new Int32Array(edges.buffer);
  let filled = 0;
  edges.forEach((_, bin) => {
    const next = risingBits(edgeBits[bin]) + 1;
    if (next > filled) below.fill(bin, filled, filled = next);
  });
  below.fill(edges.length, filled);
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    let bin = below[risingBits(bits[i])];
    while (bin < edges.length && edges[bin] < value) bin++;
    ofColumn[i] = value === value ? bin : missingCode;
  }
}

/** The upper 16 bits of a number by its bits, in an order that rises with the number. */
function risingBits(bits: number): number {
  return (bits ^ (bits >> 31 | 0x80000000)) >>> 16;
}

function encodeCategories(
  values: Float32Array,
  { low, bins }: BinnedMatrix,
  j: number,
  ofColumn: Uint8Array,
): void {
  const known = low.subarray(j * codes, j * codes + bins[j]);
  const binOf = new Map([...known].map((category, bin) => [category, bin]));
  for (let i = 0; i < values.length; i++) {
    // Minus zero is the category 0, too.
    ofColumn[i] = binOf.get(values[i] + 0) ?? missingCode;
  }
}
