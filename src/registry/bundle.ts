/** A model version on disk: an ONNX file and its metadata, written whole or not at all. */

import { basename, dirname, join } from "@std/path";
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

/** The pointer of models that are called by their candidates: the first of its kind. */
const LATEST = "latest_model.json";

/** Where the files of one model version are. */
export interface Bundle {
  /** Path of the ONNX file. */
  readonly modelPath: string;
  /** Path of the metadata. */
  readonly metadataPath: string;
  /** Path of the pointer to the newest version of its name. */
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
 * Writes a new model version and makes it the newest of its name. Older versions
 * stay. Where anything fails, no file of this version is left and the pointer is as
 * it was.
 *
 * The version is the moment, moved on by whole seconds past those that are
 * taken, also by a training that runs at the same time.
 *
 * @param folder The models folder; it is made where it is missing.
 * @param onnx The ONNX file's bytes.
 * @param describe Gives the metadata for the version.
 * @param publish `false` leaves the pointer to {@linkcode publishBundle}.
 */
export async function saveBundle(
  folder: string,
  onnx: Uint8Array,
  moment: Date,
  describe: (version: string, digest: string) => ModelMetadata,
  publish = true,
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
    try {
      await writeJson(bundle.metadataPath, bundle.metadata);
      if (publish) await publishBundle(bundle);
    } catch (error) {
      await removeIfPresent(bundle.modelPath);
      await removeIfPresent(bundle.metadataPath);
      throw error;
    }
    return bundle;
  }
}

function bundleAt(folder: string, metadata: ModelMetadata): Bundle {
  const stem = `${metadata.model_name}_v_${metadata.version}`;
  return {
    modelPath: join(folder, `${stem}.onnx`),
    metadataPath: join(folder, `${stem}_metadata.json`),
    latestPath: join(folder, latestName(metadata)),
    metadata,
  };
}

/**
 * File name of the pointer to a model's newest version: `latest_<name>.json`, and
 * `latest_model.json` for models whose files are called by their candidates.
 */
function latestName({ name, model_name }: Pick<ModelMetadata, "name" | "model_name">): string {
  return name === model_name ? `latest_${name}.json` : LATEST;
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

/**
 * Makes a version the newest of its name.
 *
 * @throws {ModelError} where the pointer is another model's: a folder has one
 * `latest_model.json`, and what follows it would suddenly serve something else.
 */
export async function publishBundle(bundle: Bundle): Promise<void> {
  const { modelPath, metadataPath, latestPath, metadata } = bundle;
  const before = await currentBundle(latestPath);
  const [mine, other] = [metadata.name, before?.metadata.name];
  if (mine !== undefined && other !== undefined && mine !== other) {
    throw new ModelError(
      `Cannot make ${metadata.model_name}_v_${metadata.version} the newest model: ` +
        `${latestPath} points at a version of "${other}", this is one of "${mine}"`,
      { next: "give the model a folder of its own with models=…" },
    );
  }
  const latest: LatestModel = {
    model_name: metadata.model_name,
    version: metadata.version,
    model_path: basename(modelPath),
    metadata_path: basename(metadataPath),
  };
  await writeJson(latestPath, latest);
}

/** What a pointer points at now; nothing where it is missing, or what it names is. */
async function currentBundle(latestPath: string): Promise<Bundle | undefined> {
  try {
    return await bundleOfPointer(dirname(latestPath), basename(latestPath));
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * The names of models that have a newest version of their own in `folder`, sorted.
 * Models called by their candidates, to which `latest_model.json` points, are not among them.
 */
export async function namedModels(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const found = /^latest_(.+)\.json$/.exec(name)?.[1];
      if (found !== undefined && name !== LATEST) names.push(found);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

/**
 * Reads where the newest model of `folder` is, and its metadata.
 *
 * @param name Name of the model; without it the one that `latest_model.json` points to, else the
 * only one that the folder holds.
 * @throws {ModelError} where there is none, there are several and none is named, or a file is
 * missing or malformed.
 */
export async function latestBundle(folder: string, name?: string): Promise<Bundle> {
  if (name !== undefined) return await bundleOfPointer(folder, `latest_${name}.json`);
  const names = await isThere(join(folder, LATEST)) ? [] : await namedModels(folder);
  if (names.length > 1) {
    throw new ModelError(
      `Cannot tell which model of ${folder} is meant: it holds ${names.join(", ")}`,
      { next: `name one, as in ${names[0]}` },
    );
  }
  return await bundleOfPointer(folder, names.length === 1 ? `latest_${names[0]}.json` : LATEST);
}

async function bundleOfPointer(folder: string, file: string): Promise<Bundle> {
  const latest = await readJson(join(folder, file), parseLatest, "train a model first");
  return await readBundle(folder, latest.metadata_path, latest.model_path);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
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
  const metadata = await readJson(metadataPath, parseMetadata, "export the model again");
  return {
    modelPath: join(folder, modelName),
    metadataPath,
    latestPath: join(folder, latestName(metadata)),
    metadata,
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

/** What is wrong with a file's content, without the content: the file may be a link to anything. */
export function foundIn(cause: unknown): string {
  return cause instanceof SyntaxError ? "it is no JSON" : (cause as Error).message;
}

async function readJson<T>(
  path: string,
  parse: (value: unknown) => T,
  next: string,
): Promise<T> {
  try {
    return parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (cause) {
    const found = cause instanceof Deno.errors.NotFound ? "there is no such file" : foundIn(cause);
    throw new ModelError(`Cannot read ${path}: ${found}`, { cause, next });
  }
}
