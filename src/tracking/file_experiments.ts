/** Experiments in a folder in MLflow's file layout: finding, creating, the Default one. */

import { dirname, join, toFileUrl } from "@std/path";
import { removeIfPresent, UsageError } from "../base/mod.ts";
import type { Experiment, ExperimentChoice } from "./contract.ts";
import { experimentId, foldersIn, type Meta, readMeta, writeMeta } from "./file_layout.ts";

/**
 * Finds an experiment in the folder `root` by name, creating it if missing, or by id.
 *
 * @throws {UsageError} if it was deleted, or no experiment has the id.
 */
export async function fileExperiment(
  root: string,
  choice: ExperimentChoice,
  now: () => number,
): Promise<Experiment> {
  await ensureRoot(root, now);
  if (typeof choice === "string") {
    return await findByName(root, choice) ?? await create(root, choice, now);
  }
  const meta = await readMeta(join(root, choice.id));
  if (meta !== undefined) return asExperiment(meta);
  throw new UsageError(`Cannot find experiment ${choice.id} in ${root}`, {
    next: "choose it by its name, or another id",
  });
}

/** Names are unique, those of deleted experiments included. */
async function findByName(root: string, name: string): Promise<Experiment | undefined> {
  for (const parent of [root, join(root, ".trash")]) {
    for (const folder of await foldersIn(parent)) {
      const meta = await readMeta(join(parent, folder));
      if (meta?.name === name && typeof meta.experiment_id === "string") return asExperiment(meta);
    }
  }
}

async function create(root: string, name: string, now: () => number): Promise<Experiment> {
  for (let attempt = 0;; attempt++) {
    const id = experimentId(name, attempt);
    const folder = join(root, id);
    const meta = experimentMeta(id, name, folder, now());
    if (await placeFolder(folder, meta)) return asExperiment(meta);
    const present = await readMeta(folder);
    if (present?.name === name) return asExperiment(present);
  }
}

/** MLflow makes the Default experiment only where the whole folder is missing. */
async function ensureRoot(root: string, now: () => number): Promise<void> {
  await Deno.mkdir(join(root, ".trash"), { recursive: true });
  const folder = join(root, "0");
  if (await readMeta(folder) === undefined) {
    await placeFolder(folder, experimentMeta("0", "Default", folder, now()));
  }
}

function experimentMeta(id: string, name: string, folder: string, now: number): Meta {
  return {
    artifact_location: toFileUrl(folder).href,
    creation_time: now,
    experiment_id: id,
    last_update_time: now,
    lifecycle_stage: "active",
    name,
  };
}

function asExperiment(meta: Meta): Experiment {
  const [id, name] = [String(meta.experiment_id), String(meta.name)];
  if (meta.lifecycle_stage === "deleted") {
    throw new UsageError(`Cannot use experiment ${name}: it was deleted`, {
      next: `restore it with "mlflow experiments restore --experiment-id ${id}", ` +
        "or use another name",
    });
  }
  return { id, name, artifactLocation: String(meta.artifact_location) };
}

/** Puts a folder with its meta.yaml in place at once; false if another is there already. */
async function placeFolder(folder: string, meta: Meta): Promise<boolean> {
  const temporary = await Deno.makeTempDir({ dir: join(dirname(folder), ".trash") });
  try {
    await writeMeta(temporary, meta);
    await Deno.chmod(temporary, 0o755);
    await Deno.rename(temporary, folder);
    return true;
  } catch (error) {
    await removeIfPresent(temporary);
    try {
      await Deno.stat(folder);
      return false;
    } catch {
      throw error;
    }
  }
}
