/** Sending runs that were kept in a folder to the server they were meant for. */

import { join } from "@std/path";
import { DataError } from "../base/mod.ts";
import type { Content } from "./contract.ts";
import { filesBelow, readYaml } from "./file_layout.ts";
import { type ModelRecord, readRuns, type RunRecord } from "./file_reader.ts";
import { FileStore } from "./file_store.ts";
import { record } from "./json.ts";
import { keptTags, originTags, readKept, sentTags, wasSent, withoutKeptTags } from "./kept.ts";
import { openServer, type TrackerOptions } from "./open_tracker.ts";
import type { RestRun, RestStore } from "./rest_store.ts";
import { parentTag, type StoredPoint } from "./store.ts";

/** A run that is now on the server. */
export interface SentRun {
  /** What the run is called. */
  readonly name: string;
  /** Id in the folder. */
  readonly localId: string;
  /** Id on the server. */
  readonly id: string;
  /** The run's page. */
  readonly url: string;
}

/** What {@linkcode sendRuns} did. */
export interface SendReport {
  /** The runs that are on the server now. */
  readonly sent: readonly SentRun[];
  /** Names of kept runs that have not ended: still at work, or their process was killed. */
  readonly running: readonly string[];
}

/** Which runs to send, and how. */
export interface SendOptions extends Pick<TrackerOptions, "onWarning" | "env" | "sleep"> {
  /**
   * Ids (in the folder) of the runs to send, whether they were meant for a
   * server or not; one that never ended is sent as KILLED. Left out: all that
   * are kept for a server, have ended and were not sent.
   */
  readonly runIds?: readonly string[];
  /** Hears of each run that is now on the server. */
  readonly onSent?: (run: SentRun) => void;
}

/**
 * Sends runs that are kept in the folder `root` to the server at `uri`, with all they hold, and
 * marks them as sent. Safe to repeat
 * after an interruption: what is on the server already is not doubled.
 *
 * @throws {UsageError} where `uri` is no http(s) address.
 * @throws {ServiceError} where the server is lost on the way.
 * @throws {DataError} where a run id is not in the folder.
 */
export async function sendRuns(
  root: string,
  uri: string,
  options: SendOptions = {},
): Promise<SendReport> {
  const server = openServer(uri, options);
  const folder = new FileStore(root);
  const all = await Array.fromAsync(readRuns(root));
  const missing = options.runIds?.find((id) => !all.some((run) => run.id === id));
  if (missing !== undefined) {
    throw new DataError(`Cannot send run ${missing}: it is not in ${root}`, {
      next: "check the id and the folder",
    });
  }
  const chosen = all.filter((run) =>
    !wasSent(run.tags) &&
    (options.runIds?.includes(run.id) ??
      (readKept(run.tags) !== undefined && run.status !== "RUNNING"))
  );
  const running = options.runIds
    ? []
    : all.filter((run) =>
      run.status === "RUNNING" && readKept(run.tags) !== undefined && !wasSent(run.tags)
    );

  const serverIds = new Map<string, string>();
  for (const run of all) {
    const id = readKept(run.tags)?.runId;
    if (id !== undefined) serverIds.set(run.id, id);
  }
  const sent: SentRun[] = [];
  for (const run of parentsFirst(chosen)) {
    const target = await openTarget(run, server, serverIds.get(run.tags[parentTag] ?? ""));
    serverIds.set(run.id, target.id);
    const local = {
      id: run.id,
      experiment: target.experiment,
      location: folder.location,
      folder: run.folder,
    };
    const choice = readKept(run.tags)?.experiment ?? run.experimentName;
    const { url } = server.location as { url: string };
    // Before the rest, so that an interrupted attempt is continued.
    await folder.writeTags(local, keptTags({ server: url, experiment: choice, runId: target.id }));
    await sendContents(run, server, target);
    const page = target.location.kind === "server" ? target.location.url : "";
    await folder.writeTags(local, sentTags(page));
    const done = { name: run.name, localId: run.id, id: target.id, url: page };
    sent.push(done);
    options.onSent?.(done);
  }
  return { sent, running: running.map(({ name }) => name) };
}

/** The run on the server: the one that was begun there, or a new one. */
async function openTarget(
  run: RunRecord,
  server: RestStore,
  parentId: string | undefined,
): Promise<RestRun> {
  const kept = readKept(run.tags);
  const experiment = await server.experiment(kept?.experiment ?? run.experimentName);
  if (kept?.runId !== undefined) return await server.openRun(kept.runId, experiment);
  const { [parentTag]: _local, ...tags } = withoutKeptTags(run.tags);
  return await server.createRun(experiment, {
    name: run.name,
    startTime: run.startTime,
    tags: { ...tags, ...(parentId && { [parentTag]: parentId }) },
  });
}

async function sendContents(run: RunRecord, server: RestStore, target: RestRun): Promise<void> {
  const { [parentTag]: _local, ...tags } = withoutKeptTags(run.tags);
  await server.writeTags(target, { ...tags, ...originTags(run.id) });
  await server.writeParams(target, run.params);
  await server.writeMetrics(target, await newPoints(run.points, server, target));
  for (const { dataset, context } of run.datasets) {
    await server.writeDatasetRecord(target, dataset, context);
  }
  for (const path of run.artifacts) {
    await server.writeArtifact(target, path, join(run.artifactFolder, path));
  }
  for (const model of run.models) {
    if (!await server.hasModel(target, model.name)) await sendModel(model, run, server, target);
  }
  const status = run.status === "RUNNING" ? "KILLED" : run.status;
  await server.endRun(target, status, run.endTime ?? Date.now());
}

/** The points that the server does not have; a server would keep a second copy as well. */
async function newPoints(
  points: readonly StoredPoint[],
  server: RestStore,
  target: RestRun,
): Promise<StoredPoint[]> {
  // Large values come back from SQL stores in place of infinities.
  const clamp = (value: number) => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
  const identity = ({ key, value, step, timestamp }: StoredPoint) =>
    JSON.stringify([key, String(clamp(value)), step, timestamp]);
  const present = new Set<string>();
  for (const key of await server.metricKeys(target)) {
    for (const point of await server.metricHistory(target, key)) present.add(identity(point));
  }
  return points.filter((point) => !present.has(identity(point)));
}

async function sendModel(
  model: ModelRecord,
  run: RunRecord,
  server: RestStore,
  target: RestRun,
): Promise<void> {
  const mlmodel = record(await readYaml(join(model.folder, "MLmodel")));
  const paths = await filesBelow(model.folder);
  await server.writeModelFolder(target, {
    name: model.name,
    params: run.params,
    files: (artifactPath, modelId) => {
      // The folder's own description names its run and its place.
      const moved = {
        ...mlmodel,
        artifact_path: artifactPath,
        run_id: target.id,
        model_id: modelId,
        model_uuid: modelId ?? mlmodel.model_uuid,
      };
      const bytes = new TextEncoder().encode(JSON.stringify(moved, null, 2) + "\n");
      return new Map<string, Content>(
        paths.map((path) => [path, path === "MLmodel" ? bytes : join(model.folder, path)]),
      );
    },
  });
}

/** Runs sorted so that each comes after the one it is nested in. */
function parentsFirst(runs: readonly RunRecord[]): RunRecord[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const depth = (run: RunRecord): number => {
    const parent = byId.get(run.tags[parentTag] ?? "");
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  return [...runs].sort((a, b) => depth(a) - depth(b));
}
