/** The prediction cache of one thread, by the settings. */

import type { RedisLink } from "../../src/redis/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Observer } from "../contract.ts";
import type { Observation } from "../observe/open_observer.ts";
import { PredictionCache } from "./prediction_cache.ts";
import { memoryStore, redisPredictions } from "./stores.ts";

/** Seconds in which refusals of Redis are told once. */
const TELL_SECONDS = 10;

const megabyte = 1 << 20;

/**
 * Opens it.
 *
 * @param redis Where `--prediction-cache redis` keeps them.
 * @returns undefined if none is wanted.
 */
export function openPredictionCache(
  { predictionCache: kind, predictionCacheMegabytes, predictionCacheSeconds }: Config,
  { metrics, observer, redactKey }: Pick<Observation, "metrics" | "redactKey"> & {
    readonly observer: Pick<Observer, "log">;
  },
  redis?: RedisLink,
): PredictionCache | undefined {
  if (kind === "off") return undefined;
  const ttlMs = predictionCacheSeconds * 1000;
  let told = -Infinity;
  const store = kind === "redis" && redis !== undefined
    ? redisPredictions(redis, {
      ttlMs,
      secret: redactKey,
      onRefused(reason) {
        if (performance.now() < told + TELL_SECONDS * 1000) return;
        told = performance.now();
        observer.log("warn", "Redis keeps no predictions", { reason });
      },
    })
    : memoryStore({ ttlMs, bytes: predictionCacheMegabytes * megabyte });
  return new PredictionCache({
    store,
    keeps: ({ runtime }) => kind !== "auto" || runtime === "ONNX Runtime",
    counts: (model) => ({
      hits: metrics.cacheHits.of(model),
      misses: metrics.cacheMisses.of(model),
    }),
  });
}
