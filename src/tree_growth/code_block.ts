/** Bins of some rows, laid out as the search for splits reads them. */

import type { BinnedMatrix } from "./binning.ts";

/** The bin of column `j` of a row is at `codes[j * columnStride + offset of the row]`. */
export interface CodeBlock {
  /** The bins. */
  readonly codes: Uint8Array;
  /** Distance from one column to the next. */
  readonly columnStride: number;
}

/** Rows in the order of the nodes that they have come to. */
export interface NodeRows {
  /** Where the bins of each row are in a {@link CodeBlock}. */
  readonly offsets: Int32Array;
  /** What the search for splits wants to know of each row, see `NodeSplitter`. */
  readonly carried: Int32Array;
}

/**
 * Rows of a subtree that are copied out together, and those of a subtree of it
 * that are copied again. Their bins fit in the second-level and the first-level
 * cache, if all further splits find them; in the matrix they lie far apart.
 */
export const localRows: readonly number[] = [8192, 1024];

/** The bins of `binned` row by row in whole words of four, shape [rows × words]. */
export function rowMajorCodes(
  { codes, rows, columns }: BinnedMatrix,
): Int32Array<SharedArrayBuffer> {
  const width = 4 * Math.ceil(columns / 4);
  const byRow = new Uint8Array(new SharedArrayBuffer(rows * width));
  for (let j = 0; j < columns; j++) {
    for (let i = 0, at = j; i < rows; i++, at += width) byRow[at] = codes[j * rows + i];
  }
  return new Int32Array(byRow.buffer);
}

/** Where sums go that are computed only for their loads, so that these are not optimised away. */
const sink = /* @__MEMO__ */ new Int32Array(1);

/**
 * Copies rows of `words` words to the front of `local`. Row i, `start` to
 * `end − 1`, begins at `offsets[i] * wordsPerOffset`.
 */
export function copyRows(
  byRow: Int32Array,
  words: number,
  offsets: Int32Array,
  wordsPerOffset: number,
  start: number,
  end: number,
  local: Int32Array,
): void {
  // Rows lie apart, so each is waited for. Asked for in a short loop first, many
  // are on their way at the same time.
  let asked = 0;
  for (let i = start; i < end; i++) {
    const from = (offsets[i] * wordsPerOffset) | 0;
    asked ^= byRow[from] ^ byRow[from + words - 1];
  }
  sink[0] = asked;
  let to = 0;
  for (let i = start; i < end; i++) {
    const from = (offsets[i] * wordsPerOffset) | 0;
    for (let w = 0; w < words; w++) local[to++] = byRow[from + w];
  }
}
