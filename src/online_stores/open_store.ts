/** The online store that the settings name. */

import { RedisLink } from "../redis/mod.ts";
import { RedisStore } from "./redis_store.ts";
import { SqliteStore } from "./sqlite_store.ts";
import { defaultProject, defaultStorePath, type OnlineStore } from "../feature_store/mod.ts";

/** Where features are kept for serving. */
export interface OnlineStoreSettings {
  /** Address of Redis; features are kept there if it is set. */
  readonly redisUrl?: string;
  /** Path of the SQLite file otherwise. */
  readonly path?: string;
  /** Name of Feast's project in Redis. */
  readonly project?: string;
}

/**
 * Opens it for a pipeline's step.
 *
 * @throws {UsageError} if the address is none.
 */
export async function openOnlineStore(
  { redisUrl, path = defaultStorePath, project = defaultProject }: OnlineStoreSettings,
): Promise<OnlineStore> {
  if (redisUrl === undefined || redisUrl === "") return new SqliteStore(path);
  const link = new RedisLink(redisUrl, { limitMs: 10_000 });
  await link.tried;
  return Object.assign(new RedisStore(link, project), {
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  });
}
