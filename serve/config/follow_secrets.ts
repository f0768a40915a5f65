/** Secrets that change while the server runs. */

import { parseKey, secretTroubles } from "../../src/base/mod.ts";
import type { RedisLink } from "../../src/redis/mod.ts";
import type { Access } from "../http/access.ts";
import type { Observation } from "../observe/open_observer.ts";
import type { Observer } from "../contract.ts";
import type { Config } from "./schema.ts";

/** What is read again and again. */
export type ChangingSecrets = Pick<Config, "apiKeys" | "adminKeys" | "redactKey" | "redisUrl">;

const names = ["apiKeys", "adminKeys", "redactKey", "redisUrl"] as const;

/** What uses them in a thread. */
export interface SecretUsers {
  readonly access: Pick<Access, "replace">;
  readonly observation: Pick<Observation, "useRedactKey"> & {
    readonly observer: Pick<Observation["observer"], "hide">;
  };
  readonly redis: Pick<RedisLink, "renew"> | undefined;
}

/** Lets a thread use them, from the next request on. */
export function useSecrets(secrets: ChangingSecrets, users: SecretUsers): void {
  const { apiKeys, adminKeys, redactKey, redisUrl } = secrets;
  const { access, observation, redis } = users;
  const texts = [...apiKeys, ...adminKeys].map((text) => parseKey(text).secret);
  observation.observer.hide([...texts, ...redactKey]);
  access.replace(secrets);
  observation.useRedactKey(redactKey[0]);
  if (redisUrl !== undefined) redis?.renew(redisUrl);
}

/**
 * Makes what looks whether secrets have changed. Those that cannot be read change nothing, nor does
 * a kind of secrets that comes or goes: who may do what, and what is stored where, is decided at the
 * start.
 *
 * @param read Reads the settings anew.
 * @param use Takes the changed secrets.
 */
export function secretFollower(
  start: ChangingSecrets,
  read: () => Promise<ChangingSecrets>,
  use: (secrets: ChangingSecrets) => Promise<void>,
  observer: Pick<Observer, "log">,
): () => Promise<void> {
  let [current, told] = [start, ""];
  const tell = (reason: string) => {
    if (reason !== told) observer.log("error", "keys not changed", { reason });
    told = reason;
  };
  return async () => {
    let found: ChangingSecrets;
    try {
      found = await read();
    } catch (error) {
      return tell(error instanceof Error ? error.message : String(error));
    }
    for (const kind of names) {
      if (isSet(found[kind]) === isSet(current[kind])) continue;
      return tell(`${kind} came or went altogether: start the server anew`);
    }
    const [trouble] = secretTroubles();
    if (trouble !== undefined) return tell(trouble);
    told = "";
    const changed = names.filter((kind) => !same(found[kind], current[kind]));
    if (changed.length === 0) return;
    current = found;
    await use(found);
    const { apiKeys, adminKeys } = found;
    const counts = { api_keys: apiKeys.length, admin_keys: adminKeys.length };
    observer.log("info", "keys changed", { changed, ...counts });
  };
}

const isSet = (secret: readonly string[] | string | undefined) => (secret?.length ?? 0) > 0;

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
