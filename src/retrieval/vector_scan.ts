/** The vectors nearest to one, by looking at all of them. */

import { UsageError } from "../base/mod.ts";
import { kernelMemory, Kernels, productLanes } from "../kernels/mod.ts";

/** Int8 of rows and Int16 of queries: a sum over 4,096 products stays below 2^31. */
const MOST_ROW = 127, MOST_QUERY = 4095, MOST_SIZE = 4096;

/** A row near to a query. */
export interface NearRow {
  /** Its number, in the order in which rows were added. */
  readonly row: number;
  /** Its product with the query, to about 1 % of the largest; of vectors of length 1 their cosine. */
  readonly score: number;
}

/**
 * Vectors in one byte a number, each with a scale of its own. Over 100,000 of 384 numbers, a scan of
 * them reads 38 MB where Float32 would read 154 MB. Whoever needs exact scores asks for more rows
 * than are wanted and multiplies these again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const scan = new VectorScan(2, 3);
 * for (const vector of [[1, 0], [0, 1], [0.8, 0.6]]) scan.add(Float32Array.from(vector));
 * assertEquals(scan.nearest(Float32Array.of(0, 1), 2).map(({ row }) => row), [1, 2]);
 * ```
 */
export class VectorScan {
  readonly #stride: number;
  readonly #scales: Float32Array;
  readonly #rows: Int8Array;
  readonly #query: Int16Array;
  readonly #products: Int32Array;
  readonly #kernels: Kernels;
  #count = 0;

  /**
   * Makes room.
   *
   * @param size Numbers of a vector, 1 to 4,096.
   * @param most Vectors that there will be at most; some 4 GB must hold them.
   * @throws {UsageError} if there are too many, or the size is out of range.
   */
  constructor(readonly size: number, readonly most: number) {
    this.#stride = Math.ceil(size / productLanes) * productLanes;
    const products = most * this.#stride;
    const query = products + Math.ceil(most / 4) * productLanes;
    const fits = Number.isInteger(size) && size >= 1 && size <= MOST_SIZE;
    const memory = fits ? kernelMemory(query + 2 * this.#stride) : undefined;
    if (memory === undefined) {
      throw new UsageError(`Cannot scan ${most} vectors of ${size} numbers in memory`, {
        next: "keep passages in PostgreSQL or Qdrant: docs/retrieval.md",
      });
    }
    this.#rows = new Int8Array(memory.buffer, 0, products);
    this.#products = new Int32Array(memory.buffer, products, most);
    this.#query = new Int16Array(memory.buffer, query, this.#stride);
    this.#scales = new Float32Array(most);
    this.#kernels = new Kernels(memory);
  }

  /** Vectors that were added. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds a vector.
   *
   * @throws {RangeError} if its size is another, a number is not finite, or there is no room.
   */
  add(vector: Float32Array): void {
    if (this.#count === this.most) throw new RangeError(`There is room for ${this.most} vectors`);
    const row = this.#rows.subarray(this.#count * this.#stride, (this.#count + 1) * this.#stride);
    this.#scales[this.#count] = this.#round(vector, MOST_ROW, row);
    this.#count++;
  }

  /** The rows whose product with the query is largest, best first; of equals the first. */
  nearest(query: Float32Array, limit: number): NearRow[] {
    if (limit < 1) return [];
    const scale = this.#round(query, MOST_QUERY, this.#query);
    const [place, out] = [this.#query.byteOffset, this.#products.byteOffset];
    this.#kernels.multiply(0, place, this.#count, this.#stride, out);
    const best: NearRow[] = [];
    let least = -Infinity;
    for (let row = 0; row < this.#count; row++) {
      const score = this.#products[row] * this.#scales[row];
      if (score <= least) continue;
      if (best.length === limit) best.pop();
      // Few rows get here once the list is full.
      let at = best.length;
      while (at > 0 && best[at - 1].score < score) at--;
      best.splice(at, 0, { row, score });
      if (best.length === limit) least = best[limit - 1].score;
    }
    return best.map(({ row, score }) => ({ row, score: score * scale }));
  }

  /** Rounds a vector to whole numbers; gives what one of them is worth. */
  #round(vector: Float32Array, most: number, into: Int8Array | Int16Array): number {
    if (vector.length !== this.size) {
      throw new RangeError(`A vector has ${vector.length} numbers of ${this.size}`);
    }
    let largest = 0;
    for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]));
    if (!Number.isFinite(largest)) throw new RangeError("A vector has a number that is not finite");
    const factor = largest === 0 ? 0 : most / largest;
    for (let i = 0; i < vector.length; i++) into[i] = Math.round(vector[i] * factor);
    return largest / most;
  }
}
