/** Everything that a training found, before any of it is written down. */

import type { CleanData } from "../features/mod.ts";
import type { CandidateScores, SkippedCandidate } from "./cross_validate.ts";
import type { ComparisonData, FittedModel, Scoring } from "./experiment.ts";
import type { Explanation } from "./explanation.ts";
import type { FairnessFindings } from "./fairness.ts";
import type { GateReport } from "./gates.ts";
import type { Inspection } from "./inspection.ts";
import type { HeldOut } from "./held_out.ts";
import type { LeakCheck } from "./leak_check.ts";
import type { LearningPoint } from "./learning_curve.ts";
import type { Folds } from "../splits/mod.ts";
import type { Conclusion } from "./tasks/contract.ts";
import type { NestedFold, SearchFindings } from "./trials.ts";
import type { TrainingData } from "./training_data.ts";

/** What went in, what won and how well it did. */
export interface Findings {
  /** The file, as it was read. */
  readonly source: TrainingData;
  /** The rows before missing values were filled within groups, as a server sees them. */
  readonly cleaned: CleanData;
  /** The rows with their features, and how candidates are fitted to them. */
  readonly experiment: ComparisonData;
  /** What candidates are compared by. */
  readonly scoring: Scoring;
  /** How each candidate did, in the order of the comparison. */
  readonly scores: readonly (CandidateScores | SkippedCandidate)[];
  /** The baseline on the same folds: one that says the same of every row, or none beside a dummy. */
  readonly nothing?: readonly (CandidateScores | SkippedCandidate)[];
  /** The candidate that won. */
  readonly best: CandidateScores;
  /** Held-out predictions of the best candidate. */
  readonly held: HeldOut;
  /** What the task concludes from held-out predictions. */
  readonly conclusion: Conclusion;
  /** Where rows come in groups that folds may split. */
  readonly leak?: LeakCheck;
  /** The model, fitted to all rows. */
  readonly fitted: FittedModel;
  /** Which rows each fold holds out. */
  readonly folds: Folds;
  /** How the best candidate does with fewer rows. */
  readonly curve: readonly LearningPoint[];
  /** What its features add, where its learner tells. */
  readonly explanation?: Explanation;
  /** What shuffled and moved columns do to predictions. */
  readonly inspection: Inspection;
  /** Metrics of the test part, where one was held out. */
  readonly test?: Readonly<Record<string, number>>;
  /** The gates, where any are set, and whether they hold. */
  readonly gates?: GateReport;
  /** What the search found, where there was one. */
  readonly search?: SearchFindings;
  /** What the search promises for unseen rows, fold by fold. */
  readonly nested?: readonly NestedFold[];
  /** How groups are decided on, where that is asked for. */
  readonly fairness?: FairnessFindings;
}
