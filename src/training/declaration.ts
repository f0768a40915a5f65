/** The declaration of a training, plain data but for what makes missing data. */

import type { FeatureView, HistoryColumns } from "../feature_store/mod.ts";
import type { FeatureSet } from "../features/mod.ts";
import type { FileOptions } from "../pipeline/mod.ts";
import type { ProfileSpec } from "../profile/mod.ts";
import type { SchemaAdditions } from "../validation/mod.ts";
import type { Candidate } from "./candidate.ts";
import type { TrainingSearch } from "./search/declaration.ts";
import type { Selection } from "./selection.ts";
import type { Fairness } from "./fairness.ts";
import type { MetricGate } from "./gate.ts";
import type { Split } from "../splits/mod.ts";
import type { TrainingTask } from "./tasks/contract.ts";
import type { Threshold } from "./threshold.ts";

/** Something that may depend on the run's parameters. */
export type ByParams<Params, T> = T | ((params: Params) => T);

/** Feature views that a training joins. */
export interface TrainingViews {
  /** Column of the moment of each row, ISO 8601 or milliseconds since 1970. */
  readonly time: string;
  /** The views, each with where its history is. */
  readonly joins: readonly JoinedView[];
}

/** A view, and the file of its history. */
export interface JoinedView {
  /** The view, as servers read it too. */
  readonly view: FeatureView;
  /** CSV or Parquet file: ids, moments, and a column for each feature. */
  readonly history: string;
  /** Makes the file where it is missing. */
  readonly make?: FileOptions["make"];
  /** Which columns of the file are what. */
  readonly columns: HistoryColumns;
}

/** A training: which rows, which features, who competes, and what the best must reach. */
export interface TrainingDeclaration<Params = unknown> {
  /** Name of the model, letters, digits and `-`, as `home-equity`. */
  readonly name: string;
  /** How the data file comes to be, and how rows are prepared. */
  readonly data?: {
    /** Makes the file where it is missing. */
    readonly make?: FileOptions["make"];
    /** Features that rows are joined with as they were known at the row's moment. */
    readonly views?: TrainingViews;
    /** Rows are events of entities, and features tell how each differs from what is usual there. */
    readonly profile?: ProfileSpec;
    /** Fills missing values from other rows of the same group, in the order of the file. */
    readonly fillWithinGroup?: boolean;
    /**
     * Holds the table to what is declared before anything is learned: what the features read, and
     * what is added here. Without it a table is only cleaned.
     */
    readonly validate?: SchemaAdditions;
  };
  /** The columns, and the target. */
  readonly features: FeatureSet;
  /** The kind of task; by the target if it is left out. */
  readonly task?: TrainingTask;
  /** Who competes; either they or a search are declared. */
  readonly candidates?: ByParams<Params, readonly Candidate[]>;
  /** A search for the best settings, in the place of candidates. */
  readonly search?: ByParams<Params, TrainingSearch>;
  /** How rows are dealt to folds, and what is held out; by the task if it is left out. */
  readonly split?: ByParams<Params, Split>;
  /**
   * The metric that candidates are compared by, or more to say; the task's first and the best
   * mean if it is left out.
   */
  readonly select?: string | Selection;
  /** Further metrics to tell. */
  readonly metrics?: readonly string[];
  /** From which probability on to act. */
  readonly threshold?: ByParams<Params, Threshold>;
  /** Share of true values that the interval of a predicted number holds; 0.9 by default. */
  readonly coverage?: number;
  /** What the best must reach to be published, by metric. */
  readonly gates?: ByParams<Params, Readonly<Record<string, MetricGate>>>;
  /** By which groups of people its decisions are compared; for two classes. */
  readonly fairness?: ByParams<Params, Fairness>;
  /** What the tracked run is called; `training_<moment>` if it is left out. */
  readonly run?: string;
  /**
   * What the files of a model are called: its name, or the candidate that won, as
   * `Over_RandomForest`; then `latest_model.json` points at the newest. Default "name".
   */
  readonly files?: "name" | "candidate";
}
