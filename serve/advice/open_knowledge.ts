/** The passages that a server answers from, as the pipeline publishes them, followed while it runs. */

import { ServiceError } from "../../src/base/mod.ts";
import { openEncoder } from "../../src/encoders/mod.ts";
import {
  latestKnowledge,
  type OpenKnowledge,
  openKnowledge,
  openPassageStore,
  type Passage,
  type Retriever,
  type SharedStoreSettings,
} from "../../src/retrieval/mod.ts";
import type { Observer } from "../contract.ts";

/** The encoder that passages are encoded by. */
const ENCODER = "all-minilm-l6-v2";

/** What passages are opened with. */
export interface KnowledgeSettings {
  /** Folder of what was published. */
  readonly folder: string;
  /** Where passages are that servers share; the published index without. */
  readonly shared: SharedStoreSettings;
  /** Milliseconds between two looks for another version. */
  readonly pollMs: number;
  readonly observer: Pick<Observer, "log">;
}

/**
 * Opens the passages in use. A version that is published later takes their place within `pollMs`;
 * one that cannot be opened leaves the one before, and the log tells why.
 *
 * @throws {ServiceError} if nothing was published.
 * @throws {ModelError} if a file is damaged or missing.
 */
export async function followKnowledge(settings: KnowledgeSettings): Promise<Retriever> {
  const { folder, pollMs, observer } = settings;
  let opened = await open(settings);
  let lookedAt = performance.now();
  let looking: Promise<void> | undefined;
  const follow = async () => {
    try {
      const latest = await latestKnowledge(folder);
      if (latest === undefined || latest.version === opened.manifest.version) return;
      const next = await open(settings);
      const before = opened;
      opened = next;
      observer.log("info", "other passages are read", { version: next.manifest.version });
      await before[Symbol.asyncDispose]();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      observer.log("error", "other passages cannot be read", { reason });
    } finally {
      lookedAt = performance.now();
      looking = undefined;
    }
  };
  return {
    async search(question, options): Promise<Passage[]> {
      if (performance.now() - lookedAt > pollMs) looking ??= follow();
      await looking;
      return await opened.retriever.search(question, options);
    },
  };
}

async function open(
  { folder, shared, observer }: KnowledgeSettings,
): Promise<OpenKnowledge> {
  const encoder = await openEncoder(ENCODER);
  const elsewhere = shared.pgvectorUrl !== undefined || shared.qdrantUrl !== undefined;
  const opened = await openKnowledge({
    folder,
    ...encoder && { encoder },
    ...elsewhere && { store: await openPassageStore("", shared) },
    onNotice: (text) => observer.log("warn", "passages are found by words alone", { reason: text }),
  });
  if (opened !== undefined) return opened;
  await encoder?.[Symbol.asyncDispose]();
  throw new ServiceError(`There are no passages to answer from: ${folder} holds none`, {
    next: "deno task pipeline advisor",
  });
}
