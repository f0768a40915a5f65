/** Sending what a kept run holds to the server, each thing by itself where the server is choosy. */

import { join } from "@std/path";
import type { Content } from "./contract.ts";
import { filesBelow, readYaml } from "./file_layout.ts";
import type { ModelRecord, RunInFolder } from "./file_reader.ts";
import { ResponseError } from "./http_errors.ts";
import { record } from "./json.ts";
import { originTags, withoutKeptTags } from "./kept.ts";
import { batchSize } from "./limits.ts";
import type { RestRun } from "./rest_run.ts";
import type { RestStore } from "./rest_store.ts";
import { parentTag, type StoredPoint, type TextValues } from "./store.ts";

/**
 * Sends all that a run holds, but for what the server refuses.
 *
 * @param refused Hears what the server did not take, and why.
 */
export async function sendContents(
  run: RunInFolder,
  server: RestStore,
  target: RestRun,
  refused: (what: string, why: ResponseError) => void,
): Promise<void> {
  const { [parentTag]: _local, ...tags } = withoutKeptTags(run.tags);
  const each = async <T>(
    items: readonly T[],
    size: number,
    name: (item: T) => string,
    send: (items: readonly T[]) => Promise<void>,
  ) => {
    for (let from = 0; from < items.length; from += size) {
      const tell = (item: T, why: ResponseError) => refused(name(item), why);
      await sendSome(items.slice(from, from + size), send, tell);
    }
  };
  const entries = (values: TextValues) => Object.entries(values);
  await each(
    entries({ ...tags, ...originTags(run.id) }),
    batchSize.tags,
    ([key]) => `tag ${key}`,
    (some) => server.writeTags(target, Object.fromEntries(some)),
  );
  await each(
    entries(run.params),
    batchSize.params,
    ([key]) => `parameter ${key}`,
    (some) => server.writeParams(target, Object.fromEntries(some)),
  );
  await each(
    await newPoints(run.points, server, target),
    batchSize.metrics,
    ({ key, step }) => `metric ${key} at step ${step}`,
    (some) => server.writeMetrics(target, some),
  );
  await each(
    run.datasets,
    1,
    ({ dataset }) => `data set ${dataset.name}`,
    ([{ dataset, context }]) => server.writeDatasetRecord(target, dataset, context),
  );
  await each(
    run.artifacts,
    1,
    (path) => `artifact ${path}`,
    ([path]) => server.writeArtifact(target, path, join(run.artifactFolder, path)),
  );
  await each(run.models, 1, ({ name }) => `model ${name}`, async ([model]) => {
    if (!await server.hasModel(target, model.name)) await sendModel(model, run, server, target);
  });
  const status = run.status === "RUNNING" ? "KILLED" : run.status;
  await server.endRun(target, status, run.endTime ?? Date.now());
}

/** Sends items together or, where some are refused, by halves, until those alone are left. */
async function sendSome<T>(
  items: readonly T[],
  send: (items: readonly T[]) => Promise<void>,
  refused: (item: T, why: ResponseError) => void,
): Promise<void> {
  try {
    await send(items);
  } catch (error) {
    if (!(error instanceof ResponseError && error.refusesContent)) throw error;
    if (items.length === 1) return refused(items[0], error);
    const middle = items.length >> 1;
    await sendSome(items.slice(0, middle), send, refused);
    await sendSome(items.slice(middle), send, refused);
  }
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
  run: RunInFolder,
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
