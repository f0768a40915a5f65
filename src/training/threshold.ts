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
  }
  /** Of several classes: answers that are less sure than this are not accepted. */
  | LeastPrecision
  /** Of anomalies: as many alerts as people can look at. */
  | AlertShare;

/** A budget of alerts. */
export interface AlertShare {
  /** Share of rows that may alert, above 0 and at most 0.5. */
  readonly alerts: number;
}

/** Whether a threshold is told by a budget of alerts. */
export function isAlertShare(threshold: Threshold | undefined): threshold is AlertShare {
  return typeof threshold === "object" && "alerts" in threshold;
}

/** A wish for answers that are right so often that they may stand. */
export interface LeastPrecision {
  /** Share of accepted answers that are to be right, above 0 and below 1. */
  readonly precision: number;
}

/** Whether a threshold accepts answers of any class, instead of acting on one class. */
export function isLeastPrecision(threshold: Threshold | undefined): threshold is LeastPrecision {
  return typeof threshold === "object" && "precision" in threshold;
}
