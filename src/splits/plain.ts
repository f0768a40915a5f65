/** Rows dealt at random, whatever they hold. */

import { kFold } from "../dataset/mod.ts";
import type { SplitMethod } from "./contract.ts";
import { drawParts } from "./draw_parts.ts";

/** Rows dealt at random. */
export const plain: SplitMethod = {
  needs: [],
  deal: ({ rows }, options) => kFold(rows, options),
  holdOut: ({ rows }, share, random) => drawParts(new Int32Array(rows), share, random),
};
