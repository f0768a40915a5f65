/** Rows a batch at a time, so that a large file is not held as tensors whole. */

const BATCH = 10_000;

/** First row of each batch and the row after its last. */
export function* inBatches(rows: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < rows; from += BATCH) yield [from, Math.min(rows, from + BATCH)];
}
