/** Everything that a training found, before any of it is written down. */

import type { CleanData } from "../../src/features/mod.ts";
import type { CombinationScores } from "./cross_validate.ts";
import type { Explanation } from "./explanation.ts";
import type { Folds } from "./folds.ts";
import type { LeakCheck } from "./leak_check.ts";
import type { LearningPoint } from "./learning_curve.ts";
import type { FittedModel } from "./refit.ts";
import type { Experiment } from "./score_fold.ts";
import type { TrainingData } from "./training_data.ts";

/** What went in, what won and how well it did. */
export interface Findings {
  readonly source: TrainingData;
  /** The rows before missing values were filled within groups, as a server sees them. */
  readonly cleaned: CleanData;
  readonly experiment: Experiment;
  readonly scores: readonly CombinationScores[];
  readonly best: CombinationScores;
  readonly leak: LeakCheck;
  readonly fitted: FittedModel;
  readonly folds: Folds;
  readonly curve: readonly LearningPoint[];
  readonly explanation: Explanation;
}
