/** Synthetic minority over-sampling of categories alone. */

import { fillSettings, YieldingLoop } from "../base/mod.ts";
import { column } from "../dataset/mod.ts";
import { checkClassSize, checkFinite, checkNeighbourCount, minorities } from "./classes.ts";
import type { Sampler } from "./contract.ts";
import { emptySynthesis, type Synthesis, withSynthetic } from "./synthesis.ts";
import { valueDifference } from "./value_difference.ts";

/** Parameters of {@link smoteN}. */
export interface SmoteNOptions {
  /** Nearest rows of its class that vote on a new row with the one it starts at. Default 5. */
  readonly kNeighbors?: number;
}

/** New rows of a class and the rows that vote on each. */
interface Part extends Synthesis {
  /** The row that each new one starts at and its k nearest, shape [new rows × (k + 1)]. */
  readonly voters: Int32Array;
}

/**
 * As SMOTE, for data with columns of categories only: rows are as near as their
 * categories say the same about the class (value difference metric), and a new
 * row has of each column the category that is most frequent among the row it
 * starts at and the neighbours of that, of equally frequent ones the lowest code.
 *
 * The sampler throws {@link DataError} where a class has `kNeighbors` rows or
 * fewer, or a value is missing.
 *
 * Source: Chawla, Bowyer, Hall and Kegelmeyer, 2002, section 6.2;
 * imbalanced-learn `SMOTEN`.
 *
 * @throws {UsageError} if a number of neighbours is not a whole number of 1 or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * import { matrixFromRows, row } from "../dataset/mod.ts";
 * const X = matrixFromRows([[0, 1], [0, 2], [1, 1], [7, 3], [7, 3]]);
 * const data = { X, y: Int32Array.of(0, 0, 0, 1, 1) };
 * const sampled = await smoteN({ kNeighbors: 1 }).sample(data, new Random(42));
 * assertEquals([...row(sampled.X, 5)], [7, 3]);
 * ```
 */
export function smoteN(options: SmoteNOptions = {}): Sampler {
  const name = "SMOTEN";
  const { kNeighbors } = fillSettings(name, { kNeighbors: 5 }, options);
  checkNeighbourCount(kNeighbors, name);
  return {
    name,
    async sample(data, random, { signal } = {}) {
      checkFinite(data, name);
      const pace = new YieldingLoop({ signal });
      const classes = minorities(data.y);
      for (const minority of classes) checkClassSize(minority, kNeighbors, name, data);
      const distance = valueDifference(data);
      const parts: Part[] = [];
      for (const { label, rows, missing } of classes) {
        const drawn = emptySynthesis(label, missing);
        const voters = new Int32Array(missing * (kNeighbors + 1));
        const near = new Map<number, Int32Array>();
        for (let i = 0; i < missing; i++) {
          await pace.step(i / missing);
          const start = rows[random.int(rows.length)];
          drawn.from[i] = drawn.to[i] = start;
          if (!near.has(start)) near.set(start, nearest(start, rows, kNeighbors, distance));
          voters.set([start, ...near.get(start)!], i * (kNeighbors + 1));
        }
        parts.push({ ...drawn, voters });
      }
      const sampled = withSynthetic(data, parts);
      for (let j = 0; j < data.X.columns; j++) {
        const made = column(sampled.X, j);
        let at = data.y.length;
        for (const { voters } of parts) {
          for (let from = 0; from < voters.length; from += kNeighbors + 1) {
            made[at++] = mode(made, voters.subarray(from, from + kNeighbors + 1));
          }
        }
      }
      return sampled;
    },
  };
}

/** The k rows nearest to `query`, which is left out; of equally near ones the lower row. */
function nearest(
  query: number,
  rows: Int32Array,
  k: number,
  distance: (a: number, b: number) => number,
): Int32Array {
  const found = new Int32Array(k);
  const distances = new Float64Array(k).fill(Infinity);
  for (const row of rows) {
    if (row === query) continue;
    const own = distance(query, row);
    let at = k;
    while (at > 0 && own < distances[at - 1]) at--;
    if (at === k) continue;
    distances.copyWithin(at + 1, at);
    found.copyWithin(at + 1, at);
    distances[at] = own;
    found[at] = row;
  }
  return found;
}

/** The most frequent of the values of `rows`, of equally frequent ones the lowest. */
function mode(values: Float32Array, rows: Int32Array): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(values[row], (counts.get(values[row]) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return Math.min(...[...counts.keys()].filter((value) => counts.get(value) === most));
}
