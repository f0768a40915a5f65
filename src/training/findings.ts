/** Everything that a training found, before any of it is written down. */

import type { CleanData } from "../features/mod.ts";
import type { CandidateScores, SkippedCandidate } from "./cross_validate.ts";
import type { ComparisonData, FittedModel, Scoring } from "./experiment.ts";
import type { Explanation } from "./explanation.ts";
import type { FairnessFindings } from "./fairness.ts";
import type { GateReport } from "./gates.ts";
import type { HeldOut } from "./held_out.ts";
import type { LeakCheck } from "./leak_check.ts";
import type { LearningPoint } from "./learning_curve.ts";
import type { Folds } from "./splits/deal.ts";
import type { Conclusion } from "./tasks/contract.ts";
import type { NestedFold, SearchFindings } from "./trials.ts";
import type { TrainingData } from "./training_data.ts";

/** What went in, what won and how well it did. */
export interface Findings {
  readonly source: TrainingData;
  /** The rows before missing values were filled within groups, as a server sees them. */
  readonly cleaned: CleanData;
  readonly experiment: ComparisonData;
  readonly scoring: Scoring;
  readonly scores: readonly (CandidateScores | SkippedCandidate)[];
  readonly best: CandidateScores;
  /** Held-out predictions of the best candidate. */
  readonly held: HeldOut;
  readonly conclusion: Conclusion;
  /** Where rows come in groups that folds may split. */
  readonly leak?: LeakCheck;
  readonly fitted: FittedModel;
  readonly folds: Folds;
  readonly curve: readonly LearningPoint[];
  readonly explanation?: Explanation;
  /** Metrics of the test part, where one was held out. */
  readonly test?: Readonly<Record<string, number>>;
  readonly gates?: GateReport;
  /** What the search found, where there was one. */
  readonly search?: SearchFindings;
  /** What the search promises for unseen rows, fold by fold. */
  readonly nested?: readonly NestedFold[];
  /** How groups are decided on, where that is asked for. */
  readonly fairness?: FairnessFindings;
}
