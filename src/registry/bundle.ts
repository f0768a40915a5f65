/** A model version on disk: an ONNX file and its metadata, written whole or not at all. */

import { basename, join } from "@std/path";
import {
  ModelError,
  removeIfPresent,
  sha256,
  temporaryPath,
  UserError,
  writeFileAtomic,
  writeNewFileAtomic,
} from "../base/mod.ts";
import { type LatestModel, type ModelMetadata, parseLatest, parseMetadata } from "./metadata.ts";

const LATEST = "latest_model.json";

/** Where the files of one model version are. */
export interface Bundle {
  /** Path of the ONNX file. */
  readonly modelPath: string;
  /** Path of the metadata. */
  readonly metadataPath: string;
  /** Path of the pointer to the folder's newest version. */
  readonly latestPath: string;
  /** The metadata. */
  readonly metadata: ModelMetadata;
}

/**
 * Makes sure that files can be written to `folder`, so that an hour's training
 * does not end at a door that was closed all along.
 *
 * @throws {UserError} where the folder cannot be made or written.
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
 * Writes a new model version and points `latest_model.json` at it. Older
 * versions stay. Where anything fails, no file of this version is left and the
 * pointer is as it was.
 *
 * The version is the moment, moved on by whole seconds past those that are
 * taken, also by a training that runs at the same time.
 *
 * @param folder The models folder; it is made where it is missing.
 * @param onnx The ONNX file's bytes.
 * @param describe Gives the metadata for the version.
 */
export async function saveBundle(
  folder: string,
  onnx: Uint8Array,
  moment: Date,
  describe: (version: string, digest: string) => ModelMetadata,
): Promise<Bundle> {
  const digest = sha256(onnx);
  const taken = await takenVersions(folder);
  for (let time = moment.getTime();; time += 1000) {
    const version = timestampName(new Date(time));
    if (taken.has(version)) continue;
    const bundle = bundleAt(folder, describe(version, digest));
    try {
      await writeNewFileAtomic(bundle.modelPath, onnx);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw error;
    }
    await describeVersion(bundle);
    return bundle;
  }
}

function bundleAt(folder: string, metadata: ModelMetadata): Bundle {
  const stem = `${metadata.model_name}_v_${metadata.version}`;
  return {
    modelPath: join(folder, `${stem}.onnx`),
    metadataPath: join(folder, `${stem}_metadata.json`),
    latestPath: join(folder, LATEST),
    metadata,
  };
}

/** Versions that models in the folder have, whatever the models are called. */
async function takenVersions(folder: string): Promise<Set<string>> {
  const taken = new Set<string>();
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const version = name.match(/_v_(\d{8}_\d{6})/)?.[1];
      if (version) taken.add(version);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return taken;
}

/** Writes metadata and pointer beside a model that is there; takes it away if that fails. */
async function describeVersion({ modelPath, metadataPath, latestPath, metadata }: Bundle) {
  const latest: LatestModel = {
    model_name: metadata.model_name,
    version: metadata.version,
    model_path: basename(modelPath),
    metadata_path: basename(metadataPath),
  };
  try {
    await writeFileAtomic(metadataPath, JSON.stringify(metadata, null, 2) + "\n");
    await writeFileAtomic(latestPath, JSON.stringify(latest, null, 2) + "\n");
  } catch (error) {
    await removeIfPresent(modelPath);
    await removeIfPresent(metadataPath);
    throw error;
  }
}

/**
 * Reads where the newest model of `folder` is, and its metadata.
 *
 * @throws {ModelError} where there is none, or a file is missing or malformed.
 */
export async function latestBundle(folder: string): Promise<Bundle> {
  const latest = await readJson(join(folder, LATEST), parseLatest, "train a model first");
  return await readBundle(folder, latest.metadata_path, latest.model_path);
}

/**
 * Reads one version of `folder`.
 *
 * @param metadataName File name of its metadata.
 * @param modelName File name of its model; the one that goes with the metadata where it is left out.
 * @throws {ModelError} where the metadata is missing or malformed.
 */
export async function readBundle(
  folder: string,
  metadataName: string,
  modelName = metadataName.replace(/_metadata\.json$/, ".onnx"),
): Promise<Bundle> {
  const metadataPath = join(folder, metadataName);
  return {
    modelPath: join(folder, modelName),
    metadataPath,
    latestPath: join(folder, LATEST),
    metadata: await readJson(metadataPath, parseMetadata, "export the model again"),
  };
}

/** The ONNX bytes of a bundle, checked against the digest in its metadata. */
export async function readModel({ modelPath, metadata }: Bundle): Promise<Uint8Array> {
  const onnx = await Deno.readFile(modelPath);
  checkDigest(modelPath, onnx, metadata);
  return onnx;
}

/**
 * Makes sure that a model is the one that its metadata describes.
 *
 * @param name What the message calls the model.
 * @throws {ModelError} where the digests differ.
 */
export function checkDigest(name: string, onnx: Uint8Array, metadata: ModelMetadata): void {
  if (sha256(onnx) === metadata.model_digest) return;
  throw new ModelError(`Cannot use ${name}: its digest differs from its metadata's`, {
    next: "restore the file or export the model again",
  });
}

async function readJson<T>(
  path: string,
  parse: (value: unknown) => T,
  next: string,
): Promise<T> {
  try {
    return parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (cause) {
    const found = cause instanceof Deno.errors.NotFound
      ? "there is no such file"
      : (cause as Error).message;
    throw new ModelError(`Cannot read ${path}: ${found}`, { cause, next });
  }
}
