/** Reads entities through the store, 32 at a time, as a thread of the server does. */

import { quantileSorted } from "../../src/base/mod.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { entities, spending } from "./entities.ts";
import { fillFeatures } from "./fill_features.ts";
import { answer, sideArguments } from "./side.ts";
import { startRedis } from "./start_redis.ts";

/** Reads under way at a time. */
const READERS = 32;

/** Seconds before it counts, and after. */
const [WARM_UP, LOAD] = [2, 4];

const { rows } = sideArguments();
await using redis = await startRedis();
await using link = new RedisLink(`redis://127.0.0.1:${redis.port}/0`, { limitMs: 10_000 });
const store = await fillFeatures(link, rows);
const wanted = entities(rows, 1);
let next = 0;

async function read(seconds: number): Promise<Float64Array> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  await Promise.all(Array.from({ length: READERS }, async () => {
    for (let now = performance.now(); now < end;) {
      const { id, values } = wanted[next++ * 7919 % rows];
      const [kept] = await store.read(spending, [id]);
      if (kept?.values.payments !== values.payments) throw new Error(`${id} is not what it was`);
      const later = performance.now();
      latencies.push(later - now);
      now = later;
    }
  }));
  return Float64Array.from(latencies).sort();
}

await read(WARM_UP);
const before = Deno.memoryUsage();
const latencies = await read(LOAD);
answer({
  seconds: LOAD / latencies.length,
  megabytes: before.rss / 1e6,
  quality: quantileSorted(latencies, 0.99),
});
