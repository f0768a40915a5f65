/** Opens the kept outputs of a pipeline: reads its code, files and lockfile. */

import {
  digestOf,
  FileDigests,
  isReadOnly,
  join,
  MISSING_FILE,
  type SeenFile,
  toFileUrl,
} from "../../base/mod.ts";
import {
  isDeclared,
  type KeptCode,
  KnownCode,
  type StepCode,
  useImportMap,
} from "../../step_code/mod.ts";
import { type PipelineGraph, unitName, type WorkNode } from "../define/graph.ts";
import { commitOf, type KnownCommit } from "../process/commit.ts";
import { secretNames } from "../define/params.ts";
import type { ParamsSchema } from "../define/schema.ts";
import {
  type ArtifactStore,
  objectKey,
  Remembered,
  type RememberedFact,
} from "../../artifact_store/mod.ts";
import { type KnownConfig, readProjectConfig } from "./config.ts";
import { openGeneration } from "./generation.ts";
import { readModules, writeModules } from "./module_facts.ts";
import { type LastFound, StepCache } from "./step_cache.ts";

/** Where outputs are kept and what their code is. */
export interface CacheOptions {
  /** Where outputs, records and the history are kept. */
  readonly store: ArtifactStore;
  /** The file that exports the pipeline by default. */
  readonly file: string;
  /** The project's folder: paths are told from here, its deno.lock counts. */
  readonly root: string;
  /** When the file was loaded, in milliseconds: code that was changed later is not what runs. */
  readonly loadedAt?: number;
}

/** Counts up when {@link Memory} means something else. */
const MEMORY_VERSION = 4;

/**
 * What earlier runs learned, so that a run of which nothing has changed need not find it
 * out again. Each part says itself what it depends on; without it all comes out the same.
 */
interface Memory {
  /** What was seen of files from outside. */
  readonly files?: Readonly<Record<string, SeenFile>>;
  /** What steps reach. */
  readonly code?: KeptCode;
  /** What counts of deno.json. */
  readonly config?: KnownConfig;
  /** What git said. */
  readonly commit?: KnownCommit;
  /** What was found out about outputs. */
  readonly facts?: Readonly<Record<string, RememberedFact>>;
  /** What the generation of records was. */
  readonly generation?: string;
  /** The records that steps and items were found under. */
  readonly found?: Readonly<Record<string, LastFound>>;
}

/** The kept outputs of a pipeline, open for one run or plan. */
export interface OpenCache {
  /** Decides and keeps. */
  readonly steps: StepCache;
  /** Digest of what a path holds, as `file:…`: an input that no step made. */
  readonly digestFile: (path: string) => Promise<string>;
  /** Begins to watch what a step reads; what it gives tells what was changed since. */
  readonly watch: (node: WorkNode, paths: readonly string[]) => () => Promise<string | undefined>;
  /** The commit that the project is at; git is asked only where something may be different. */
  readonly commit: () => Promise<string | undefined>;
  /** Keeps what was learned, for the next run. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the kept outputs for a graph.
 *
 * @param partOf The orchestrated run that they are for: what is made each time is made once in it.
 * @param signal Stops digests of large files and folders.
 */
export async function openCache(
  pipeline: {
    readonly name: string;
    readonly cache?: boolean;
    readonly params: ParamsSchema<unknown>;
  },
  graph: PipelineGraph,
  params: Readonly<Record<string, unknown>>,
  { store, file, root, loadedAt }: CacheOptions,
  partOf?: string,
  signal?: AbortSignal,
): Promise<OpenCache> {
  const key = `state/${pipeline.name}.memory`;
  const memory = await readMemory(store, key);
  const digests = new FileDigests(memory.files, signal);
  const remembered = new Remembered(store, memory.facts);
  const generation = await openGeneration(store, pipeline.name);
  const config = await readProjectConfig(root, digests, memory.config);
  useImportMap(config.importMap);
  const ownCode = async (node: WorkNode, chosen?: readonly string[]) => {
    const resources = Object.values(node.inputs).filter((name) => {
      const found = graph.resources.get(name);
      return found !== undefined && found.resource.counts !== false;
    });
    const { origin } = node;
    if (origin === undefined) return await code.step(node.name, resources);
    const others = Object.values(origin.given).filter(isDeclared);
    return await code.declared([origin, ...others], resources, chosen);
  };
  let shared: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  const codeOf = async (node: WorkNode, chosen?: readonly string[]): Promise<StepCode> => {
    // Steps with permissions have a process of their own.
    shared ??= Promise.all(
      graph.nodes.filter(({ options }) => options.permissions === undefined).map(async (node) => ({
        ...{ name: node.name, several: node.kind === "each", code: await ownCode(node) },
      })),
    ).then((users) => code.shared(users));
    const [own, states] = await Promise.all([ownCode(node, chosen), shared]);
    const state = states.get(node.name) ?? [];
    return state.length === 0 ? own : { ...own, unknown: [...own.unknown ?? [], ...state] };
  };
  const steps = new StepCache({
    pipeline: pipeline.name,
    params,
    secrets: secretNames(pipeline.params),
    store,
    reads: graph.reads,
    code: codeOf,
    config: config.counts,
    lock: await lockDigest(root, digests),
    enabled: pipeline.cache !== false,
    ...partOf !== undefined && { partOf },
    remembered,
    current: generation.name === memory.generation,
    onKeep: generation.begin,
    ...memory.found && { found: memory.found },
  });
  const code = await KnownCode.open(
    {
      url: toFileUrl(Deno.realPathSync(file)).href,
      root: Deno.realPathSync(root),
      config: config.counts,
      digests,
      ...loadedAt !== undefined && { loadedAt },
      facts: {
        read: () => readModules(store, pipeline.name),
        write: (code) => ifWritable(writeModules(store, pipeline.name, code)),
      },
    },
    memory.code,
  );
  const known = () => code.stands && !digests.learned ? memory.commit : undefined;
  let asked: Promise<KnownCommit> | undefined;
  return {
    steps,
    commit: async () => (await (asked ??= commitOf(root, known()))).commit ?? undefined,
    digestFile: (path) => digests.of(path),
    watch: (node, paths) => {
      const signs = paths.map((path) => digests.sign(path));
      const { timeout, permissions } = node.options;
      const late = timeout !== undefined || permissions !== undefined ||
        Object.values(node.inputs).some((name) => graph.resources.has(name));
      return async () =>
        paths.find((path, i) => digests.sign(path) !== signs[i]) ??
          code.changed(await codeOf(node), late);
    },
    close: async () => {
      const units = new Set(
        graph.nodes.flatMap((node) =>
          node.kind === "step"
            ? [unitName(node.name)]
            : node.items.map((item) => unitName(node.name, item.key))
        ),
      );
      const found = Object.entries(steps.found).filter(([unit]) => units.has(unit));
      const outputs = found.map(([, { record }]) => objectKey(record.output.digest));
      const learned = {
        files: digests.seen,
        code: code.keep,
        config,
        commit: asked ? await asked : known(),
        facts: remembered.kept(new Set(outputs)),
        generation: await generation.end(),
        found: Object.fromEntries(found),
      } satisfies Memory;
      const same = learned.code === memory.code && config === memory.config &&
        learned.commit === memory.commit;
      if (same && ![steps, digests, remembered].some(({ learned }) => learned)) return;
      // Another run may have taken back what of both had one path.
      for (const [unit, { digest, record: { files = [] } }] of found) {
        if (files.length > 0 && !await steps.isKept(unit, digest)) delete learned.found[unit];
      }
      await ifWritable(writeMemory(store, key, learned));
    },
  };
}

/** What is only remembered is left if nothing may be written. */
async function ifWritable(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}

/** Reads a memory; an empty one where there is none, or it is damaged: that must not be trusted. */
async function readMemory(store: ArtifactStore, key: string): Promise<Memory> {
  const [head, text = ""] = new TextDecoder().decode(await store.read(key)).split("\n");
  return head === await headOf(text) ? JSON.parse(text) : {};
}

async function writeMemory(store: ArtifactStore, key: string, memory: Memory): Promise<void> {
  const text = JSON.stringify(memory);
  await store.write(key, new TextEncoder().encode(`${await headOf(text)}\n${text}`));
}

async function headOf(text: string): Promise<string> {
  return `${MEMORY_VERSION} ${await digestOf(text)}`;
}

/** Digest of the lockfile, `none` if there is none. */
async function lockDigest(root: string, digests: FileDigests): Promise<string> {
  const digest = await digests.ofFile(join(root, "deno.lock"));
  return digest === MISSING_FILE ? "none" : digest;
}
