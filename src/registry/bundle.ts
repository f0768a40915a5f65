/** Where a model version is on disk, and the pointers that lead to it. */

import { basename, dirname, join } from "@std/path";
import {
  folderEntries,
  ifPresent,
  ModelError,
  removeIfPresent,
  sha256,
  writeFileAtomic,
} from "../base/mod.ts";
import type { AliasName } from "./contract.ts";
import {
  type Deployment,
  type LatestModel,
  type ModelMetadata,
  parseLatest,
  parseMetadata,
} from "./metadata.ts";
import { modelFileName } from "./model_file.ts";

/** The pointer of models that are called by their candidates: the first of its kind. */
const LATEST = "latest_model.json";

/** Where the files of one model version are. */
export interface Bundle {
  /** Path of the model's file. */
  readonly modelPath: string;
  /** Path of the metadata. */
  readonly metadataPath: string;
  /** Path of the pointer to the newest version of its name. */
  readonly latestPath: string;
  /** The metadata. */
  readonly metadata: ModelMetadata;
  /** How it is deployed if an alias led to it; absent if nobody deployed it. */
  readonly deployment?: Deployment;
}

/** What the files of a version are called, as `loans_v_20261121_101500`. */
export function bundleName(
  { model_name, version }: Pick<ModelMetadata, "model_name" | "version">,
): string {
  return `${model_name}_v_${version}`;
}

/** The model that a version is one of; in files of older versions what the files are called. */
export function nameOf({ name, model_name }: Pick<ModelMetadata, "name" | "model_name">): string {
  return name ?? model_name;
}

/** Where the files of a version are. */
export function bundleAt(folder: string, metadata: ModelMetadata): Bundle {
  const stem = bundleName(metadata);
  return {
    modelPath: join(folder, modelFileName(stem, metadata)),
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

/** File name of the pointer that an alias is. The champion is what `latest…` points to. */
function pointerName(
  metadata: Pick<ModelMetadata, "name" | "model_name">,
  alias: AliasName,
): string {
  const latest = latestName(metadata);
  return alias === "champion" ? latest : latest.replace(/^latest/, alias);
}

/**
 * Points an alias at a version. The pointer is the alias, and how the version is deployed stands
 * in it: both change at once.
 *
 * @throws {ModelError} if the pointer is another model's: a folder has one
 * `latest_model.json`, and what follows it would suddenly serve something else.
 */
export async function pointAt(
  bundle: Bundle,
  alias: AliasName,
  deployment: Deployment | undefined,
): Promise<void> {
  const { modelPath, metadataPath, latestPath, metadata } = bundle;
  const path = join(dirname(latestPath), pointerName(metadata, alias));
  const before = await bundleAtPointer(path);
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
    ...deployment && { deployment },
  };
  await writeJsonFile(path, latest);
}

/** The version that an alias of a model points at; undefined if it points nowhere. */
export async function aliasBundle(
  folder: string,
  name: string,
  alias: AliasName,
): Promise<Bundle | undefined> {
  // A model has files of its name, or its candidates' names and the pointer of those.
  for (const model_name of [name, ""]) {
    const found = await bundleAtPointer(join(folder, pointerName({ name, model_name }, alias)));
    if (found !== undefined && nameOf(found.metadata) === name) return found;
  }
}

/** Makes an alias of a model point nowhere. */
export async function dropAlias(folder: string, name: string, alias: AliasName): Promise<void> {
  const found = await aliasBundle(folder, name, alias);
  if (found === undefined) return;
  await removeIfPresent(join(folder, pointerName(found.metadata, alias)));
}

/** What a pointer points at now; nothing if it is missing, or what it names is. */
async function bundleAtPointer(path: string): Promise<Bundle | undefined> {
  try {
    return await bundleOfPointer(dirname(path), basename(path));
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

/** Writes JSON as people read it, whole or not at all. */
export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * The names of models that have a newest version of their own in `folder`, sorted.
 * Models called by their candidates, to which `latest_model.json` points, are not among them.
 */
export async function namedModels(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name } of await folderEntries(folder)) {
    const found = /^latest_(.+)\.json$/.exec(name)?.[1];
    if (found !== undefined && name !== LATEST) names.push(found);
  }
  return names.sort();
}

/**
 * Reads where the newest model of `folder` is, and its metadata.
 *
 * @param name Name of the model; without it the one that `latest_model.json` points to, else the
 * only one that the folder holds.
 * @throws {ModelError} if there is none, there are several and none is named, or a file is
 * missing or malformed.
 */
export async function latestBundle(folder: string, name?: string): Promise<Bundle> {
  if (name !== undefined) return await bundleOfPointer(folder, `latest_${name}.json`);
  const names = await ifPresent(Deno.lstat(join(folder, LATEST))) !== undefined
    ? []
    : await namedModels(folder);
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
  const bundle = await readBundle(folder, latest.metadata_path, latest.model_path);
  return latest.deployment ? { ...bundle, deployment: latest.deployment } : bundle;
}

/**
 * The metadata of a version as it is deployed: with its deployment, and the threshold of that
 * in place of the model's own.
 */
export function deployedMetadata(
  { metadata, deployment }: Pick<Bundle, "metadata" | "deployment">,
): ModelMetadata {
  if (deployment === undefined) return metadata;
  const { threshold } = deployment;
  const own = metadata.decision;
  // What mistakes cost stays so where another threshold is set for the same class.
  const costs = own?.label === threshold?.label ? own?.costs : undefined;
  const decision = threshold && { ...threshold, ...costs && { costs } };
  return { ...metadata, ...decision && { decision }, deployment };
}

/**
 * Reads one version of `folder`.
 *
 * @param metadataName File name of its metadata.
 * @param modelName File name of its model; the one that goes with the metadata where it is left out.
 * @throws {ModelError} if the metadata is missing or malformed.
 */
export async function readBundle(
  folder: string,
  metadataName: string,
  modelName?: string,
): Promise<Bundle> {
  const metadataPath = join(folder, metadataName);
  const metadata = await readJson(metadataPath, parseMetadata, "export the model again");
  const stem = metadataName.replace(/_metadata\.json$/, "");
  return {
    modelPath: join(folder, modelName ?? modelFileName(stem, metadata)),
    metadataPath,
    latestPath: join(folder, latestName(metadata)),
    metadata,
  };
}

/** The bytes of a bundle's model, checked against the digest in its metadata. */
export async function readModel({ modelPath, metadata }: Bundle): Promise<Uint8Array> {
  const file = await Deno.readFile(modelPath);
  checkDigest(modelPath, file, metadata);
  return file;
}

/**
 * Makes sure that a model is the one that its metadata describes.
 *
 * @param name What the message calls the model.
 * @throws {ModelError} if the digests differ.
 */
export function checkDigest(name: string, file: Uint8Array, metadata: ModelMetadata): void {
  if (sha256(file) === metadata.model_digest) return;
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
