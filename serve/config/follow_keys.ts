/** Keys that change while the server runs. */

import type { Observer } from "../contract.ts";
import type { Config } from "./schema.ts";

/** The keys of callers. */
export type CallerKeys = Pick<Config, "apiKeys" | "adminKeys">;

/**
 * Makes what looks whether the files of keys have changed. Keys that cannot be
 * read change nothing, nor does a kind of keys that comes or goes: who may do
 * what is decided at the start.
 *
 * @param read Reads the settings anew.
 * @param use Takes the changed keys.
 */
export function keyFollower(
  start: CallerKeys,
  read: () => CallerKeys,
  use: (keys: CallerKeys) => Promise<void>,
  observer: Pick<Observer, "log">,
): () => Promise<void> {
  let [current, told] = [start, ""];
  const tell = (reason: string) => {
    if (reason !== told) observer.log("error", "keys not changed", { reason });
    told = reason;
  };
  return async () => {
    let found: CallerKeys;
    try {
      found = read();
    } catch (error) {
      return tell(error instanceof Error ? error.message : String(error));
    }
    for (const kind of ["apiKeys", "adminKeys"] as const) {
      if ((found[kind].length > 0) === (current[kind].length > 0)) continue;
      return tell(`${kind} came or went altogether: start the server anew`);
    }
    told = "";
    if (textOf(found) === textOf(current)) return;
    current = found;
    await use(found);
    const { apiKeys, adminKeys } = found;
    const counts = { api_keys: apiKeys.length, admin_keys: adminKeys.length };
    observer.log("info", "keys changed", counts);
  };
}

function textOf({ apiKeys, adminKeys }: CallerKeys): string {
  return JSON.stringify([apiKeys, adminKeys]);
}
