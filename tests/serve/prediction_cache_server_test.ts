/** Kept predictions in a server: over HTTP, in Redis, with several workers. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { redisPredictions } from "../../serve/cache/stores.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";
import { waitUntil } from "../wait_until.ts";
import { classAnswer } from "./answers.ts";
import { records, save, type Which, withApp } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";
import { cached, request } from "./cached_predictions.ts";

/** An application whose predictions are kept. */
const withCache = (
  test: Parameters<typeof withApp>[0],
  which: Which = 2,
  ...flags: string[]
) => withApp(test, { which, flags, metrics: new Metrics() });

Deno.test("cache: each request is answered and logged with its own id, whatever its spelling", async () => {
  await withCache(async ({ call, observer, slots, folder }) => {
    const [record] = records;
    const [[name, value], ...rest] = Object.entries(record).filter(([, value]) => value !== null);
    const missing = Object.keys(record).find((name) => name !== "Age")!;
    const spellings = [
      record,
      Object.fromEntries([...rest, [name, value]]), // another order
      { ...record, [missing]: null },
      Object.fromEntries(Object.entries(record).filter(([name]) => name !== missing)),
    ];
    const said = [];
    for (const spelling of spellings) {
      const response = await call("/predict", spelling);
      assertEquals(response.status, 200);
      said.push(classAnswer.parse(await response.json()));
    }
    assertEquals(new Set(said.map(({ request_id }) => request_id)).size, 4);
    assertEquals(
      observer.predictions.map(({ request_id }) => request_id),
      said.map(({ request_id }) => request_id),
    );
    assertEquals(observer.predictions.map(({ inputs }) => inputs), spellings as never[]);
    assertEquals(said[1].probabilities, said[0].probabilities);
    assertEquals(said[3].probabilities, said[2].probabilities);
    assertEquals(observer.batches, record[missing] === null ? [1] : [1, 1]);

    // Another version answers at once, and the one before it again when it is back.
    await save(folder, 0);
    await slots.follow();
    const other = classAnswer.parse(await (await call("/predict", record)).json());
    assertNotEquals(other.model_version, said[0].model_version);
    assertNotEquals(other.probabilities, said[0].probabilities);
    const version = said[0].model_version;
    assertEquals((await call("/model/load", { version })).status, 200);
    const back = classAnswer.parse(await (await call("/predict", record)).json());
    assertEquals([back.probabilities, back.model_version], [said[0].probabilities, version]);

    const cleared = await (await call("/cache/clear", {})).json();
    assert(cleared.cleared.predictions >= 1);
    assertEquals((await (await call("/cache/clear", {})).json()).cleared.predictions, 0);
  });
});

Deno.test("cache: a batch asks once for records that are the same", async () => {
  await withCache(async ({ call, observer }) => {
    const response = await call("/predict/batch", {
      records: [records[0], records[0], records[1]],
    });
    const { predictions } = await response.json();
    assertEquals(predictions[0].probabilities, predictions[1].probabilities);
    assertEquals(observer.predictions.length, 3);
    assertEquals(observer.batches.reduce((sum, rows) => sum + rows, 0), 2);
  });
});

Deno.test({
  name: `cache: in Redis, shared by servers, gone and back${
    redisInstalled ? "" : " (needs redis-server)"
  }`,
  ignore: !redisInstalled,
  fn: async () => {
    await using redis = await RedisServer.start();
    await using link = new RedisLink(redis.url);
    await link.tried;
    const refused: string[] = [];
    const open = (ttlMs = 60_000) =>
      cached(redisPredictions(link, {
        ttlMs,
        secret: () => "a secret of the operator",
        onRefused: (reason) => refused.push(reason),
      }));
    const ask = async ({ of, slow }: ReturnType<typeof cached>, value: number | string) => {
      const before = slow.asked.length;
      const asked = Promise.resolve(of().predict([value, "Ada"], request()));
      let done = false;
      asked.finally(() => done = true);
      await waitUntil(
        () => done || slow.asked.length > before,
        "it is answered, or the model asked",
      );
      slow.asked[before]?.answer([0.1 + 0.2, 5e-324]);
      return { scores: (await asked).scores, fromModel: slow.asked.length > before };
    };
    const [one, other] = [open(), open()];
    assertEquals(await ask(one, 1), { scores: [0.1 + 0.2, 5e-324], fromModel: true });
    const kept = () => link.ask((client) => client("KEYS", "*"));
    await waitUntil(async () => ((await kept()) as unknown[]).length === 1, "it is kept");
    assertEquals(await ask(other, 1), { scores: [0.1 + 0.2, 5e-324], fromModel: false });
    // Nobody reads the record from what stands there, and it ends by itself.
    const [key] = ((await kept()) as unknown[]).map(String);
    assert(!key.includes("Ada") && key.startsWith("dinoflow:prediction:1:"), key);
    assert(Number(await link.ask((client) => client("PTTL", key))) > 0);
    // What somebody else wrote is no prediction.
    for (const text of ["", "[]", "[5,0.1]", '["a"]', "{}", "[0,null]"]) {
      await link.ask((client) => client("SET", key, text));
      assertEquals((await ask(open(), 1)).fromModel, true, text);
    }
    await link.ask((client) => client("DEL", key));
    await link.ask((client) => client("HSET", key, "a", "b"));
    assertEquals((await ask(open(), 1)).fromModel, true);
    assert(refused.some((reason) => reason.includes("WRONGTYPE")), String(refused));

    await link.ask((client) => client("SET", "somebody else's", "1"));
    for (let i = 0; i < 5; i++) await ask(one, `x${i}`);
    await waitUntil(async () => ((await kept()) as unknown[]).length === 7, "all are kept");
    assertEquals(await one.cache.clear(), 6);
    assertEquals(((await kept()) as unknown[]).map(String), ["somebody else's"]);

    await redis.kill();
    assertEquals((await ask(one, 1)).fromModel, true);
    assertEquals(await one.cache.clear(), 0);
    await redis.start();
    await waitUntil(() => link.trouble === undefined, "it is connected");
    await ask(one, 2);
    await waitUntil(async () => ((await kept()) as unknown[]).length === 1, "it is kept");
    assertEquals((await ask(other, 2)).fromModel, false);
    await redis.kill();
  },
});

Deno.test("cache: two workers keep their own, cleared together and counted together", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await save(folder, 0);
    await using server = new ServerProcess(folder, [
      ...["--workers", "2", "--prediction-cache", "memory"],
    ]);
    const { url } = await server.logged("listening") as { url: string };
    const post = (path: string, body: unknown) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", connection: "close" },
        body: JSON.stringify(body),
      });
    const client = () => Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    for (let i = 0; i < 20; i++) {
      using own = client();
      const response = await fetch(`${url}/predict`, {
        client: own,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(records[0]),
      });
      assertEquals(response.status, 200);
      await response.body?.cancel();
    }
    const text = await (await fetch(`${url}/metrics`)).text();
    const count = (name: string) =>
      Number(
        new RegExp(`^dinoflow_prediction_cache_${name}_total\\{model="Model0"\\} (\\d+)$`, "m")
          .exec(text)?.[1],
      );
    assertEquals(count("hits") + count("misses"), 20);
    assert(count("misses") >= 1 && count("misses") <= 2, text);
    const { cleared } = await (await post("/cache/clear", {})).json();
    assertEquals(cleared.predictions, count("misses"));
    assertEquals(await server.stop(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
