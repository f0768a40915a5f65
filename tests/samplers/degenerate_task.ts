/** Samples in a worker, which can be stopped even where a loop never ends. */

import { Random, task, UserError } from "../../src/base/mod.ts";
import { samplerOf, type SamplerSpec } from "../../src/samplers/mod.ts";
import { degenerate, labelsOf } from "../contracts/degenerate_data.ts";

/** Samples a degenerate table; gives its rows, or what it was refused with. */
export const sampleDegenerate = task(
  import.meta.url,
  "sampleDegenerate",
  async ({ spec, table }: { spec: SamplerSpec; table: string }): Promise<number | string> => {
    const X = degenerate[table];
    try {
      return (await samplerOf(spec).sample({ X, y: labelsOf(X) }, new Random(1))).y.length;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  },
);
