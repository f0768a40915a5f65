/** Adaptive synthetic sampling. */

import { DataError, fillSettings, type Random } from "../base/mod.ts";
import {
  checkClassSize,
  checkDistances,
  checkNeighbourCount,
  minorities,
  type Minority,
} from "./classes.ts";
import type { Labelled, Sampler } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { foreignNeighbours } from "./surroundings.ts";
import { emptySynthesis, type Synthesis, withSynthetic } from "./synthesis.ts";

/** Parameters of {@link adasyn}. */
export interface AdasynOptions {
  /** Nearest rows that are looked at, 1 or more. Default 5. */
  readonly nNeighbors?: number;
}

/**
 * As SMOTE, but a row gets the more new rows the more of its nearest neighbours
 * belong to other classes. The numbers are rounded row by row, so that a class
 * ends near the size of the largest, not at it.
 *
 * The sampler throws {@link DataError} where a class has `nNeighbors` rows or
 * fewer, a value is missing, or no row of a class has a neighbour of another
 * class.
 *
 * Source: He, Bai, Garcia and Li, 2008; imbalanced-learn `ADASYN`.
 *
 * @throws {UsageError} if a number of neighbours is not a whole number of 1 or more.
 */
export function adasyn(options: AdasynOptions = {}): Sampler {
  const name = "ADASYN";
  const { nNeighbors } = fillSettings(name, { nNeighbors: 5 }, options);
  checkNeighbourCount(nNeighbors, name);
  return {
    name,
    async sample(data, random, how = {}) {
      checkDistances(data, name);
      const classes = minorities(data.y);
      for (const minority of classes) checkClassSize(minority, nNeighbors, name, data);
      const foreign = await foreignNeighbours(data, classes, nNeighbors, how);
      const parts: Synthesis[] = [];
      for (const [c, minority] of classes.entries()) {
        const counts = newRows(minority, foreign[c], nNeighbors, data);
        const { rows } = minority;
        const neighbours = await nearestNeighbours(data.X, rows, rows, nNeighbors, how);
        parts.push(drawFor(minority, counts, neighbours, random));
      }
      return withSynthetic(data, parts);
    },
  };
}

/** How many new rows start at each row of a class. */
function newRows(
  { label, rows, missing }: Minority,
  foreign: Uint16Array,
  k: number,
  { classNames }: Labelled,
): Int32Array {
  const hardness = Float64Array.from(foreign, (count) => count / k);
  const total = pairwiseSum(hardness, 0, hardness.length);
  const counts = Int32Array.from(hardness, (share) => roundHalfToEven(share / total * missing));
  if (total > 0 && counts.some((count) => count > 0)) return counts;
  const why = total > 0
    ? `the ${missing} rows it lacks, spread over ${rows.length}, all round to none`
    : `none of its ${rows.length} rows has a neighbour of another class`;
  throw new DataError(`Cannot sample class ${classNames?.[label] ?? label} with ADASYN: ${why}`, {
    next: "use SMOTE, which asks for no such neighbours",
  });
}

function drawFor(
  { label, rows }: Minority,
  counts: Int32Array,
  neighbours: Int32Array,
  random: Random,
): Synthesis {
  const k = neighbours.length / rows.length;
  const drawn = emptySynthesis(label, counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  counts.forEach((count, i) => {
    for (const end = at + count; at < end; at++) {
      drawn.from[at] = rows[i];
      drawn.to[at] = neighbours[i * k + random.int(k)];
      drawn.step[at] = random.next();
    }
  });
  return drawn;
}

/**
 * The sum in NumPy's order. Where the shares of many rows fall on a half, the
 * last bit of the total decides whether each of them gets a row more.
 */
function pairwiseSum(values: Float64Array, start: number, count: number): number {
  if (count > 128) {
    const half = (count >> 1) - (count >> 1) % 8;
    return pairwiseSum(values, start, half) + pairwiseSum(values, start + half, count - half);
  }
  let sum = 0;
  let i = 0;
  if (count >= 8) {
    const lanes = values.slice(start, start + 8);
    for (i = 8; i + 8 <= count; i += 8) {
      for (let lane = 0; lane < 8; lane++) lanes[lane] += values[start + i + lane];
    }
    const [a, b, c, d, e, f, g, h] = lanes;
    sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
  }
  for (; i < count; i++) sum += values[start + i];
  return sum;
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
