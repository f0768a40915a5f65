/** Folds along time: what comes later is predicted from what came before. */

import { latestRows, rollingOrigin } from "../dataset/mod.ts";
import type { SplitMethod } from "./contract.ts";

/** A rolling origin; the test part is the latest. */
export const time: SplitMethod = {
  needs: ["times"],
  deal: ({ times }, options) => rollingOrigin(times!, options),
  holdOut: ({ times }, share) => latestRows(times!, share),
};
