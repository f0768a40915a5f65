/** Where predictions are kept: in this thread's memory, or in a Redis that servers share. */

import type { Buffer } from "node:buffer";
import { type Redis, RedisAway, type RedisLink, type RedisReply } from "../../src/redis/mod.ts";
import { Lru, type LruOptions } from "./lru.ts";
import type { KeptScores, PredictionStore } from "./prediction_cache.ts";
import { hiddenKey, shortKey } from "./record_key.ts";

/** Bytes of what a model says, beside its numbers. */
const SAID = 64;

/** Keeps predictions in memory. */
export function memoryStore(options: LruOptions): PredictionStore {
  const kept = new Lru<KeptScores>(options);
  return {
    get: (key) => kept.get(shortKey(key)),
    set: (key, said) => kept.set(shortKey(key), said, SAID + 8 * said.scores.length),
    clear: () => kept.clear(),
  };
}

/** What the keys in Redis begin with; the number changes with what stands there. */
const prefix = "dinoflow:prediction:1:";

/** Keys that one command removes. */
const PAGE = 1000;

/** How predictions are kept in Redis. */
export interface RedisStoreOptions {
  /** Milliseconds that a prediction counts, by the clock of Redis. */
  readonly ttlMs: number;
  /** Keeps the records from being guessed by the keys. */
  readonly secret?: () => string | undefined;
  /** Hears why Redis refused a command, as where its memory is full. */
  readonly onRefused: (reason: string) => void;
}

/**
 * Keeps predictions in Redis, whose own `maxmemory` bounds them. Keys are digests: no value of a
 * record is sent. While Redis is away nothing is found and nothing kept.
 */
export function redisPredictions(
  link: RedisLink,
  { ttlMs, secret, onRefused }: RedisStoreOptions,
): PredictionStore {
  const of = (key: string) => prefix + hiddenKey(key, secret?.());
  /** What Redis answers, undefined if it is away or refuses. */
  const ask = async <T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> => {
    try {
      return await link.ask(command);
    } catch (error) {
      if (!(error instanceof RedisAway)) onRefused(String(error));
    }
  };
  return {
    async get(key) {
      const text = await ask((redis) => redis("GET", of(key)));
      return text == null ? undefined : parse(String(text));
    },
    set(key, { code, scores }) {
      const text = JSON.stringify([code, ...scores]);
      void ask((redis) => redis("SET", of(key), text, "PX", String(ttlMs)));
    },
    async clear() {
      let count = 0;
      let cursor: string | undefined = "0";
      do {
        const page: RedisReply | undefined = await ask((redis) =>
          redis("SCAN", cursor!, "MATCH", `${prefix}*`, "COUNT", String(PAGE))
        );
        const [next, keys] = (page ?? []) as readonly [Buffer?, Buffer[]?];
        if (keys !== undefined && keys.length > 0) {
          count += Number(await ask((redis) => redis("UNLINK", ...keys)) ?? 0);
        }
        cursor = next?.toString();
      } while (cursor !== undefined && cursor !== "0");
      return count;
    },
  };
}

/** What somebody else wrote is no prediction. */
function parse(text: string): KeptScores | undefined {
  try {
    const [code, ...scores] = JSON.parse(text) as number[];
    const whole = Number.isInteger(code) && code >= 0 && scores.every(Number.isFinite);
    return whole && code < scores.length ? { code, scores } : undefined;
  } catch {
    return undefined;
  }
}
