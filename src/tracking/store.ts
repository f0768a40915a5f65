/**
 * What a place for runs must be able to do. Everything that reaches a store is
 * already checked and complete: values are text, points have step and timestamp.
 */

import type {
  Content,
  Experiment,
  ExperimentChoice,
  LoggedModel,
  TrackedDataset,
  TrackedModel,
  TrackedRunStatus,
  TrackerLocation,
} from "./contract.ts";

/** A metric point with nothing left out. */
export interface StoredPoint {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly timestamp: number;
}

/** Parameters and tags: name to text. */
export type TextValues = Readonly<Record<string, string>>;

/** A run as its store knows it. */
export interface StoredRun {
  readonly id: string;
  readonly experiment: Experiment;
  readonly location: TrackerLocation;
}

/** How a run begins. */
export interface NewRun {
  readonly name: string;
  readonly startTime: number;
  readonly tags: TextValues;
  readonly parent?: StoredRun;
}

/** A place for runs. `R` is what the store itself keeps about a run. */
export interface Store<R extends StoredRun = StoredRun> {
  readonly location: TrackerLocation;
  experiment(choice: ExperimentChoice): Promise<Experiment>;
  createRun(experiment: Experiment, run: NewRun): Promise<R>;
  writeParams(run: R, params: TextValues): Promise<void>;
  writeMetrics(run: R, points: readonly StoredPoint[]): Promise<void>;
  writeTags(run: R, tags: TextValues): Promise<void>;
  writeDataset(run: R, dataset: TrackedDataset): Promise<void>;
  writeArtifact(run: R, path: string, content: Content): Promise<void>;
  /** `params` are the run's parameters, shown with the model. */
  writeModel(run: R, model: TrackedModel, params: TextValues): Promise<LoggedModel>;
  endRun(run: R, status: TrackedRunStatus, endTime: number): Promise<void>;
}

/** MLflow's tag that nests a run in another. */
export const parentTag = "mlflow.parentRunId";

/** MLflow's form of a data set: texts, some of them JSON. */
export interface DatasetRecord {
  readonly name: string;
  readonly digest: string;
  readonly source_type: string;
  readonly source: string;
  readonly schema?: string;
  readonly profile?: string;
}

/** Writes a data set the way MLflow's Python client does. */
export function datasetRecord(dataset: TrackedDataset): DatasetRecord {
  const remote = /^https?:/.test(dataset.source);
  return {
    name: dataset.name,
    digest: dataset.digest,
    source_type: remote ? "http" : "local",
    source: JSON.stringify(remote ? { url: dataset.source } : { uri: dataset.source }),
    schema: dataset.schema && JSON.stringify({
      mlflow_colspec: dataset.schema.map(({ type, name, required = true }) => ({
        type,
        name,
        required,
      })),
    }),
    profile: dataset.profile && JSON.stringify(dataset.profile),
  };
}
