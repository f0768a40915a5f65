/** Synthetic minority over-sampling. */

import { fillSettings } from "../base/mod.ts";
import { checkClassSize, checkDistances, checkNeighbourCount, minorities } from "./classes.ts";
import type { Sampler } from "./contract.ts";
import { nearestNeighbours } from "./neighbours.ts";
import { drawBetween, type Synthesis, withSynthetic } from "./synthesis.ts";

/** Parameters of {@link smote}. */
export interface SmoteOptions {
  /** Nearest rows of its class that a row may be joined with, 1 or more. Default 5. */
  readonly kNeighbors?: number;
}

/**
 * Fills the smaller classes up to the size of the largest with new rows: each
 * lies at a random place between a row of its class and one of that row's
 * nearest neighbours in the class.
 *
 * The sampler throws {@link DataError} where a class has `kNeighbors` rows or
 * fewer, or a value is missing.
 *
 * Source: Chawla, Bowyer, Hall and Kegelmeyer, 2002; imbalanced-learn `SMOTE`.
 *
 * @throws {UsageError} if a number of neighbours is not a whole number of 1 or more.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * import { matrixFromRows, row } from "../dataset/mod.ts";
 * const X = matrixFromRows([[1], [2], [3], [10], [11]]);
 * const y = Int32Array.of(0, 0, 0, 1, 1);
 * const sampled = await smote({ kNeighbors: 1 }).sample({ X, y }, new Random(42));
 * assertEquals([...sampled.y], [0, 0, 0, 1, 1, 1]);
 * const [made] = row(sampled.X, 5);
 * assert(10 <= made && made <= 11);
 * ```
 */
export function smote(options: SmoteOptions = {}): Sampler {
  return smoteNamed("SMOTE", options);
}

/** SMOTE as part of a sampler whose name its errors tell. */
export function smoteNamed(name: string, options: SmoteOptions): Sampler {
  const { kNeighbors } = fillSettings(name, { kNeighbors: 5 }, options);
  checkNeighbourCount(kNeighbors, name);
  return {
    name,
    async sample(data, random, how = {}) {
      checkDistances(data, name);
      const parts: Synthesis[] = [];
      for (const minority of minorities(data.y)) {
        checkClassSize(minority, kNeighbors, name, data);
        const { label, rows, missing } = minority;
        const neighbours = await nearestNeighbours(data.X, rows, rows, kNeighbors, how);
        parts.push(drawBetween(label, rows, neighbours, missing, random));
      }
      return withSynthetic(data, parts);
    },
  };
}
