/** Knowledge as it is published: an index, what is known of it, and a pointer to the one in use. */

import {
  DataError,
  dirname,
  ifPresent,
  join,
  ModelError,
  parsedJson,
  removeIfPresent,
  resolve,
  sha256File,
  temporaryPath,
  writeFileAtomic,
} from "../base/mod.ts";
import type { PassageEncoder } from "./encoder.ts";
import { type HybridRetriever, hybridRetriever } from "./hybrid_retriever.ts";
import { SqlitePassageStore } from "./stores/sqlite_store.ts";
import type { PassageStore, StoredDocument, VectorKind } from "./stores/store.ts";

/** Folder of published knowledge, from that of the project. */
export const knowledgeFolder = "models/knowledge";

const POINTER = "latest_knowledge.json";
const SCHEMA = 1;

/** What is known of published knowledge. */
export interface KnowledgeManifest {
  /** Version of this form. */
  readonly schema: number;
  /** Name of the version; that of its files too. */
  readonly version: string;
  /** When it was published, ISO 8601. */
  readonly created_at: string;
  /** Name of the index beside the manifest. */
  readonly index: string;
  /** SHA-256 of the index. */
  readonly index_digest: string;
  /** What tells the documents from others. */
  readonly corpus_digest: string;
  /** What tells the prompt and the guardrails that the answers were evaluated with; null if none were. */
  readonly prompt_version: string | null;
  /** Name of the encoder with what tells its weights; null without vectors. */
  readonly encoder: string | null;
  /** Number of documents. */
  readonly documents: number;
  /** Number of passages. */
  readonly chunks: number;
  /** What it reached on the evaluation set. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What tells the evaluation set from others. */
  readonly evaluation_digest: string;
  /** Run of MLflow that made it; null if none did. */
  readonly run_id: string | null;
}

/**
 * Writes an index anew, whole or not at all.
 *
 * @returns SHA-256 of the file.
 */
export async function writeIndex(
  path: string,
  vectors: VectorKind | undefined,
  documents: Iterable<StoredDocument>,
  signal?: AbortSignal,
): Promise<string> {
  const temporary = temporaryPath(path);
  try {
    {
      await using store = new SqlitePassageStore(temporary);
      await store.prepare(vectors);
      for (const document of documents) {
        signal?.throwIfAborted();
        await store.write(document);
      }
      store.tidy();
    }
    const digest = await sha256File(temporary);
    await Deno.rename(temporary, path);
    return digest;
  } catch (error) {
    for (const end of ["", "-journal"]) await removeIfPresent(temporary + end);
    throw error;
  }
}

/**
 * Publishes an index: copies it into the folder unless it is there, writes what is known of it, and then points at it.
 * Earlier versions stay. Whoever reads sees the version before or this one.
 *
 * @param index Path of the index.
 * @throws {ModelError} if the index is not of the digest that the manifest tells.
 */
export async function publishKnowledge(
  folder: string,
  index: string,
  manifest: KnowledgeManifest,
): Promise<void> {
  const path = join(folder, manifest.index);
  if (await ifPresent(Deno.stat(join(folder, `${manifest.version}.json`)))) {
    throw new DataError(`Cannot publish ${manifest.version} in ${folder}: it is there already`, {
      next: "give the version another name",
    });
  }
  if (resolve(index) === resolve(path)) await checkIndex(path, manifest.index_digest);
  else await copyIndex(index, path, manifest);
  await writeFileAtomic(
    join(folder, `${manifest.version}.json`),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
  await pointKnowledge(folder, manifest.version);
}

async function copyIndex(
  index: string,
  path: string,
  manifest: KnowledgeManifest,
): Promise<void> {
  const temporary = temporaryPath(path);
  await Deno.mkdir(dirname(path), { recursive: true });
  try {
    await Deno.copyFile(index, temporary);
    await checkIndex(temporary, manifest.index_digest);
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfPresent(temporary);
    throw error;
  }
}

/**
 * Points at a version that was published, as to go back to one.
 *
 * @throws {ModelError} if there is no such version.
 */
export async function pointKnowledge(folder: string, version: string): Promise<void> {
  await readManifest(folder, version);
  await writeFileAtomic(join(folder, POINTER), `${JSON.stringify({ version })}\n`);
}

/**
 * What is known of the version in use.
 *
 * @returns Undefined if nothing was published.
 * @throws {ModelError} if a file is damaged or missing.
 */
export async function latestKnowledge(
  folder: string = knowledgeFolder,
): Promise<KnowledgeManifest | undefined> {
  const path = join(folder, POINTER);
  const text = await ifPresent(Deno.readTextFile(path));
  if (text === undefined) return undefined;
  const version = (parsedJson(text) as { version?: unknown } | undefined)?.version;
  if (typeof version !== "string" || !/^[\w.-]+$/.test(version)) throw damaged(path);
  return await readManifest(folder, version);
}

/** Knowledge that questions can be put to; to be disposed of. */
export interface OpenKnowledge extends AsyncDisposable {
  /** What is known of it. */
  readonly manifest: KnowledgeManifest;
  /** Finds passages. */
  readonly retriever: HybridRetriever;
}

/** How knowledge is opened. */
export interface OpenKnowledgeOptions {
  /** Folder of published knowledge. */
  readonly folder?: string;
  /** Encodes questions; without it passages are found by words alone. */
  readonly encoder?: PassageEncoder;
  /** A store that servers share, which holds what was published; the index is not read then. */
  readonly store?: PassageStore;
  /** Hears that passages are found by words alone, and why. */
  readonly onNotice?: (text: string) => void;
}

/**
 * Opens the version in use. The index is checked against its digest, and needs no permission to
 * write.
 *
 * @returns Undefined if nothing was published.
 * @throws {ModelError} if a file is damaged or missing.
 */
export async function openKnowledge(
  { folder = knowledgeFolder, encoder, store: shared, onNotice }: OpenKnowledgeOptions = {},
): Promise<OpenKnowledge | undefined> {
  const manifest = await latestKnowledge(folder);
  if (manifest === undefined) return undefined;
  const path = join(folder, manifest.index);
  if (shared === undefined) await checkIndex(path, manifest.index_digest);
  const store = shared ?? new SqlitePassageStore(path, { readOnly: true });
  try {
    const retriever = await hybridRetriever(store, {
      ...encoder && { encoder },
      ...onNotice && { onNotice },
    });
    return { manifest, retriever, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function checkIndex(path: string, wanted: string): Promise<void> {
  const found = await ifPresent(sha256File(path));
  if (found === wanted) return;
  throw new ModelError(
    found === undefined
      ? `Cannot use the passages in ${path}: there is no such file`
      : `Cannot use the passages in ${path}: the SHA-256 is ${found.slice(0, 12)}…, ` +
        `wanted ${wanted.slice(0, 12)}…`,
    { next: "build the passages again: deno task pipeline advisor" },
  );
}

async function readManifest(folder: string, version: string): Promise<KnowledgeManifest> {
  const path = join(folder, `${version}.json`);
  const text = await ifPresent(Deno.readTextFile(path));
  if (text === undefined) {
    throw new ModelError(`Cannot use the knowledge ${version}: ${path} is not there`, {
      next: "build it again: deno task pipeline advisor",
    });
  }
  const manifest = parsedJson(text) as Partial<KnowledgeManifest> | undefined;
  const texts = [
    ...[manifest?.version, manifest?.index, manifest?.index_digest, manifest?.corpus_digest],
  ];
  const whole = manifest?.schema === SCHEMA && texts.every((value) => typeof value === "string") &&
    /^[\w.-]+$/.test(manifest.index!) && typeof manifest.metrics === "object" &&
    manifest.metrics !== null;
  if (!whole) throw damaged(path);
  return manifest as KnowledgeManifest;
}

function damaged(path: string): ModelError {
  return new ModelError(`Cannot read ${path}: it is damaged, or of another version`, {
    next: "build the knowledge again: deno task pipeline advisor",
  });
}
