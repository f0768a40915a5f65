/** Bins of columns, on one thread and several. */

import { assert, assertEquals } from "@std/assert";
import { Random, WorkerPool } from "../../src/base/mod.ts";
import { binMatrix } from "../../src/tree_growth/mod.ts";
import { missingCode } from "../../src/tree_growth/binning.ts";
import { column, emptyMatrix } from "../../src/dataset/mod.ts";

/** So many values that workers help; a constant, a binary, a coarse and a fine column in turn. */
const X = emptyMatrix(2 ** 16, 17);
const random = new Random(4);
for (let j = 0; j < X.columns; j++) {
  const values = column(X, j);
  for (let i = 0; i < X.rows; i++) {
    const value = [3, random.int(2), random.int(40) / 7, random.normal()][j % 4];
    values[i] = j > 8 && i % 11 === 0 ? NaN : value;
  }
}

Deno.test("binning: the same bins on any number of threads", async () => {
  const sampleWeight = Float32Array.from({ length: X.rows }, () => random.int(3));
  const alone = binMatrix(X, { sampleWeight });
  for (const size of [2, 3]) {
    await using pool = new WorkerPool(size);
    assertEquals(binMatrix(X, { sampleWeight, pool }), alone);
    // The workers are free again.
    assertEquals(binMatrix(X, { sampleWeight, pool }), alone);
  }
});

Deno.test("binning: few values have a bin each, many share bins of about equal weight", () => {
  const { bins, codes, hasMissing, low, high } = binMatrix(X, { maxBins: 100 });
  for (let j = 0; j < X.columns; j++) {
    assertEquals(bins[j], [1, 2, 40, 100][j % 4]);
    assertEquals(hasMissing[j], Number(j > 8));
    const rowsOfBin = new Int32Array(256);
    const values = column(X, j);
    for (let i = 0; i < X.rows; i++) {
      const bin = codes[j * X.rows + i];
      rowsOfBin[bin]++;
      assertEquals(Number.isNaN(values[i]), bin === missingCode);
      if (bin === missingCode) continue;
      assert(values[i] >= low[256 * j + bin] && values[i] <= high[256 * j + bin]);
    }
    if (j % 4 < 3) continue;
    const fair = (X.rows - rowsOfBin[missingCode]) / 100;
    assert(rowsOfBin.subarray(0, 100).every((rows) => Math.abs(rows - fair) < 2));
  }
});
