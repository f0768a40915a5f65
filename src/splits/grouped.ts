/** Groups dealt whole, whatever their rows hold. */

import { groupKFold } from "../dataset/mod.ts";
import type { SplitMethod } from "./contract.ts";
import { drawGroups } from "./draw_parts.ts";

/** Groups dealt whole. */
export const grouped: SplitMethod = {
  needs: ["groups"],
  deal: ({ groups }, options) => groupKFold(groups!, options),
  holdOut: ({ groups }, share, random) => drawGroups(groups!, share, random),
};
