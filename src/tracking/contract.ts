/** What a pipeline sees of experiment tracking: trackers, runs and what a run can hold. */

import type { modelFileNames } from "./model_files.ts";

/** A value of a parameter; it is stored as text, as `String(value)` writes it. */
export type ParamValue = string | number | boolean | null;

/** How a run can end; MLflow's own words. */
export type TrackedRunStatus = "FINISHED" | "FAILED" | "KILLED";

/** Where runs are kept: on a server, or in a folder in MLflow's file layout. */
export type TrackerLocation =
  | { readonly kind: "server"; readonly url: string }
  | { readonly kind: "folder"; readonly path: string };

/** An experiment: the named group that runs belong to. */
export interface Experiment {
  /** The id; digits, but too many for a number. */
  readonly id: string;
  /** The name, unique within a store. */
  readonly name: string;
  /** URI under which the artifacts of its runs are kept. */
  readonly artifactLocation: string;
}

/** An experiment by its name (created if missing) or by its id (must exist). */
export type ExperimentChoice = string | { readonly id: string };

/** One point of a metric's history. */
export interface MetricPoint {
  /** The metric's name. */
  readonly key: string;
  /** May be NaN or infinite. */
  readonly value: number;
  /** Whole number, 0 if it is left out. */
  readonly step?: number;
  /** Milliseconds since 1970, now if it is left out. */
  readonly timestamp?: number;
}

/** MLflow's column types. */
export type ColumnType =
  | "boolean"
  | "integer"
  | "long"
  | "float"
  | "double"
  | "string"
  | "binary"
  | "datetime";

/** A column in a data set's schema or a model's signature. */
export interface TrackedColumn {
  /** The column's name. */
  readonly name: string;
  /** What its values are. */
  readonly type: ColumnType;
  /** Whether the column must be there; true if it is left out. */
  readonly required?: boolean;
}

/** A data set that a run reads. */
export interface TrackedDataset {
  /** At most 500 characters. */
  readonly name: string;
  /** What tells this content from another under the same name, at most 36 characters. */
  readonly digest: string;
  /** Path or http(s) address it was read from. */
  readonly source: string;
  /** Its columns. */
  readonly schema?: readonly TrackedColumn[];
  /** Figures such as `num_rows` and `num_elements`. */
  readonly profile?: Readonly<Record<string, number | string>>;
  /** What the run uses it for, as `training` or `validation`. */
  readonly context?: string;
}

/** Bytes, or the path of the file that holds them. */
export type Content = Uint8Array | string;

/** Rows that show what a model takes, in MLflow's split orientation. */
export interface InputExample {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** One list per row, in the order of `columns`. */
  readonly data: readonly (readonly (string | number | boolean | null)[])[];
}

/** The Python packages a model's environment files name. */
export interface PythonVersions {
  /** Version of Python itself. */
  readonly python: string;
  /** Version of mlflow. */
  readonly mlflow: string;
  /** Version of onnx. */
  readonly onnx: string;
  /** Version of onnxruntime. */
  readonly onnxruntime: string;
}

/** A model with what MLflow needs to load and serve it. */
export interface TrackedModel {
  /** Name of the model and of its folder among the run's artifacts, as `model`. */
  readonly name: string;
  /** The model's file. */
  readonly file: Content;
  /** What the file holds: ONNX, which MLflow runs by itself, or a forecast's JSON; ONNX if left out. */
  readonly holds?: keyof typeof modelFileNames;
  /** One per input, in a frame's order. */
  readonly inputs: readonly TrackedColumn[];
  /** One per output. */
  readonly outputs: readonly TrackedColumn[];
  /** A few rows, kept beside the model. */
  readonly inputExample?: InputExample;
  /** What its environment files name; `testedVersions` if it is left out. */
  readonly versions?: Partial<PythonVersions>;
  /** Plain JSON kept in the MLmodel file. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Texts kept beside the model, by file name, for those who know of them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A model as it was logged. */
export interface LoggedModel {
  /** URI for `mlflow.pyfunc.load_model`, as `runs:/<run id>/model`. */
  readonly uri: string;
  /** Id of the MLflow 3 LoggedModel; undefined on servers older than MLflow 3. */
  readonly modelId?: string;
}

/** How a run begins. */
export interface TrackedRunOptions {
  /** What the run is called; need not be unique. */
  readonly name: string;
  /** Tags beside those of its source. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The run this one is nested in. */
  readonly parent?: TrackedRun;
  /** Milliseconds since 1970, now if it is left out. */
  readonly startTime?: number;
}

/**
 * A run that is being written. Keys and values are checked against MLflow's
 * limits before anything is sent; each call writes all it is given at once. What
 * a server refuses all the same fails that call with a `UsageError`, and
 * the run goes on.
 */
export interface TrackedRun {
  /** Id in the store where the run is now (see {@linkcode TrackedRun.location}). */
  readonly id: string;
  /** What the run is called. */
  readonly name: string;
  /** The experiment it belongs to, in the store where it is now. */
  readonly experiment: Experiment;
  /** Where the run is kept; changes from server to folder when the server is lost. */
  readonly location: TrackerLocation;
  /**
   * Adds parameters. Logging the same value again is fine.
   *
   * @throws {UsageError} if a key or value is not allowed or a value would change.
   */
  logParams(params: Readonly<Record<string, ParamValue>>): Promise<void>;
  /**
   * Adds one point to each metric's history.
   *
   * @throws {UsageError} if a key, step or timestamp is not allowed.
   */
  logMetrics(
    metrics: Readonly<Record<string, number>>,
    options?: { readonly step?: number; readonly timestamp?: number },
  ): Promise<void>;
  /**
   * Adds many points, of one metric or several: all folds or rounds in one call.
   *
   * @throws {UsageError} if a key, step or timestamp is not allowed.
   */
  logMetricPoints(points: readonly MetricPoint[]): Promise<void>;
  /**
   * Sets tags; a later value replaces an earlier one.
   *
   * @throws {UsageError} if a key or value is not allowed.
   */
  setTags(tags: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Links a data set to the run.
   *
   * @throws {UsageError} if name or digest is too long.
   */
  logDataset(dataset: TrackedDataset): Promise<void>;
  /**
   * Stores a file under `path` (with `/`) among the run's artifacts.
   *
   * @throws {UsageError} if `path` leaves the run's folder.
   * @throws {DataError} if the file to store cannot be read.
   */
  logArtifact(path: string, content: Content): Promise<void>;
  /**
   * Stores an ONNX model as an MLflow model folder that `mlflow.pyfunc` loads.
   *
   * @throws {UsageError} if the name is not allowed.
   * @throws {DataError} if the ONNX file cannot be read.
   */
  logModel(model: TrackedModel): Promise<LoggedModel>;
  /** Ends the run; ending it again does nothing. Nothing can be logged after it. */
  end(status?: TrackedRunStatus): Promise<void>;
}

/** A place for runs. Open one with `openTracker`. */
export interface Tracker {
  /** Where new runs are kept now. */
  readonly location: TrackerLocation;
  /**
   * Finds an experiment by name, creating it if missing, or by id.
   *
   * @throws {UsageError} if it was deleted, or no experiment has the id.
   */
  experiment(choice: ExperimentChoice): Promise<Experiment>;
  /**
   * Starts a run, nested in `parent` if one is given.
   *
   * @throws {UsageError} if a tag is not allowed.
   */
  startRun(experiment: Experiment, options: TrackedRunOptions): Promise<TrackedRun>;
  /**
   * Ends every run that is still open, or only `below` and those in it, nested ones
   * first: for Ctrl-C and crashes.
   */
  endOpenRuns(status: TrackedRunStatus, below?: TrackedRun): Promise<void>;
}
