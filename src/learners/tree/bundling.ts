/** Columns side by side in one byte per row, as gradient histograms read them. */

import { type BinnedMatrix, missingCode } from "./binning.ts";

/** One byte of each row: a column, or several binary columns that exclude one another. */
export interface Slot {
  /** The columns in it; more than one make a bundle. */
  readonly columns: readonly number[];
  /**
   * Number of codes. A single column has its bins and, last, the missing code.
   * A bundle has code 0 for "all at their usual bin" and code m + 1 for "column
   * m is at its other bin".
   */
  readonly codes: number;
  /** Of each bundled column the unusual bin, 0 or 1; empty for a single column. */
  readonly unusualBin: readonly number[];
}

/** A binned matrix row by row. */
export interface BundledRows {
  /** Number of rows. */
  readonly rows: number;
  /** What each byte of a row stands for. */
  readonly slots: readonly Slot[];
  /** Codes, row-major, shape [rows × slots]. */
  readonly codes: Uint8Array;
}

/** The most columns in a bundle: each needs a code, and one stands for none. */
const maxBundled = 255;

interface Bundle {
  readonly columns: number[];
  readonly unusualBin: number[];
  readonly codes: Uint8Array;
}

/**
 * Lays the columns out row by row and puts binary columns that are never
 * unusual in the same row, such as those of one-hot encoding, into one byte.
 * Nothing is lost, and a histogram costs one update for all of them.
 *
 * Source: exclusive feature bundling, Ke et al. (2017), "LightGBM", without
 * conflicts.
 */
export function bundleRows(binned: BinnedMatrix): BundledRows {
  const { rows } = binned;
  const slots: { slot: Slot; codes: Uint8Array }[] = [];
  const bundles: Bundle[] = [];
  for (let j = 0; j < binned.columns; j++) {
    const codes = binned.codes.subarray(j * rows, (j + 1) * rows);
    if (binned.bins[j] === 2 && !binned.hasMissing[j]) addToBundle(bundles, j, codes);
    else slots.push({ slot: { columns: [j], codes: binned.bins[j] + 1, unusualBin: [] }, codes });
  }
  for (const { columns, unusualBin, codes } of bundles) {
    slots.push({ slot: { columns, codes: columns.length + 1, unusualBin }, codes });
  }
  const interleaved = new Uint8Array(rows * slots.length);
  slots.forEach(({ slot, codes }, s) => {
    const last = slot.codes - 1;
    for (let i = 0, at = s; i < rows; i++, at += slots.length) {
      interleaved[at] = codes[i] === missingCode ? last : codes[i];
    }
  });
  return { rows, slots: slots.map(({ slot }) => slot), codes: interleaved };
}

/** Adds binary column `j` to the first bundle that it excludes, or to a new one. */
function addToBundle(bundles: Bundle[], j: number, codes: Uint8Array): void {
  let ones = 0;
  for (let i = 0; i < codes.length; i++) ones += codes[i];
  const unusual = ones * 2 <= codes.length ? 1 : 0;
  const unusualRows = new Int32Array(unusual === 1 ? ones : codes.length - ones);
  for (let i = 0, count = 0; i < codes.length; i++) {
    if (codes[i] === unusual) unusualRows[count++] = i;
  }
  let bundle = bundles.find((candidate) =>
    candidate.columns.length < maxBundled &&
    unusualRows.every((row) => candidate.codes[row] === 0)
  );
  if (!bundle) {
    bundle = { columns: [], unusualBin: [], codes: new Uint8Array(codes.length) };
    bundles.push(bundle);
  }
  bundle.columns.push(j);
  bundle.unusualBin.push(unusual);
  for (const row of unusualRows) bundle.codes[row] = bundle.columns.length;
}
