/**
 * Where features wait for the server: SQLite, or Redis in the form that Feast reads.
 *
 * @module
 */

export { type OnlineStoreSettings, openOnlineStore } from "./open_store.ts";
export { RedisStore } from "./redis_store.ts";
export { SqliteStore } from "./sqlite_store.ts";
