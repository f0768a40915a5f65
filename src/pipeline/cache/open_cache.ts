/** Opens the kept outputs of a pipeline: reads its code, files and lockfile. */

import { join, sha256, toFileUrl } from "../../base/mod.ts";
import { CodeMap } from "../code/reach.ts";
import { type KeptFacts, readSources } from "../code/read_facts.ts";
import type { Graph, WorkNode } from "../graph.ts";
import { type ArtifactStore, readJson, writeJson } from "../store/store.ts";
import { FileDigests, type SeenFile } from "./file_digest.ts";
import { StepCache } from "./step_cache.ts";

/** Where outputs are kept and what their code is. */
export interface CacheOptions {
  /** Where outputs, records and the history are kept. */
  readonly store: ArtifactStore;
  /** The file that exports the pipeline by default. */
  readonly file: string;
  /** The project's folder: paths are told from here, its deno.lock counts. */
  readonly root: string;
}

/** What was learned about unchanged files, kept from run to run. */
interface KeptState {
  readonly code?: KeptFacts;
  readonly files?: Readonly<Record<string, SeenFile>>;
}

/** The kept outputs of a pipeline, open for one run or plan. */
export interface OpenCache {
  /** Decides and keeps. */
  readonly steps: StepCache;
  /** Digest of what a path holds, as `file:…`: an input that no step made. */
  readonly digestFile: (path: string) => Promise<string>;
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
  const key = `state/${pipeline.name}.json`;
  const state = await readJson<KeptState>(store, key) ?? {};
  const url = toFileUrl(await Deno.realPath(file)).href;
  const { files, keep } = await readSources([url], state.code);
  const code = new CodeMap(files, await Deno.realPath(root));
  const digests = new FileDigests(state.files);
  const before = JSON.stringify(state);
  const steps = new StepCache({
    pipeline: pipeline.name,
    params,
    store,
    code: (node: WorkNode) =>
      code.step(
        url,
        node.name,
        Object.values(node.inputs).filter((name) => {
          const found = graph.resources.get(name);
          return found !== undefined && found.resource.counts !== false;
        }),
      ),
    lock: await lockDigest(root),
    enabled: pipeline.cache !== false,
  });
  return {
    steps,
    digestFile: async (path) => `file:${await digests.of(path)}`,
    close: async () => {
      const learned: KeptState = { code: keep, files: digests.seen };
      if (JSON.stringify(learned) !== before) await writeJson(store, key, learned);
    },
  };
}

async function lockDigest(root: string): Promise<string> {
  try {
    return sha256(await Deno.readFile(join(root, "deno.lock")));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "none";
    throw error;
  }
}
