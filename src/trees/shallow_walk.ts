/** Rows that walk down shallow trees, block by block. */

import { kernelMemory, Kernels, rowsTogether, type SharedKernelMemory } from "../kernels/mod.ts";
import { isCategory } from "./category_sets.ts";
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
  readonly #sums: Float32Array;
  /** The block column by column: numbers or, where splits ask for sets, categories. */
  readonly #block: readonly (Float32Array | Int32Array)[];
  readonly #kernels: Kernels;
  readonly #table: ShallowTable;

  private constructor(
    table: ShallowTable,
    outputs: number,
    rows: number,
    memory: SharedKernelMemory,
  ) {
    const { splits, values, words } = table;
    this.rows = rows;
    this.#table = table;
    this.#kernels = new Kernels(memory);
    const ints = new Int32Array(memory.buffer);
    ints.set(splits);
    table.ways.forEach((way, t) => {
      const width = way === "strike" ? 3 : 2;
      for (let at = table.splitStarts[t]; at < table.splitStarts[t + 1]; at += width) {
        const asks = splits[at] & 1;
        ints[at] = 4 * rows * (splits[at] >> 1) + asks;
        if (asks) ints[at + 1] = 4 * (splits.length + values.length + splits[at + 1]);
      }
    });
    ints.set(words, splits.length + values.length);
    new Float32Array(memory.buffer).set(values, splits.length);
    const [blockAt, sumsAt] = this.#places();
    this.#block = table.columns.map((column, j) => {
      const at = blockAt + 4 * rows * j;
      return new ("others" in column ? Int32Array : Float32Array)(memory.buffer, at, rows);
    });
    this.#sums = new Float32Array(memory.buffer, sumsAt, rows * outputs);
  }

  /** A walk down some trees, which feed `outputs` outputs; undefined where there is no room for it. */
  static of(table: ShallowTable, outputs: number): ShallowWalk | undefined {
    const { columns, splits, values, words } = table;
    const most = Math.max(FEWEST_ROWS, Math.floor(BLOCK_NUMBERS / columns.length));
    const rows = most - most % rowsTogether;
    const numbers = rows * (columns.length + outputs);
    const memory = kernelMemory(4 * (splits.length + values.length + words.length + numbers));
    return memory && new ShallowWalk(table, outputs, rows, memory);
  }

  /** Takes in `rows` rows from `start` on, {@linkcode rows} at most. */
  read(X: FeatureColumns, start: number, rows: number): void {
    this.#table.columns.forEach((column, j) => {
      const block = this.#block[j];
      const from = column.feature * X.rows + start;
      if ("others" in column) {
        const { others } = column;
        for (let i = 0; i < rows; i++) {
          const value = X.data[from + i];
          block[i] = isCategory(value) ? Math.min(value, others) : others;
        }
      } else {
        block.set(X.data.subarray(from, from + rows));
        const { byteOffset: at } = block;
        this.#kernels.orderBits(at, at + 4 * stepsUp(rows), column.missing);
      }
    });
  }

  /**
   * Sums of the values that the first `rows` rows reach, output by output: that of output k
   * and row i is at `k × this.rows + i`.
   *
   * @param treeOutput The output of each tree; empty if there is one.
   */
  sums(rows: number, treeOutput: Int32Array): Float32Array {
    const { ways, splitStarts, valueStarts, steps, splits } = this.#table;
    const { walkTree, walkSets, strikeLeaves } = this.#kernels;
    const kernels = { walk: walkTree, ask: walkSets, strike: strikeLeaves };
    const [blockAt, sumsAt] = this.#places();
    // Rows that fill the last step up are of an earlier block.
    const count = stepsUp(rows);
    this.#sums.fill(0);
    for (let t = 0; t < ways.length; t++) {
      // Places in full trees begin at the number of their ends.
      const before = ways[t] === "strike" ? 0 : 1 << steps[t];
      const values = 4 * (splits.length + valueStarts[t] - before);
      const sums = sumsAt + 4 * this.rows * (treeOutput.length === 0 ? 0 : treeOutput[t]);
      kernels[ways[t]](4 * splitStarts[t], values, blockAt, count, steps[t], sums);
    }
    return this.#sums;
  }

  /** Where the block and the sums begin, in bytes: behind splits, values and sets. */
  #places(): [block: number, sums: number] {
    const { columns, splits, values, words } = this.#table;
    const block = 4 * (splits.length + values.length + words.length);
    return [block, block + 4 * this.rows * columns.length];
  }
}

/** Rows in whole steps of the kernel. */
function stepsUp(rows: number): number {
  return Math.ceil(rows / rowsTogether) * rowsTogether;
}
