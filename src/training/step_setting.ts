/** What most steps of a training are given. */

import type { CleanData, FeatureSet } from "../features/mod.ts";
import type { ComparisonData, Scoring } from "./experiment.ts";
import type { Folds } from "../splits/mod.ts";
import type { TrainingTask } from "./tasks/contract.ts";

/** What is settled before a run begins; plain data, but for the task. */
export interface StepSetting<Members extends keyof TrainingTask = "score"> {
  /** What is predicted, and how: those members alone, as the code of others does not count. */
  readonly task: Pick<TrainingTask, Members>;
  /** The columns. */
  readonly set: FeatureSet;
  /** Seed of everything random. */
  readonly seed: number;
  /** By which metrics. */
  readonly scoring: Scoring;
}

/** What steps before have made of the file. */
export interface StepRows {
  /** The cleaned rows. */
  readonly data: CleanData;
  /** How they were dealt. */
  readonly folds: Folds;
}

/** What candidates compete on. */
export function experimentOn(
  { set, seed }: Pick<StepSetting, "set" | "seed">,
  data: CleanData,
): ComparisonData {
  return { set, data, seed };
}
