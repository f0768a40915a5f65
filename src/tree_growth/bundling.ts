/** Columns side by side in one byte per row, as gradient histograms read them. */

import { type BinnedMatrix, missingCode } from "./binning.ts";

/** One code of each row: a column, or several binary columns that exclude one another. */
export interface CodeColumn {
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
  /** Whether it is a column of categories, whose bins have no order. */
  readonly categorical: boolean;
}

/** A binned matrix row by row. */
export interface BundledRows {
  /** Number of rows. */
  readonly rows: number;
  /** What each code of a row stands for. */
  readonly slots: readonly CodeColumn[];
  /** First code of each slot among all codes, and their number; shape [slots + 1]. */
  readonly offsets: Int32Array;
  /** Codes, row-major, shape [rows × slots]. */
  readonly codes: Uint8Array<SharedArrayBuffer>;
}

/** The most columns in a bundle: each needs a code, and one stands for none. */
const maxBundled = 255;

/** Rows laid out at a time: what they fill stays in the cache while each slot adds to it. */
const blockRows = 512;

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
  const slots: { slot: CodeColumn; codes: Uint8Array }[] = [];
  const bundles: Bundle[] = [];
  const addAlone = (j: number, codes: Uint8Array) =>
    slots.push({
      slot: {
        columns: [j],
        codes: binned.bins[j] + 1,
        unusualBin: [],
        categorical: binned.categorical[j] === 1,
      },
      codes,
    });
  for (let j = 0; j < binned.columns; j++) {
    const codes = binned.codes.subarray(j * rows, (j + 1) * rows);
    const binary = binned.bins[j] === 2 && !binned.hasMissing[j] && !binned.categorical[j];
    if (binary) addToBundle(bundles, j, codes);
    else addAlone(j, codes);
  }
  for (const { columns, unusualBin, codes } of bundles) {
    if (columns.length === 1) {
      const [j] = columns;
      addAlone(j, binned.codes.subarray(j * rows, (j + 1) * rows));
      continue;
    }
    slots.push({
      slot: { columns, codes: columns.length + 1, unusualBin, categorical: false },
      codes,
    });
  }
  const offsets = new Int32Array(slots.length + 1);
  slots.forEach(({ slot }, s) => offsets[s + 1] = offsets[s] + slot.codes);
  const interleaved = new Uint8Array(new SharedArrayBuffer(rows * slots.length));
  for (let from = 0; from < rows; from += blockRows) {
    const to = Math.min(from + blockRows, rows);
    slots.forEach(({ slot, codes }, s) => {
      const missing = slot.columns.length === 1 ? slot.codes - 1 : missingCode;
      for (let i = from, at = from * slots.length + s; i < to; i++, at += slots.length) {
        const code = codes[i];
        interleaved[at] = code === missingCode ? missing : code;
      }
    });
  }
  return { rows, slots: slots.map(({ slot }) => slot), offsets, codes: interleaved };
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
