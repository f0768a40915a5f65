/** Runs on an MLflow server, over its REST API (2.0). */

import { ServiceError, UsageError } from "../base/mod.ts";
import { artifactRoute, isOwnMachine, upload } from "./artifact_upload.ts";
import { contentSize } from "./content.ts";
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
import type { HttpClient } from "./http_client.ts";
import { isMissing, ResponseError } from "./http_errors.ts";
import { type Json, list, pairs, record, text } from "./json.ts";
import { batchSize } from "./limits.ts";
import { newRunId } from "./file_layout.ts";
import { modelFileNames } from "./model_files.ts";
import { modelFolderFiles } from "./model_flavor.ts";
import type { RestRun } from "./rest_run.ts";
import { modelsOf, type ModelUpload, uploadModel } from "./rest_models.ts";
import {
  type DatasetRecord,
  datasetRecord,
  type NewRun,
  parentTag,
  type Store,
  type StoredPoint,
  type TextValues,
} from "./store.ts";

/** What a {@linkcode RestStore} hears and tells. */
export interface RestStoreOptions {
  /** Hears what the user should know though the work goes on. */
  readonly onWarning?: (message: string) => void;
  /** The clock: milliseconds since 1970. */
  readonly now?: () => number;
}

/** A store on the server that `client` speaks to. */
export class RestStore implements Store<RestRun> {
  readonly #client: HttpClient;
  readonly #warn: (message: string) => void;
  readonly #now: () => number;
  readonly #warned = new Set<string>();

  /** Takes the connection and the options. */
  constructor(client: HttpClient, options: RestStoreOptions = {}) {
    this.#client = client;
    this.#warn = options.onWarning ?? (() => {});
    this.#now = options.now ?? Date.now;
  }

  /** The server's address. */
  get location(): TrackerLocation {
    return { kind: "server", url: this.#client.url };
  }

  /**
   * Asks the server for anything, with little patience: a server that is not
   * there should be known before the work begins.
   *
   * @throws {ServiceError} if it cannot be used.
   */
  async probe(): Promise<void> {
    // Not /health: it answers without asking for a password or the right host name.
    await this.#client.json("POST", "experiments/search", { max_results: 1 }, {
      maxRetries: 1,
      timeoutMs: 5000,
    });
  }

  /** Finds or creates an experiment; see {@linkcode Store}. */
  async experiment(choice: ExperimentChoice): Promise<Experiment> {
    const found = await this.#find(choice);
    if (found !== undefined) return this.#usable(found);
    if (typeof choice !== "string") {
      throw new UsageError(`Cannot find experiment ${choice.id} on ${this.#client.url}`, {
        next: "choose it by its name, or another id",
      });
    }
    try {
      await this.#client.json("POST", "experiments/create", { name: choice });
    } catch (error) {
      // Another process created it in the meantime: then it is there to be read.
      if (!(error instanceof ResponseError && error.code === "RESOURCE_ALREADY_EXISTS")) {
        throw error;
      }
    }
    const created = await this.#find(choice);
    if (created === undefined) throw new ServiceError(`Cannot read back experiment ${choice}`);
    return this.#usable(created);
  }

  /** Starts a run; see {@linkcode Store}. */
  async createRun(experiment: Experiment, run: NewRun): Promise<RestRun> {
    const tags = { ...run.tags, ...(run.parent && { [parentTag]: run.parent.id }) };
    const answer = await this.#client.json("POST", "runs/create", {
      experiment_id: experiment.id,
      run_name: run.name,
      start_time: run.startTime,
      user_id: run.tags["mlflow.user"] ?? "",
      tags: pairs(tags),
    });
    return this.#asRun(answer, experiment);
  }

  /**
   * The run with this id, to write more to it.
   *
   * @throws {UsageError} if it was deleted.
   */
  async openRun(id: string, experiment: Experiment): Promise<RestRun> {
    const answer = await this.#client.json("GET", "runs/get", { run_id: id });
    if (record(record(answer.run).info).lifecycle_stage === "deleted") {
      throw new UsageError(`Cannot write to run ${id}: it was deleted on ${this.#client.url}`, {
        next: `restore it with "mlflow runs restore --run-id ${id}"`,
      });
    }
    return this.#asRun(answer, experiment);
  }

  /** Sends parameters in batches; see {@linkcode Store}. */
  async writeParams(run: RestRun, params: TextValues): Promise<void> {
    for (const batch of chunks(pairs(params), batchSize.params)) {
      await this.#client.json("POST", "runs/log-batch", { run_id: run.id, params: batch });
    }
  }

  /** Sends points in batches; see {@linkcode Store}. */
  async writeMetrics(run: RestRun, points: readonly StoredPoint[]): Promise<void> {
    const metrics = points.map(({ key, value, step, timestamp }) => ({
      key,
      // JSON has no NaN and no infinity; MLflow takes them as text.
      value: Number.isFinite(value) ? value : String(value),
      step,
      timestamp,
    }));
    for (const batch of chunks(metrics, batchSize.metrics)) {
      await this.#client.json("POST", "runs/log-batch", { run_id: run.id, metrics: batch });
    }
  }

  /** Sends tags in batches; see {@linkcode Store}. */
  async writeTags(run: RestRun, tags: TextValues): Promise<void> {
    for (const batch of chunks(pairs(tags), batchSize.tags)) {
      await this.#client.json("POST", "runs/log-batch", { run_id: run.id, tags: batch });
    }
  }

  /** Links a data set; see {@linkcode Store}. */
  async writeDataset(run: RestRun, dataset: TrackedDataset): Promise<void> {
    await this.writeDatasetRecord(run, datasetRecord(dataset), dataset.context);
  }

  /** Links a data set that is already in MLflow's form. */
  async writeDatasetRecord(run: RestRun, dataset: DatasetRecord, context?: string): Promise<void> {
    const tags = context === undefined ? [] : [{ key: "mlflow.data.context", value: context }];
    await this.#client.json("POST", "runs/log-inputs", {
      run_id: run.id,
      datasets: [{ tags, dataset }],
    });
  }

  /** Uploads a file; see {@linkcode Store}. */
  async writeArtifact(run: RestRun, path: string, content: Content): Promise<void> {
    await this.#upload(run.artifactUri, path, content);
  }

  /** Uploads a model folder; see {@linkcode Store} and `rest_models.ts`. */
  async writeModel(run: RestRun, model: TrackedModel, params: TextValues): Promise<LoggedModel> {
    const sizeBytes = await contentSize(model.file);
    const createdAt = this.#now();
    return await this.writeModelFolder(run, {
      name: model.name,
      params,
      files: (artifactPath, modelId) => {
        const texts = modelFolderFiles({
          model,
          artifactPath,
          runId: run.id,
          modelId,
          modelUuid: modelId ?? newRunId(),
          sizeBytes,
          createdAt,
        });
        const encoder = new TextEncoder();
        return new Map<string, Content>([
          ...Object.entries(texts).map(([name, text]) => [name, encoder.encode(text)] as const),
          [modelFileNames[model.holds ?? "onnx"], model.file],
        ]);
      },
    });
  }

  /** Uploads a model folder whose files are made already. */
  async writeModelFolder(run: RestRun, model: ModelUpload): Promise<LoggedModel> {
    return await uploadModel(
      this.#client,
      run,
      model,
      (root, path, content) => this.#upload(root, path, content),
    );
  }

  /** Whether the run has a finished model of this name. */
  async hasModel(run: RestRun, name: string): Promise<boolean> {
    return (await modelsOf(this.#client, run.id)).some((model) =>
      model.name === name && model.ready
    );
  }

  /** Sends status and end; see {@linkcode Store}. */
  async endRun(run: RestRun, status: TrackedRunStatus, endTime: number): Promise<void> {
    await this.#client.json(
      "POST",
      "runs/update",
      { run_id: run.id, status, end_time: endTime },
      // Whoever pressed Ctrl-C is waiting.
      status === "KILLED" ? { maxRetries: 1, timeoutMs: 5000 } : {},
    );
  }

  /** All points of a run's metric. */
  async metricHistory(run: RestRun, key: string): Promise<StoredPoint[]> {
    const points: StoredPoint[] = [];
    let token: string | undefined;
    do {
      const answer = await this.#client.json("GET", "metrics/get-history", {
        run_id: run.id,
        metric_key: key,
        max_results: "25000",
        ...(token && { page_token: token }),
      });
      for (const { value, step, timestamp } of list(answer.metrics)) {
        points.push({
          key,
          value: Number(value),
          step: Number(step ?? 0),
          timestamp: Number(timestamp),
        });
      }
      token = text(answer.next_page_token);
    } while (token);
    return points;
  }

  /** The keys of a run's metrics. */
  async metricKeys(run: RestRun): Promise<string[]> {
    const answer = await this.#client.json("GET", "runs/get", { run_id: run.id });
    const { metrics } = record(record(answer.run).data);
    return list(metrics).map(({ key }) => String(key));
  }

  async #find(choice: ExperimentChoice): Promise<Json | undefined> {
    try {
      const answer = typeof choice === "string"
        ? await this.#client.json("GET", "experiments/get-by-name", { experiment_name: choice })
        : await this.#client.json("GET", "experiments/get", { experiment_id: choice.id });
      return record(answer.experiment);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Refuses what cannot take runs while that is still cheap. */
  #usable(found: Json): Experiment {
    const experiment = {
      id: String(found.experiment_id),
      name: String(found.name),
      artifactLocation: String(found.artifact_location),
    };
    if (found.lifecycle_stage === "deleted") {
      throw new UsageError(`Cannot use experiment ${experiment.name}: it was deleted`, {
        next: `restore it in the MLflow page or with "mlflow experiments restore ` +
          `--experiment-id ${experiment.id}", or use another name`,
      });
    }
    artifactRoute(experiment.artifactLocation, this.#client.url);
    return experiment;
  }

  async #upload(root: string, path: string, content: Content): Promise<void> {
    const { url } = this.#client;
    if (
      artifactRoute(root, url).kind === "disk" && !isOwnMachine(url) && !this.#warned.has("disk")
    ) {
      this.#warned.add("disk");
      this.#warn(
        `The tracking server ${url} keeps artifacts at ${root}, which is a folder of whoever ` +
          "writes: they are stored on this machine, not on the server; start it with " +
          "--serve-artifacts and use a new experiment",
      );
    }
    await upload(this.#client, root, path, content);
  }

  #asRun(answer: Json, experiment: Experiment): RestRun {
    const info = record(record(answer.run).info);
    const id = text(info.run_id);
    const artifactUri = text(info.artifact_uri);
    if (id === undefined || artifactUri === undefined) {
      throw new ServiceError(`Cannot read the run that ${this.#client.url} describes`, {
        next: "check that MLFLOW_TRACKING_URI names an MLflow server",
      });
    }
    const url = `${this.#client.url}/#/experiments/${experiment.id}/runs/${id}`;
    return { id, experiment, artifactUri, location: { kind: "server", url } };
  }
}

function* chunks<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
