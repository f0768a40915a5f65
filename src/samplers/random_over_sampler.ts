/** Over-sampling by copies. */

import { takeRows } from "../dataset/mod.ts";
import { minorities } from "./classes.ts";
import type { Sampler } from "./contract.ts";

/**
 * Copies rows of the smaller classes, drawn with replacement, until each class
 * has as many rows as the largest. Missing values stay missing.
 *
 * Source: imbalanced-learn `RandomOverSampler`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * const data = { X: matrixFromRows([[1], [2], [3]]), y: Int32Array.of(0, 0, 1) };
 * const { y, sourceIndices } = await randomOverSampler().sample(data, new Random(42));
 * assertEquals([...y], [0, 0, 1, 1]);
 * assertEquals([...sourceIndices], [0, 1, 2, 2]);
 * ```
 */
export function randomOverSampler(): Sampler {
  return {
    name: "Over",
    sample(data, random) {
      const kept = Int32Array.from(data.y.keys());
      const copies = minorities(data.y).flatMap(({ rows, missing }) =>
        Array.from({ length: missing }, () => rows[random.int(rows.length)])
      );
      const sourceIndices = new Int32Array(kept.length + copies.length);
      sourceIndices.set(kept);
      sourceIndices.set(copies, kept.length);
      return {
        ...data,
        X: takeRows(data.X, sourceIndices),
        y: sourceIndices.map((row) => data.y[row]),
        sourceIndices,
      };
    },
  };
}
