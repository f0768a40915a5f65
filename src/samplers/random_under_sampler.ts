/** Under-sampling by leaving rows out. */

import { classSizes } from "./classes.ts";
import type { Sampler } from "./contract.ts";
import { selected } from "./selection.ts";

/**
 * Draws rows of the larger classes, without replacement, until each class has
 * as few rows as the smallest. The rows keep their order; missing values stay
 * missing.
 *
 * Source: imbalanced-learn `RandomUnderSampler`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Random } from "../base/mod.ts";
 * import { matrixFromRows } from "../dataset/mod.ts";
 * const data = { X: matrixFromRows([[1], [2], [3]]), y: Int32Array.of(0, 0, 1) };
 * const { y } = await randomUnderSampler().sample(data, new Random(42));
 * assertEquals([...y], [0, 1]);
 * ```
 */
export function randomUnderSampler(): Sampler {
  return {
    name: "Under",
    sample(data, random) {
      const sizes = classSizes(data.y);
      const smallest = Math.min(...sizes.values());
      const left = new Map(sizes);
      const wanted = new Map([...sizes.keys()].map((label) => [label, smallest]));
      // One pass (Knuth, algorithm S): each row with the share that is still to be drawn.
      return selected(data, (row) => {
        const label = data.y[row];
        const [rest, open] = [left.get(label)!, wanted.get(label)!];
        left.set(label, rest - 1);
        const taken = random.int(rest) < open;
        if (taken) wanted.set(label, open - 1);
        return taken;
      });
    },
  };
}
