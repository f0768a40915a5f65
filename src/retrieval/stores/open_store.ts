/** The store that the settings name. */

import { UsageError, withSecrets } from "../../base/mod.ts";
import type { PassageStore } from "./store.ts";
import { SqlitePassageStore } from "./sqlite_store.ts";

/** Where passages are that several servers share. */
export interface SharedStoreSettings {
  /** Address of PostgreSQL, if passages are there. */
  readonly pgvectorUrl?: string;
  /** Address of Qdrant, if passages are there. */
  readonly qdrantUrl?: string;
  /** Qdrant's key. */
  readonly qdrantApiKey?: string;
}

/**
 * Reads `PGVECTOR_URL`, or `QDRANT_URL` and `QDRANT_API_KEY`; each may be a reference to a secret.
 *
 * @throws {UsageError} if both are set, or a reference leads nowhere.
 */
export async function sharedStoreSettings(
  env: (name: string) => string | undefined,
): Promise<SharedStoreSettings> {
  const read = await withSecrets(env, ["PGVECTOR_URL", "QDRANT_URL", "QDRANT_API_KEY"]);
  const text = (name: string) => read(name)?.trim() || undefined;
  const [pgvectorUrl, qdrantUrl, qdrantApiKey] = [
    ...[text("PGVECTOR_URL"), text("QDRANT_URL"), text("QDRANT_API_KEY")],
  ];
  if (pgvectorUrl !== undefined && qdrantUrl !== undefined) {
    throw new UsageError("Cannot tell where passages are: PGVECTOR_URL and QDRANT_URL are set", {
      next: "unset one of them",
    });
  }
  return {
    ...pgvectorUrl !== undefined && { pgvectorUrl },
    ...qdrantUrl !== undefined && { qdrantUrl },
    ...qdrantApiKey !== undefined && { qdrantApiKey },
  };
}

/** Opens the shared store that is named, else the SQLite file, to be written. */
export async function openPassageStore(
  path: string,
  { pgvectorUrl, qdrantUrl, qdrantApiKey }: SharedStoreSettings = {},
): Promise<PassageStore> {
  if (pgvectorUrl !== undefined) {
    // The driver is needed only where there is a server.
    const { PgvectorPassageStore } = await import("./pgvector_store.ts");
    return new PgvectorPassageStore(pgvectorUrl);
  }
  if (qdrantUrl !== undefined) {
    const { QdrantPassageStore } = await import("./qdrant_store.ts");
    return new QdrantPassageStore(qdrantUrl, { ...qdrantApiKey && { apiKey: qdrantApiKey } });
  }
  return new SqlitePassageStore(path);
}
