/** Reads entities through the store, 32 at a time, as a thread of the server does, or so many a second. */

import { quantileSorted } from "../../src/base/mod.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { entities, spending } from "./entities.ts";
import { fillFeatures } from "./fill_features.ts";
import { askInTurn } from "./http_load.ts";
import { answer, sideArguments } from "./side.ts";
import { startRedis } from "./start_redis.ts";

/** Reads under way at a time. */
const READERS = 32;

/** Seconds before it counts, and after. */
const [WARM_UP, LOAD] = [2, 4];

const { rows, rate } = sideArguments<{ readonly rate?: number }>();
await using redis = await startRedis();
await using link = new RedisLink(`redis://127.0.0.1:${redis.port}/0`, { limitMs: 10_000 });
const store = await fillFeatures(link, rows);
const wanted = entities(rows, 1);

const read = (seconds: number) =>
  askInTurn({ connections: READERS, seconds, rate }, async (_, turn) => {
    const { id, values } = wanted[turn * 7919 % rows];
    const [kept] = await store.read(spending, [id]);
    if (kept?.values.payments !== values.payments) throw new Error(`${id} is not what it was`);
  });

await read(WARM_UP);
const before = Deno.memoryUsage();
const { latencies } = await read(LOAD);
answer({
  seconds: LOAD / latencies.length,
  megabytes: before.rss / 1e6,
  quality: quantileSorted(latencies, 0.99),
});
