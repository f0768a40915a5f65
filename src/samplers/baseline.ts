/** The sampler that does nothing: what every other one is compared with. */

import type { Sampler } from "./contract.ts";

/** Leaves the training set as it is. */
export function baseline(): Sampler {
  return {
    name: "Baseline",
    sample: (data) => ({ ...data, sourceIndices: Int32Array.from(data.y.keys()) }),
  };
}
