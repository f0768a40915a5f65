/**
 * Runs in a folder, in the layout of MLflow's file store: Python's MLflow opens
 * it with MLFLOW_ALLOW_FILE_STORE=true, `mlflow migrate-filestore` moves it to
 * SQLite.
 *
 * MLflow takes no locks here. So: one writer per run, meta.yaml by rename, one
 * append per metric file and call, and a run's three folders before its
 * meta.yaml, because one broken run breaks the search of its whole experiment.
 */

import { dirname, join, resolve, toFileUrl } from "@std/path";
import { DataError, UsageError, writeFileAtomic } from "../base/mod.ts";
import { checkReadable, contentSize } from "./content.ts";
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
import { fileExperiment } from "./file_experiments.ts";
import { obstacle, placeOfKey } from "./file_keys.ts";
import { md5Id, newRunId, readMeta, runStatusCode, writeMeta } from "./file_layout.ts";
import { modelFileNames } from "./model_files.ts";
import { modelFolderFiles } from "./model_flavor.ts";
import {
  datasetRecord,
  type NewRun,
  parentTag,
  type Store,
  type StoredPoint,
  type StoredRun,
  type TextValues,
} from "./store.ts";

/** A run in a folder. */
export interface FileRun extends StoredRun {
  /** The run's folder. */
  readonly folder: string;
}

/** A store in the folder `root`, which is made with its first experiment. */
export class FileStore implements Store<FileRun> {
  readonly #root: string;

  /** Takes the folder and the clock (milliseconds since 1970). */
  constructor(root: string, private readonly now: () => number = Date.now) {
    this.#root = resolve(root);
  }

  /** The folder. */
  get location(): TrackerLocation {
    return { kind: "folder", path: this.#root };
  }

  /** Finds or creates an experiment; see {@linkcode Store}. */
  async experiment(choice: ExperimentChoice): Promise<Experiment> {
    return await this.#writing(() => fileExperiment(this.#root, choice, this.now));
  }

  /** Starts a run; see {@linkcode Store}. */
  async createRun(experiment: Experiment, run: NewRun): Promise<FileRun> {
    const id = newRunId();
    const folder = join(this.#root, experiment.id, id);
    return await this.#writing(async () => {
      for (const name of ["metrics", "params", "artifacts", "tags"]) {
        await Deno.mkdir(join(folder, name), { recursive: true });
      }
      const stored: FileRun = { id, experiment, location: this.location, folder };
      await this.writeTags(stored, {
        ...run.tags,
        ...(run.parent && { [parentTag]: run.parent.id }),
      });
      await writeMeta(folder, {
        artifact_uri: toFileUrl(join(folder, "artifacts")).href,
        deleted_time: null,
        end_time: null,
        entry_point_name: "",
        experiment_id: experiment.id,
        lifecycle_stage: "active",
        run_id: id,
        run_name: run.name,
        run_uuid: id,
        source_name: "",
        source_type: 4,
        source_version: "",
        start_time: run.startTime,
        status: runStatusCode.RUNNING,
        tags: [],
        user_id: run.tags["mlflow.user"] ?? "",
      });
      return stored;
    });
  }

  /** Writes one file per parameter; see {@linkcode Store}. */
  async writeParams(run: FileRun, params: TextValues): Promise<void> {
    await this.#writeValues(run.folder, "params", params);
  }

  /** Appends to one file per metric; see {@linkcode Store}. */
  async writeMetrics(run: FileRun, points: readonly StoredPoint[]): Promise<void> {
    await this.#writing(async () => {
      for (const [key, ofKey] of Map.groupBy(points, ({ key }) => key)) {
        const path = await this.#pathOf(run.folder, "metrics", key);
        await Deno.mkdir(dirname(path), { recursive: true });
        const lines = ofKey.map(({ timestamp, value, step }) => `${timestamp} ${value} ${step}\n`);
        await Deno.writeTextFile(path, lines.join(""), { append: true });
      }
    });
  }

  /** Writes one file per tag; see {@linkcode Store}. */
  async writeTags(run: FileRun, tags: TextValues): Promise<void> {
    await this.#writeValues(run.folder, "tags", tags);
  }

  /** Writes the data set and its link to the run; see {@linkcode Store}. */
  async writeDataset(run: FileRun, dataset: TrackedDataset): Promise<void> {
    await this.#writing(async () => {
      const id = md5Id(dataset.name, dataset.digest);
      const record = datasetRecord(dataset);
      await writeMeta(join(this.#root, run.experiment.id, "datasets", id), {
        ...record,
        schema: record.schema ?? null,
        profile: record.profile ?? null,
      });
      await writeMeta(join(run.folder, "inputs", md5Id(id, run.id)), {
        source_type: "DATASET",
        source_id: id,
        destination_type: "RUN",
        destination_id: id, // MLflow reads the data set's id back from here.
        tags: dataset.context === undefined ? {} : { "mlflow.data.context": dataset.context },
      });
    });
  }

  /** Copies a file into the run's folder; see {@linkcode Store}. */
  async writeArtifact(run: FileRun, path: string, content: Content): Promise<void> {
    await checkReadable(content);
    await this.#writing(async () => {
      const folder = join(run.folder, "artifacts");
      const inTheWay = await obstacle(folder, path);
      if (inTheWay !== undefined) {
        const [why, next] = inTheWay.tooLong
          ? [`${inTheWay.path} is longer than 255 bytes`, "shorten it"]
          : [
            `${inTheWay.path} is there and is ${inTheWay.path === path ? "a folder" : "a file"}`,
            "log one of both under another name",
          ];
        throw new UsageError(`Cannot store artifact ${path}: ${why}`, { next });
      }
      await writeContent(join(folder, path), content);
    });
  }

  /** Writes a LoggedModel, as MLflow 3 does, and links it to the run; see {@linkcode Store}. */
  async writeModel(
    run: FileRun,
    model: TrackedModel,
    params: TextValues,
  ): Promise<LoggedModel> {
    const sizeBytes = await contentSize(model.file);
    const modelId = `m-${newRunId()}`;
    const folder = join(this.#root, run.experiment.id, "models", modelId);
    const artifacts = join(folder, "artifacts");
    const createdAt = this.now();
    const artifactPath = toFileUrl(artifacts).href;
    await this.#writing(async () => {
      const files = modelFolderFiles({
        model,
        artifactPath,
        runId: run.id,
        modelId,
        modelUuid: modelId,
        sizeBytes,
        createdAt,
      });
      await writeContent(join(artifacts, modelFileNames[model.holds ?? "onnx"]), model.file);
      for (const [name, text] of Object.entries(files)) {
        await writeFileAtomic(join(artifacts, name), text);
      }
      for (const name of ["metrics", "params", "tags"]) {
        await Deno.mkdir(join(folder, name), { recursive: true });
      }
      await this.#writeValues(folder, "params", params);
      await writeMeta(folder, {
        artifact_location: artifactPath,
        creation_timestamp: createdAt,
        experiment_id: run.experiment.id,
        last_updated_timestamp: this.now(),
        lifecycle_stage: "active",
        model_id: modelId,
        model_type: null,
        name: model.name,
        source_run_id: run.id,
        status: 2, // READY: written last, so there is no half model.
        status_message: null,
      });
      await writeMeta(join(run.folder, "outputs", modelId), {
        source_type: "RUN_OUTPUT",
        source_id: modelId,
        destination_type: "MODEL_OUTPUT",
        destination_id: modelId,
        step: 0,
        tags: {},
      });
    });
    return { uri: `runs:/${run.id}/${model.name}`, modelId };
  }

  /** Writes status and end; see {@linkcode Store}. */
  async endRun(run: FileRun, status: TrackedRunStatus, endTime: number): Promise<void> {
    await this.#writing(async () => {
      const meta = await readMeta(run.folder);
      if (meta === undefined) throw new DataError(`Cannot end run ${run.id}: its folder is gone`);
      await writeMeta(run.folder, { ...meta, status: runStatusCode[status], end_time: endTime });
    });
  }

  async #writeValues(folder: string, kind: "params" | "tags", values: TextValues): Promise<void> {
    await this.#writing(async () => {
      for (const [key, value] of Object.entries(values)) {
        await writeFileAtomic(await this.#pathOf(folder, kind, key), value);
      }
    });
  }

  /** The file of a key; where a stand-in is needed, the tag that tells the key is there first. */
  async #pathOf(folder: string, kind: "metrics" | "params" | "tags", key: string): Promise<string> {
    const { stored, tags } = await placeOfKey(join(folder, kind), key);
    for (const [tag, own] of Object.entries(tags)) {
      await writeFileAtomic(join(folder, "tags", tag), own);
    }
    return join(folder, kind, stored);
  }

  /** Tells file trouble in the user's words. */
  async #writing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (
        cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable ||
        cause instanceof Deno.errors.NotADirectory || cause instanceof Deno.errors.IsADirectory ||
        (cause instanceof Error && /EROFS|ENOSPC|os error (28|30)/.test(cause.message))
      ) {
        throw new DataError(`Cannot write to the tracking folder ${this.#root}: ${cause.message}`, {
          cause,
          next: "make the folder writable, or name another",
        });
      }
      throw cause;
    }
  }
}

async function writeContent(path: string, content: Content): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  if (typeof content === "string") await Deno.copyFile(content, path);
  else await writeFileAtomic(path, content);
}
