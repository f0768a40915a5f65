/** From which probability on to act, as a training declares it. */

import type { OutcomeCosts } from "../metrics/mod.ts";

/** From which probability on a row asks for action; kept beside the model, never in it. */
export type Threshold =
  /** A probability in [0, 1]. */
  | number
  | {
    /** The class that is acted on; the target's positive one where it is left out. */
    readonly positive?: string;
    /** What mistakes cost, in any unit: the threshold of least cost is chosen. */
    readonly costs: Pick<OutcomeCosts, "falsePositive" | "falseNegative">;
  }
  | {
    /** The class that is acted on; the target's positive one where it is left out. */
    readonly positive?: string;
    /** The metric that the threshold makes best, as `f1`. */
    readonly metric: string;
  };
