/** Rows dealt at random, each class in the same share everywhere. */

import { stratifiedKFold } from "../dataset/mod.ts";
import type { SplitMethod } from "./contract.ts";
import { drawParts } from "./draw_parts.ts";

/** Rows dealt at random, class by class. */
export const stratified: SplitMethod = {
  needs: ["labels"],
  deal: ({ labels, classNames }, options) => stratifiedKFold(labels!, { ...options, classNames }),
  holdOut: ({ labels }, share, random) => drawParts(labels!, share, random),
};
