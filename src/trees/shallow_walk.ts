/** Rows that walk down shallow trees, block by block. */

import { kernelMemory, Kernels, rowsTogether } from "../kernels/mod.ts";
import type { FeatureColumns } from "./features.ts";
import type { ShallowTable } from "./shallow_table.ts";

/** Numbers of a block: it stays in the cache closest to the processor, and each tree beside it. */
const BLOCK_NUMBERS = 6144;

/** Rows of a block at least. */
const FEWEST_ROWS = 64;

/** Walks blocks of rows down all trees of a table. */
export class ShallowWalk {
  /** Rows of a block at most. */
  readonly rows: number;
  readonly #block: Float32Array;
  readonly #sums: Float32Array;
  readonly #kernels: Kernels;
  readonly #table: ShallowTable;
  readonly #columns: number;

  private constructor(
    table: ShallowTable,
    columns: number,
    outputs: number,
    rows: number,
    memory: WebAssembly.Memory,
  ) {
    const { splits, values } = table;
    this.rows = rows;
    this.#table = table;
    this.#columns = columns;
    this.#kernels = new Kernels(memory);
    const ints = new Int32Array(memory.buffer);
    for (let at = 0; at < splits.length; at += 2) {
      ints[at] = 4 * rows * splits[at];
      ints[at + 1] = splits[at + 1];
    }
    const [blockAt, sumsAt] = this.#places();
    new Float32Array(memory.buffer).set(values, splits.length);
    this.#block = new Float32Array(memory.buffer, blockAt, rows * columns);
    this.#sums = new Float32Array(memory.buffer, sumsAt, rows * outputs);
  }

  /**
   * A walk down some trees, which read `columns` columns and feed `outputs` outputs; undefined where
   * there is no room for it.
   */
  static of(table: ShallowTable, columns: number, outputs: number): ShallowWalk | undefined {
    const most = Math.max(FEWEST_ROWS, Math.floor(BLOCK_NUMBERS / columns));
    const rows = most - most % rowsTogether;
    const { splits, values } = table;
    const memory = kernelMemory(4 * (splits.length + values.length + rows * (columns + outputs)));
    return memory && new ShallowWalk(table, columns, outputs, rows, memory);
  }

  /**
   * Takes in `rows` rows from `start` on, {@linkcode rows} at most; tells whether none misses a
   * value, without which they cannot be walked.
   */
  read(X: FeatureColumns, start: number, rows: number): boolean {
    // What is left of an earlier block is no Float32 any more.
    if (rows < this.rows) this.#block.fill(0);
    for (let j = 0; j < this.#columns; j++) {
      const from = j * X.rows + start;
      this.#block.set(X.data.subarray(from, from + rows), j * this.rows);
    }
    const [blockAt, sumsAt] = this.#places();
    return this.#kernels.orderBits(blockAt, sumsAt) === 0;
  }

  /**
   * Sums of the values that the first `rows` rows reach, output by output: that of output k
   * and row i is at `k × this.rows + i`.
   *
   * @param treeOutput The output of each tree; empty if there is one.
   */
  sums(rows: number, treeOutput: Int32Array): Float32Array {
    const { starts, depths, splits } = this.#table;
    const [blockAt, sumsAt] = this.#places();
    // Rows that fill the last step up are of an earlier block.
    const count = Math.ceil(rows / rowsTogether) * rowsTogether;
    this.#sums.fill(0);
    for (let t = 0; t < starts.length; t++) {
      const values = 4 * (splits.length + starts[t] - (1 << depths[t]));
      const sums = sumsAt + 4 * this.rows * (treeOutput.length === 0 ? 0 : treeOutput[t]);
      this.#kernels.walkTree(8 * starts[t], values, blockAt, count, depths[t], sums);
    }
    return this.#sums;
  }

  /** Where the block and the sums begin, in bytes: behind splits and values. */
  #places(): [block: number, sums: number] {
    const block = 4 * (this.#table.splits.length + this.#table.values.length);
    return [block, block + 4 * this.rows * this.#columns];
  }
}
