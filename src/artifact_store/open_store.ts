/** Opens the store that the settings name. */

import {
  fromFileUrl,
  isAbsolute,
  keepSecret,
  resolve,
  UsageError,
  withSecrets,
} from "../base/mod.ts";
import type { Leases } from "./leases.ts";
import type { RecordSignature } from "./record_signature.ts";
import { LocalStore } from "./local_store.ts";
import type { ArtifactStore, SharedValues } from "./store.ts";

/** How a shared store is used. */
export const cacheModes = ["off", "read", "read-write"] as const;

/** One of {@linkcode cacheModes}. */
export type CacheMode = typeof cacheModes[number];

/** What decides about the store. */
export interface StoreSettings {
  /** Folder of this machine's own store. */
  readonly home: string;
  /** How a shared one is used; all of it unless said otherwise. */
  readonly cache?: CacheMode;
  /** Hears of what could not be taken from it. */
  readonly note?: (text: string) => void;
  /** Ends what is under way with the shared store. */
  readonly signal?: AbortSignal;
  /** Reads the environment. */
  readonly env?: (name: string) => string | undefined;
}

/**
 * The store of this machine, and behind it the one that `DINOFLOW_STORE` names:
 * `s3://bucket/prefix`, or `file:///a/shared/folder`.
 *
 * @throws {UsageError} if the settings do not fit.
 * @throws {ServiceError} if a secret that they name cannot be read.
 * @throws {UserError} if what earlier runs could not share cannot be shared now either.
 */
export async function openStore(
  { home, cache, note, signal, env: given = (name) => Deno.env.get(name) }: StoreSettings,
): Promise<ArtifactStore> {
  const local = new LocalStore(resolve(home)); // a step may change the working directory
  const address = given("DINOFLOW_STORE");
  if (!address) {
    if (cache === undefined || cache === "off") return local;
    throw new UsageError(`Cannot use --cache ${cache}: no store is shared`, {
      next: "set DINOFLOW_STORE to s3://bucket/prefix or file:///folder",
    });
  }
  if (cache === "off") return local;
  const { SharedStore } = await import("./shared_store.ts");
  const size = given("DINOFLOW_CACHE_SIZE");
  const { FetchedValues, sizeInBytes } = size ? await import("./fetched_values.ts") : {};
  const store = new SharedStore(local, await openShared(address, given, signal), {
    writes: cache !== "read",
    address,
    signature: await openSignature(given),
    ...FetchedValues && { fetched: new FetchedValues(local, sizeInBytes!(size!)) },
    ...note && { note },
  });
  await store.catchUp();
  return store;
}

/** The shared store alone, with leases on it. @throws {UsageError} if none is named. */
export async function openSharedView(
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Promise<{ readonly store: ArtifactStore; readonly leases: Leases }> {
  const address = env("DINOFLOW_STORE");
  if (!address) {
    throw new UsageError("Cannot clean up a shared store: none is named", {
      next: "set DINOFLOW_STORE to s3://bucket/prefix or file:///folder",
    });
  }
  const { SharedView } = await import("./shared_view.ts");
  const { Leases } = await import("./leases.ts");
  const shared = await openShared(address, env, undefined);
  const store = new SharedView(shared, await openSignature(env));
  return { store, leases: new Leases(shared) };
}

async function openSignature(
  given: (name: string) => string | undefined,
): Promise<RecordSignature> {
  const { RecordSignature } = await import("./record_signature.ts");
  const env = await withSecrets(given, ["DINOFLOW_CACHE_KEY"]);
  const keys = (env("DINOFLOW_CACHE_KEY") ?? "").split(/[,\n]/).map((key) => key.trim())
    .filter((key) => key !== "");
  keys.forEach(keepSecret);
  return new RecordSignature(...keys);
}

async function openShared(
  address: string,
  env: (name: string) => string | undefined,
  signal: AbortSignal | undefined,
): Promise<SharedValues> {
  if (address.startsWith("s3://")) {
    const { S3Store } = await import("./s3_store.ts");
    const { currentS3Settings } = await import("./s3_settings.ts");
    const renew = () => currentS3Settings(address, env);
    return new S3Store(await renew(), { renew, ...signal && { signal } });
  }
  const folder = address.startsWith("file://") ? fromFileUrl(address) : address;
  if (isAbsolute(folder)) return new LocalStore(folder);
  throw new UsageError(`Cannot use the store ${address}`, {
    next: "write s3://bucket/prefix or file:///folder",
  });
}
