/** Opens the kept outputs of a pipeline: reads its code, files and lockfile. */

import { join, toFileUrl } from "../../base/mod.ts";
import { type KeptCode, KnownCode } from "../code/known_code.ts";
import type { KeptFacts } from "../code/read_facts.ts";
import type { Graph, WorkNode } from "../graph.ts";
import { commitOf, type KnownCommit } from "../history/commit.ts";
import { Remembered, type RememberedFact } from "../store/remembered.ts";
import { type ArtifactStore, readJson, writeJson } from "../store/store.ts";
import { FileDigests, MISSING, type SeenFile } from "./file_digest.ts";
import { type LastFound, StepCache } from "./step_cache.ts";

/** Where outputs are kept and what their code is. */
export interface CacheOptions {
  /** Where outputs, records and the history are kept. */
  readonly store: ArtifactStore;
  /** The file that exports the pipeline by default. */
  readonly file: string;
  /** The project's folder: paths are told from here, its deno.lock counts. */
  readonly root: string;
}

const MEMORY_VERSION = 1;

/**
 * What earlier runs learned, so that a run of which nothing has changed need not find it
 * out again. Each part says itself what it depends on; without it all comes out the same.
 */
interface Memory {
  /** Version of this type; what has another is not used. */
  readonly version?: typeof MEMORY_VERSION;
  /** What was seen of files from outside. */
  readonly files?: Readonly<Record<string, SeenFile>>;
  /** What steps reach. */
  readonly code?: KeptCode;
  /** What git said. */
  readonly commit?: KnownCommit;
  /** What was found out about outputs. */
  readonly facts?: Readonly<Record<string, RememberedFact>>;
  /** What the generation of records was. */
  readonly generation?: string;
  /** The records that steps and items were found under. */
  readonly found?: Readonly<Record<string, LastFound>>;
}

/** What is kept of modules: more than a run reads of which nothing has changed. */
interface KeptModules {
  readonly code?: KeptFacts;
}

/** The kept outputs of a pipeline, open for one run or plan. */
export interface OpenCache {
  /** Decides and keeps. */
  readonly steps: StepCache;
  /** Digest of what a path holds, as `file:…`: an input that no step made. */
  readonly digestFile: (path: string) => Promise<string>;
  /** The commit that the project is at; git is asked only where something may be different. */
  readonly commit: () => Promise<string | undefined>;
  /** Keeps what was learned, for the next run. */
  readonly close: () => Promise<void>;
}

/** Opens the kept outputs for a graph. */
export async function openCache(
  pipeline: { readonly name: string; readonly cache?: boolean },
  graph: Graph,
  params: Readonly<Record<string, unknown>>,
  { store, file, root }: CacheOptions,
): Promise<OpenCache> {
  const key = `state/${pipeline.name}.memory.json`;
  const kept = await readJson<Memory>(store, key);
  const memory = kept?.version === MEMORY_VERSION ? kept : {};
  const digests = new FileDigests(memory.files);
  const remembered = new Remembered(store, memory.facts);
  const generation = await openGeneration(store, pipeline.name);
  const steps = new StepCache({
    pipeline: pipeline.name,
    params,
    store,
    code: async (node: WorkNode) =>
      (await code).step(
        node.name,
        Object.values(node.inputs).filter((name) => {
          const found = graph.resources.get(name);
          return found !== undefined && found.resource.counts !== false;
        }),
      ),
    lock: await lockDigest(root, digests),
    enabled: pipeline.cache !== false,
    remembered,
    current: generation.name === memory.generation,
    onKeep: generation.begin,
    ...memory.found && { found: memory.found },
  });
  const modules = `state/${pipeline.name}.json`;
  const code = await KnownCode.open(
    toFileUrl(Deno.realPathSync(file)).href,
    Deno.realPathSync(root),
    memory.code,
    digests,
    {
      read: async () => (await readJson<KeptModules>(store, modules))?.code,
      write: (code) => writeJson(store, modules, { code } satisfies KeptModules),
    },
  );
  let commit: Promise<KnownCommit | undefined> = Promise.resolve(memory.commit);
  return {
    steps,
    commit: async () => {
      commit = commitOf(root, code.stands && !digests.learned ? memory.commit : undefined);
      return (await commit)?.commit ?? undefined;
    },
    digestFile: async (path) => `file:${await digests.of(path)}`,
    close: async () => {
      const learned: Memory = {
        version: MEMORY_VERSION,
        files: digests.seen,
        code: code.keep,
        commit: await commit,
        facts: remembered.used,
        generation: await generation.end(),
        found: steps.found,
      };
      const known = learned.code === memory.code && learned.commit === memory.commit;
      if (known && ![steps, digests, remembered].some(({ learned }) => learned)) return;
      await writeJson(store, key, learned);
    },
  };
}

/**
 * The generation of a pipeline's records: another one before a run writes the first and after it
 * wrote the last. So what was read of them stands where the generation is the same, and one name
 * answers for all.
 */
async function openGeneration(store: ArtifactStore, pipeline: string) {
  const key = `steps/${pipeline}/@generation.json`;
  const renew = async () => {
    const name = crypto.randomUUID();
    await writeJson(store, key, name);
    return name;
  };
  const name = await readJson<string>(store, key) ?? await renew();
  let begun: Promise<string> | undefined;
  return {
    name,
    begin: async () => void await (begun ??= renew()),
    end: async () => begun === undefined ? name : await renew(),
  };
}

/** Digest of the lockfile, `none` where there is none. */
async function lockDigest(root: string, digests: FileDigests): Promise<string> {
  const digest = await digests.ofFile(join(root, "deno.lock"));
  return digest === MISSING ? "none" : digest;
}
