/** No trial is given up. */

import type { TrialPruner } from "./contract.ts";

/** Lets every trial come to its end. */
export const none: TrialPruner<object> = { defaults: {}, check() {}, prunes: () => false };
