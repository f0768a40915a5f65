/** Reading whole runs back from a folder in MLflow's file layout. */

import { join } from "@std/path";
import type { TrackedRunStatus } from "./contract.ts";
import { splitKeyTags, storedKey } from "./file_keys.ts";
import { filesBelow, foldersIn, type Meta, readMeta, runStatusCode } from "./file_layout.ts";
import { text } from "./json.ts";
import type { DatasetRecord, StoredPoint, TextValues } from "./store.ts";

/** A model that a run holds. */
export interface ModelRecord {
  readonly name: string;
  /** Folder with its files. */
  readonly folder: string;
}

/** All that a run in a folder holds. */
export interface RunInFolder {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly experimentName: string;
  /** "RUNNING" if it has not ended. */
  readonly status: TrackedRunStatus | "RUNNING";
  readonly startTime: number;
  readonly endTime?: number;
  readonly params: TextValues;
  readonly tags: TextValues;
  readonly points: readonly StoredPoint[];
  readonly datasets: readonly { readonly dataset: DatasetRecord; readonly context?: string }[];
  /** Paths of the artifacts below `artifactFolder`. */
  readonly artifacts: readonly string[];
  readonly artifactFolder: string;
  readonly models: readonly ModelRecord[];
}

async function readValues(folder: string, keys: TextValues = {}): Promise<TextValues> {
  const values: Record<string, string> = {};
  // A mark at the start of a value is the value's, not the file's.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (const stored of await filesBelow(folder)) {
    values[storedKey(stored, keys)] = decoder.decode(await Deno.readFile(join(folder, stored)));
  }
  return values;
}

async function readPoints(folder: string, keys: TextValues): Promise<StoredPoint[]> {
  const points: StoredPoint[] = [];
  for (const stored of await filesBelow(folder)) {
    const key = storedKey(stored, keys);
    for (const line of (await Deno.readTextFile(join(folder, stored))).split("\n")) {
      if (line.trim() === "") continue;
      const [timestamp, value, step = "0"] = line.trim().split(" ");
      // Python writes nan and inf.
      const number = Number(value.replace(/^(-?)inf(inity)?$/i, "$1Infinity"));
      points.push({ key, value: number, step: Number(step), timestamp: Number(timestamp) });
    }
  }
  return points;
}

async function readDatasets(experiment: string, run: string): Promise<RunInFolder["datasets"]> {
  const datasets: { dataset: DatasetRecord; context?: string }[] = [];
  for (const link of await foldersIn(join(run, "inputs"))) {
    const input = await readMeta(join(run, "inputs", link));
    if (input?.source_type !== "DATASET") continue;
    const meta = await readMeta(join(experiment, "datasets", String(input.source_id)));
    if (meta === undefined) continue;
    datasets.push({
      dataset: {
        name: String(meta.name),
        digest: String(meta.digest),
        source_type: String(meta.source_type),
        source: String(meta.source),
        schema: text(meta.schema),
        profile: text(meta.profile),
      },
      context: text((input.tags as Meta | undefined)?.["mlflow.data.context"]),
    });
  }
  return datasets;
}

async function readModels(experiment: string, run: string): Promise<ModelRecord[]> {
  const models: ModelRecord[] = [];
  for (const id of await foldersIn(join(run, "outputs"))) {
    const folder = join(experiment, "models", id);
    const meta = await readMeta(folder);
    if (meta !== undefined) {
      models.push({ name: String(meta.name), folder: join(folder, "artifacts") });
    }
  }
  return models;
}

function statusName(code: unknown): RunInFolder["status"] {
  const name = Object.entries(runStatusCode).find(([, value]) => value === code)?.[0];
  return name === "FINISHED" || name === "FAILED" || name === "KILLED" ? name : "RUNNING";
}

/** Reads all runs of a folder that are not deleted, oldest first. */
export async function* readRuns(root: string): AsyncGenerator<RunInFolder> {
  const found: { experimentName: string; experiment: string; folder: string; meta: Meta }[] = [];
  for (const id of await foldersIn(root)) {
    const experiment = join(root, id);
    const experimentMeta = await readMeta(experiment);
    if (experimentMeta === undefined) continue;
    for (const runId of await foldersIn(experiment)) {
      const folder = join(experiment, runId);
      const meta = await readMeta(folder);
      if (typeof meta?.run_id !== "string" || meta.lifecycle_stage === "deleted") continue;
      found.push({ experimentName: String(experimentMeta.name), experiment, folder, meta });
    }
  }
  found.sort((a, b) => Number(a.meta.start_time) - Number(b.meta.start_time));
  for (const { experimentName, experiment, folder, meta } of found) {
    const artifactFolder = join(folder, "artifacts");
    const { keys } = splitKeyTags(await readValues(join(folder, "tags")));
    yield {
      id: String(meta.run_id),
      name: String(meta.run_name),
      folder,
      experimentName,
      status: statusName(meta.status),
      startTime: Number(meta.start_time),
      endTime: meta.end_time === null ? undefined : Number(meta.end_time),
      params: await readValues(join(folder, "params"), keys),
      tags: splitKeyTags(await readValues(join(folder, "tags"), keys)).tags,
      points: await readPoints(join(folder, "metrics"), keys),
      datasets: await readDatasets(experiment, folder),
      artifacts: await filesBelow(artifactFolder),
      artifactFolder,
      models: await readModels(experiment, folder),
    };
  }
}
