/** The feature store of one thread, by the settings. */

import type { OnlineStore } from "../../src/feature_store/mod.ts";
import { RedisStore, SqliteStore } from "../../src/online_stores/mod.ts";
import type { RedisLink } from "../../src/redis/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Metrics } from "../observe/metrics.ts";
import { FeatureReader } from "./feature_reader.ts";

/** A store and its reader. */
export interface Features extends AsyncDisposable {
  readonly store: OnlineStore;
  readonly reader: FeatureReader;
}

/**
 * Opens it: in Redis where one is named, else in the file of the settings.
 *
 * @returns undefined if none is wanted.
 */
export function openFeatures(
  { featureStore, featureProject }: Pick<Config, "featureStore" | "featureProject">,
  metrics: Metrics,
  redis: RedisLink | undefined,
): Features | undefined {
  if (featureStore === "") return undefined;
  const store = redis === undefined
    ? new SqliteStore(featureStore)
    : new RedisStore(redis, featureProject);
  const reader = new FeatureReader(store, {
    read(view, result, ageSeconds) {
      metrics.featureReads.of(view, result).value++;
      if (ageSeconds !== undefined) metrics.featureAge.of(view).observe(Math.max(0, ageSeconds));
    },
  });
  return { store, reader, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}
