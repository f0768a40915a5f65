/** The link to Redis of one thread, by the settings. */

import { RedisLink } from "../../src/redis/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Observer } from "../contract.ts";

/** Begins to connect where Redis is named; what becomes of it stands in the log. */
export function openRedis(
  { redisUrl }: Pick<Config, "redisUrl">,
  observer: Pick<Observer, "log">,
): RedisLink | undefined {
  if (redisUrl === undefined) return undefined;
  let away = false;
  return new RedisLink(redisUrl, {
    onTrouble(reason) {
      if (reason !== undefined && !away) {
        observer.log("warn", "Redis is away; predictions go on without it", { reason });
      } else if (reason === undefined) {
        observer.log("info", away ? "Redis is back" : "Redis is connected");
      }
      away = reason !== undefined;
    },
  });
}
