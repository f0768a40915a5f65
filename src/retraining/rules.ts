/** When a model is worth training again. */

import type { ModelStatus } from "../monitor_files/mod.ts";

/** What it takes. */
export interface RetrainRules {
  /** Whether models are trained again at all. */
  readonly enabled: boolean;
  /** Level at which the evidence must stand that an input moved: 0.05 is 20 to one over all inputs. */
  readonly driftThreshold: number;
  /** By how much the share of right answers must be lower than in training. */
  readonly accuracyDrop: number;
  /** New labelled predictions that are needed. */
  readonly leastNewRows: number;
}

/** Whether, and why. */
export interface RetrainWish {
  readonly wanted: boolean;
  /** For and against, a sentence each. */
  readonly reasons: readonly string[];
}

/**
 * Judges by what monitoring found.
 *
 * @param status The champion as it is watched; undefined if it is not.
 * @param newRows Labelled predictions since its training.
 * @param asked Whether somebody asked for it, which stands for drift.
 */
export function retrainWish(
  status: ModelStatus | undefined,
  newRows: number,
  { enabled, driftThreshold, accuracyDrop, leastNewRows }: RetrainRules,
  asked: boolean,
): RetrainWish {
  const reasons: string[] = [];
  if (!enabled && !asked) {
    return {
      wanted: false,
      reasons: ["Models are not trained again: AUTO_RETRAIN_ENABLED is off"],
    };
  }
  let wanted = asked;
  if (asked) reasons.push("It was asked for");
  const inputs = status?.drift.columns.filter(({ kind }) => kind === "input") ?? [];
  const limit = Math.log10(Math.max(1, inputs.length) / driftThreshold);
  const moved = inputs.filter(({ log10_odds }) => log10_odds >= limit)
    .map(({ column }) => column);
  if (moved.length > 0) {
    wanted = true;
    reasons.push(`Inputs have moved: ${moved.join(", ")}`);
  }
  const { accuracy, expected_accuracy: expected } = status?.quality ?? {};
  if (accuracy && expected !== null && expected !== undefined) {
    const drop = expected - accuracy.value;
    // What chance alone may have done is no drop.
    if (drop >= accuracyDrop && accuracy.high < expected) {
      wanted = true;
      reasons.push(
        `${share(accuracy.value)} of the latest answers were right, ${share(expected)} in training`,
      );
    }
  }
  if (!wanted) return { wanted, reasons: ["Neither inputs nor quality have changed"] };
  if (newRows >= leastNewRows) return { wanted, reasons };
  return {
    wanted: false,
    reasons: [...reasons, `Only ${newRows} new rows have a label, ${leastNewRows} are needed`],
  };
}

const share = (value: number) => `${(100 * value).toFixed(1)} %`;
