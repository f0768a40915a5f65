/** Writing a new model version: its file and its metadata, whole or not at all. */

import { dirname, join } from "@std/path";
import {
  folderEntries,
  removeIfPresent,
  sha256,
  temporaryPath,
  UserError,
  writeNewFileAtomic,
} from "../base/mod.ts";
import { appendAudit, newEntry } from "./audit.ts";
import {
  aliasBundle,
  type Bundle,
  bundleAt,
  bundleName,
  nameOf,
  pointAt,
  writeJsonFile,
} from "./bundle.ts";
import { hasJournal, lockModel } from "./journal.ts";
import type { Deployment, ModelMetadata } from "./metadata.ts";

/** A version that was written. */
export interface SavedBundle extends Bundle {
  /** The threshold that the business gives its deployment; its metadata know nothing of it. */
  readonly threshold?: Deployment["threshold"];
  /** Why the champion stayed the one it was; absent if this is the champion now. */
  readonly held?: string;
}

/** Milliseconds that a training waits for another one's turn to publish, and between two looks. */
const PATIENCE = 2000;
const LOOKS_EVERY = 20;

/**
 * Makes sure that files can be written to `folder`, so that an hour's training
 * does not end at a door that was closed all along.
 *
 * @throws {UserError} if the folder cannot be made or written.
 */
export async function checkWritable(folder: string): Promise<void> {
  const probe = temporaryPath(join(folder, "probe"));
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(probe, "");
    await Deno.remove(probe);
  } catch (error) {
    throw new UserError(`Cannot write to ${folder}: ${(error as Error).message}`, {
      cause: error,
      next: "make the folder writable or choose another one",
    });
  }
}

/** A moment as `YYYYMMDD_HHMMSS` in local time. */
export function timestampName(moment: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${moment.getFullYear()}${two(moment.getMonth() + 1)}${two(moment.getDate())}_` +
    `${two(moment.getHours())}${two(moment.getMinutes())}${two(moment.getSeconds())}`;
}

/**
 * Writes a new model version and makes it the champion of its name, as {@linkcode publishBundle}
 * does. Older versions stay. Where anything fails, no file of this version is left and the pointer is as
 * it was.
 *
 * The version is the moment, moved on by whole seconds past those that are
 * taken, also by a training that runs at the same time.
 *
 * @param folder The models folder; it is made if it is missing.
 * @param file The bytes of the model's file.
 * @param describe Gives the metadata for the version; metrics that are no numbers are left out.
 * @param publish `false` leaves the pointer to {@linkcode publishBundle}.
 * @param threshold What the business acts from; where it is left out, what the training chose.
 */
export async function saveBundle(
  folder: string,
  file: Uint8Array,
  moment: Date,
  describe: (version: string, digest: string) => ModelMetadata,
  publish = true,
  threshold?: Deployment["threshold"],
): Promise<SavedBundle> {
  const digest = sha256(file);
  const taken = await takenVersions(folder);
  for (let time = moment.getTime();; time += 1000) {
    const version = timestampName(new Date(time));
    if (taken.has(version)) continue;
    const bundle: SavedBundle = {
      ...bundleAt(folder, told(describe(version, digest))),
      ...threshold && { threshold },
    };
    try {
      await writeNewFileAtomic(bundle.modelPath, file);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw error;
    }
    try {
      await writeJsonFile(bundle.metadataPath, bundle.metadata);
      if (!publish) return { ...bundle, held: "it was not to be published by itself" };
      const held = await publishBundle(bundle);
      return held === undefined ? bundle : { ...bundle, held };
    } catch (error) {
      await removeIfPresent(bundle.modelPath);
      await removeIfPresent(bundle.metadataPath);
      throw error;
    }
  }
}

/** Metadata without metrics that nothing can be told of, as ranks of rows of one class: JSON has no NaN. */
function told(metadata: ModelMetadata): ModelMetadata {
  const metrics = Object.entries(metadata.metrics).filter(([, value]) => Number.isFinite(value));
  return { ...metadata, metrics: Object.fromEntries(metrics) };
}

/** Versions that models in the folder have, whatever the models are called. */
async function takenVersions(folder: string): Promise<Set<string>> {
  const entries = await folderEntries(folder);
  return new Set(entries.flatMap(({ name }) => name.match(/_v_(\d{8}_\d{6})/)?.[1] ?? []));
}

/**
 * Makes a version the champion of its name, unless people choose that by hand: a version that
 * they promoted, or went back to, is not replaced by a training.
 *
 * @returns Why the champion stays; undefined if it is this one now.
 * @throws {ModelError} if the pointer is another model's.
 */
export async function publishBundle(bundle: SavedBundle): Promise<string | undefined> {
  const { metadata, latestPath } = bundle;
  const [folder, name] = [dirname(latestPath), nameOf(metadata)];
  const until = Date.now() + PATIENCE;
  for (;;) {
    const answer = lockModel(folder, name, `the training of ${bundleName(metadata)}`);
    if ("lock" in answer) {
      using _ = answer.lock;
      return await publishLocked(bundle, folder, name);
    }
    if (Date.now() > until) return `${answer.holder.what} decides on it right now`;
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY));
  }
}

async function publishLocked(
  bundle: SavedBundle,
  folder: string,
  name: string,
): Promise<string | undefined> {
  const { metadata: { run_id, decision } } = bundle;
  const threshold = bundle.threshold ?? decision;
  if (await hasJournal(folder, name)) return "a promotion was interrupted and is not settled yet";
  const before = await aliasBundle(folder, name, "champion");
  if (before?.deployment?.policy === "promoted") {
    return `${bundleName(before.metadata)} was chosen by hand`;
  }
  const deployment = {
    run_id,
    ...threshold && { threshold: { threshold: threshold.threshold, label: threshold.label } },
    since: new Date().toISOString(),
    by: "training",
    why: "it reached its gates",
    policy: "newest",
  } as const;
  await pointAt(bundle, "champion", deployment);
  await appendAudit(
    folder,
    newEntry({
      who: deployment.by,
      action: "publish",
      name,
      alias: "champion",
      from: before === undefined ? null : bundleName(before.metadata),
      to: bundleName(bundle.metadata),
      why: deployment.why,
      deployment,
      places: [folder],
    }),
  );
}
