/** A k-d tree: exact nearest neighbours without looking at every row. */

import type { Matrix } from "../dataset/mod.ts";
import { columnsBySpread, rowMajor } from "./row_major.ts";

/** Rows below which looking at all of them is quicker than splitting further. */
const LEAF_ROWS = 24;
/** Columns added to a distance before asking whether it is already too great. */
const STRIDE = 8;
/** The bound on a far cell is a running sum: rounding must not make it too great. */
const SLACK = 1 - 1e-12;

/**
 * Rows of a matrix, halved again and again at the median of the column that
 * spreads most. A search descends to the row's own leaf and then visits only
 * cells that could hold something nearer. Distances are Euclidean, in Float64.
 *
 * Source: Friedman, Bentley and Finkel, 1977; the distance to a cell is kept up
 * to date as by Arya and Mount, 1993.
 */
export class NeighbourTree {
  /** Distances begun so far: how well the tree spares work on this data. */
  visits = 0;
  readonly #columns: number;
  /** Row-major, in leaf order; columns that spread most come first, so that distances grow fast. */
  readonly #values: Float32Array;
  /** Row of the matrix at each place of `#values`. */
  readonly #rows: Int32Array;
  /** Place of each row of the matrix in `#values`. */
  readonly #places: Int32Array;
  // Nodes in preorder: the left child follows its parent. A leaf has column −1.
  readonly #column: number[] = [];
  readonly #threshold: number[] = [];
  readonly #right: number[] = [];
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  // The search under way: its row, the squared distance to the cell by column,
  // and the nearest rows so far, nearest first.
  #self = 0;
  #query: Float32Array;
  readonly #side: Float64Array;
  readonly #nearest: Int32Array;
  readonly #distances: Float64Array;

  /**
   * Sorts rows into a tree.
   *
   * @param X Values without NaN.
   * @param rows Rows of X to search among, without repeats.
   * @param k Number of neighbours that each search finds, fewer than `rows`.
   */
  constructor(X: Matrix, rows: Int32Array, k: number) {
    this.#columns = X.columns;
    this.#places = new Int32Array(X.rows);
    this.#side = new Float64Array(X.columns);
    this.#nearest = new Int32Array(k);
    this.#distances = new Float64Array(k);
    const values = rowMajor(X, rows, columnsBySpread(X, rows));
    const order = Int32Array.from(rows.keys());
    this.#split(values, order, 0, order.length);
    this.#values = new Float32Array(values.length);
    this.#rows = order.map((place) => rows[place]);
    order.forEach((from, to) => {
      const row = values.subarray(from * X.columns, (from + 1) * X.columns);
      this.#values.set(row, to * X.columns);
      this.#places[rows[from]] = to;
    });
    this.#query = this.#values;
  }

  /**
   * The k rows nearest to `row`, itself left out, nearest first; of equally near
   * ones the lower row.
   *
   * @param row One of the rows of the tree.
   * @returns Rows of the matrix, valid until the next search, shape [k].
   */
  nearest(row: number): Int32Array {
    this.#begin(row);
    this.#search(0, 0);
    return this.#nearest;
  }

  /** The k nearest to `row` of some rows of the tree, as {@link nearest} gives them. */
  nearestAmong(row: number, candidates: Int32Array): Int32Array {
    this.#begin(row);
    for (const candidate of candidates) {
      const place = this.#places[candidate];
      this.#scan(place, place + 1);
    }
    return this.#nearest;
  }

  /** Squared distance of the last of the k nearest that were found last. */
  get farthest(): number {
    return this.#distances[this.#distances.length - 1];
  }

  #begin(row: number): void {
    const place = this.#places[row];
    this.#self = row;
    this.#query = this.#values.subarray(place * this.#columns, (place + 1) * this.#columns);
    this.#distances.fill(Infinity);
  }

  #split(values: Float32Array, order: Int32Array, start: number, end: number): void {
    const node = this.#column.length;
    const column = end - start > LEAF_ROWS ? this.#widest(values, order, start, end) : -1;
    this.#column.push(column);
    this.#threshold.push(0);
    this.#right.push(-1);
    this.#start.push(start);
    this.#end.push(end);
    if (column < 0) return;
    const middle = (start + end) >> 1;
    selectNth(order, start, end - 1, middle, (place) => values[place * this.#columns + column]);
    this.#threshold[node] = values[order[middle] * this.#columns + column];
    this.#split(values, order, start, middle);
    this.#right[node] = this.#column.length;
    this.#split(values, order, middle, end);
  }

  /** The column with the widest range in a node, −1 if all its rows are equal. */
  #widest(values: Float32Array, order: Int32Array, start: number, end: number): number {
    const low = new Float32Array(this.#columns).fill(Infinity);
    const high = new Float32Array(this.#columns).fill(-Infinity);
    for (let i = start; i < end; i++) {
      const from = order[i] * this.#columns;
      for (let j = 0; j < this.#columns; j++) {
        const value = values[from + j];
        if (value < low[j]) low[j] = value;
        if (value > high[j]) high[j] = value;
      }
    }
    let widest = -1;
    let range = 0;
    for (let j = 0; j < this.#columns; j++) {
      if (high[j] - low[j] > range) {
        range = high[j] - low[j];
        widest = j;
      }
    }
    return widest;
  }

  /** Searches a node whose cell is at least √`bound` away. */
  #search(node: number, bound: number): void {
    const column = this.#column[node];
    if (column < 0) {
      this.#scan(this.#start[node], this.#end[node]);
      return;
    }
    const offset = this.#query[column] - this.#threshold[node];
    const near = offset < 0 ? node + 1 : this.#right[node];
    const far = offset < 0 ? this.#right[node] : node + 1;
    this.#search(near, bound);
    const before = this.#side[column];
    const farBound = bound - before + offset * offset;
    // Not <: a row exactly as far as the last may come before it by its index.
    if (farBound * SLACK <= this.#distances[this.#distances.length - 1]) {
      this.#side[column] = offset * offset;
      this.#search(far, farBound);
      this.#side[column] = before;
    }
  }

  #scan(start: number, end: number): void {
    const columns = this.#columns;
    const values = this.#values;
    const query = this.#query;
    this.visits += end - start;
    let worst = this.#distances[this.#distances.length - 1];
    for (let place = start; place < end; place++) {
      const from = place * columns;
      let distance = 0;
      for (let j = 0; j < columns && distance <= worst;) {
        for (const stop = Math.min(j + STRIDE, columns); j < stop; j++) {
          const difference = values[from + j] - query[j];
          distance += difference * difference;
        }
      }
      if (distance <= worst && this.#rows[place] !== this.#self) {
        this.#insert(this.#rows[place], distance);
        worst = this.#distances[this.#distances.length - 1];
      }
    }
  }

  #insert(row: number, distance: number): void {
    const nearest = this.#nearest;
    const distances = this.#distances;
    let at = distances.length - 1;
    if (distance === distances[at] && row > nearest[at]) return;
    for (; at > 0; at--) {
      const before = distances[at - 1];
      if (before < distance || (before === distance && nearest[at - 1] < row)) break;
      distances[at] = before;
      nearest[at] = nearest[at - 1];
    }
    distances[at] = distance;
    nearest[at] = row;
  }
}

/** Orders `places` so that the one at `nth` is the one a sort by `key` would put there (Hoare). */
function selectNth(
  places: Int32Array,
  first: number,
  last: number,
  nth: number,
  key: (place: number) => number,
): void {
  while (first < last) {
    const pivot = key(places[(first + last) >> 1]);
    let i = first;
    let j = last;
    while (i <= j) {
      while (key(places[i]) < pivot) i++;
      while (key(places[j]) > pivot) j--;
      if (i <= j) {
        const held = places[i];
        places[i++] = places[j];
        places[j--] = held;
      }
    }
    if (nth <= j) last = j;
    else if (nth >= i) first = i;
    else return;
  }
}
