/** Groups dealt whole, each class in about the same share everywhere. */

import { stratifiedGroupKFold } from "../dataset/mod.ts";
import type { SplitMethod } from "./contract.ts";

/** Groups dealt whole, balanced by class. */
export const stratifiedGrouped: SplitMethod = {
  needs: ["labels", "groups"],
  deal: ({ labels, groups, classNames }, options) =>
    stratifiedGroupKFold(labels!, groups!, { ...options, classNames }),
  // One of as many folds as the share asks for has both, whole groups and the shares.
  holdOut({ labels, groups, classNames }, share, random) {
    const folds = Math.max(2, Math.round(1 / share));
    return stratifiedGroupKFold(labels!, groups!, { folds, random, classNames })[0].test;
  },
};
