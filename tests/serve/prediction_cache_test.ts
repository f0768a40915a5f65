/** What models said is kept: never another's, never an error, never for longer than it counts. */

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { openPredictionCache } from "../../serve/cache/open_cache.ts";
import { Flight } from "../../serve/cache/flight.ts";
import { Lru } from "../../serve/cache/lru.ts";
import { PredictionCache, type PredictionStore } from "../../serve/cache/prediction_cache.ts";
import { hiddenKey, recordKey, shortKey } from "../../serve/cache/record_key.ts";
import { memoryStore, redisPredictions } from "../../serve/cache/stores.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import type { Cancellation } from "../../serve/contract.ts";
import { Ticket } from "../../serve/http/deadlines.ts";
import type { Inference, Scores } from "../../serve/model/inference.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";
import { waitUntil } from "../wait_until.ts";
import { classAnswer } from "./answers.ts";
import { records, Remembering, save, type Which, withApp } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const configOf = (...args: string[]) =>
  readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;

/** A request that may be called off. */
const request = (rights?: "predict" | "admin") =>
  new Ticket(0, rights && { address: "127.0.0.1", rights });

/** An inference that ends when it is told to. */
class Slow implements Inference {
  readonly waiting = 0;
  readonly asked: {
    readonly values: readonly (number | string)[];
    readonly answer: (scores: readonly number[]) => void;
    readonly fail: (reason: unknown) => void;
    cancelled?: unknown;
  }[] = [];
  predict(values: readonly (number | string)[], cancellation?: Cancellation): Promise<Scores> {
    return new Promise((resolve, reject) => {
      const one: Slow["asked"][number] = {
        values,
        answer: (scores) => resolve({ code: 0, scores, startedAt: 0, endedAt: 1 }),
        fail: reject,
      };
      cancellation?.onCancel((reason) => {
        one.cancelled = reason;
        reject(reason);
      });
      this.asked.push(one);
    });
  }
}

const model = {
  name: "m",
  version: "1",
  runtime: "ONNX Runtime" as const,
  metadata: { model_digest: "00" },
};

function cached(store: PredictionStore = memoryStore({ bytes: 1 << 20, ttlMs: 1000 })) {
  const counts = { hits: { value: 0 }, misses: { value: 0 } };
  const cache = new PredictionCache({ store, keeps: () => true, counts: () => counts });
  const slow = new Slow();
  const of = (version = "1") => cache.around(slow, { ...model, version })!;
  return { cache, counts, slow, of };
}

const turn = () => new Promise((done) => setTimeout(done));

Deno.test("cache: a record's key is the same exactly if the model reads the same", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "1", "-0", ',1"', '2"ab', "NaN", "\0", "\ud800", "\udc00", "é", "e\u0301"),
  );
  const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, NaN, 1e21, 5e-324), text);
  const row = fc.array(value, { maxLength: 4 });
  const same = (a: readonly unknown[], b: readonly unknown[]) =>
    a.length === b.length && a.every((one, at) => Object.is(one, b[at]));
  fc.assert(
    fc.property(row, row, (a, b) => {
      assertEquals(recordKey(a), recordKey([...a]));
      assertEquals(recordKey(a) === recordKey(b), same(a, b));
    }),
    {
      numRuns: 500,
      examples: [[[1, 2], [12]], [["1"], [1]], [["a", ""], ["", "a"]], [[0], [-0]]],
    },
  );
});

Deno.test("cache: long keys become digests that tell half surrogates apart", () => {
  const long = "x".repeat(600);
  assertEquals(shortKey("short"), "short");
  assertEquals(shortKey(long).length, 44);
  assertNotEquals(shortKey(`${long}\ud800`), shortKey(`${long}\ud801`));
  assertNotEquals(hiddenKey("a\ud800"), hiddenKey("a\ud801"));
  assertNotEquals(hiddenKey("a"), hiddenKey("a", "a secret"));
});

Deno.test("cache: what was used last stays, within the bytes and the time that it has", () => {
  const bytes = 4 * (160 + 2 + 100);
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.constantFrom(..."abcdefgh"), fc.boolean(), fc.nat(400)), {
      maxLength: 60,
    }),
    (steps) => {
      let now = 0;
      const lru = new Lru<number>({ bytes, ttlMs: 1000, now: () => now });
      let wanted: { key: string; value: number; until: number }[] = [];
      steps.forEach(([key, write, pause], at) => {
        now += pause;
        const known = wanted.find((one) => one.key === key);
        if (write) {
          lru.set(key, at, 100);
          wanted = [...wanted.filter((one) => one !== known), {
            key,
            value: at,
            until: now + 1000,
          }];
          wanted = wanted.slice(-4);
        } else {
          const alive = known !== undefined && known.until > now;
          assertEquals(lru.get(key), alive ? known.value : undefined);
          wanted = [...wanted.filter((one) => one !== known), ...alive ? [known] : []];
        }
        assertEquals([lru.size, lru.bytes], [wanted.length, wanted.length * bytes / 4]);
      });
      assertEquals(lru.clear(), wanted.length);
      assertEquals([lru.size, lru.bytes, lru.get("a")], [0, 0, undefined]);
    },
  ));
  const lru = new Lru<string>({ bytes: 1000, ttlMs: 1000 });
  lru.set("small", "x", 10);
  lru.set("huge", "x", 2000);
  assertEquals([lru.get("huge"), lru.get("small")], [undefined, "x"]);
});

Deno.test("cache: the clock of the day does not matter", () => {
  const real = Date.now;
  try {
    const lru = new Lru<number>({ bytes: 1000, ttlMs: 60_000 });
    lru.set("a", 1, 8);
    Date.now = () => real() + 1e9;
    assertEquals(lru.get("a"), 1);
    Date.now = () => real() - 1e9;
    assertEquals(lru.get("a"), 1);
  } finally {
    Date.now = real;
  }
});

Deno.test("cache: requests that ask the same at once share one inference, later ones its answer", async () => {
  const { of, slow, counts } = cached();
  const inference = of();
  const all = [request(), request(), request()].map((one) => inference.predict([1, "a"], one));
  const other = inference.predict([2, "a"], request());
  await turn();
  assertEquals(slow.asked.map(({ values }) => values[0]), [1, 2]);
  slow.asked[0].answer([0.25, 0.75]);
  slow.asked[1].answer([1, 0]);
  for (const { scores } of await Promise.all(all)) assertEquals(scores, [0.25, 0.75]);
  assertEquals((await other).scores, [1, 0]);
  const again = await inference.predict([1, "a"], request());
  assertEquals(again.scores, [0.25, 0.75]);
  assert(again.endedAt >= again.startedAt && again.startedAt > 0);
  assertEquals([counts.hits.value, counts.misses.value, slow.asked.length], [3, 2, 2]);
});

Deno.test("cache: who is called off takes nobody along; the last one calls the work off", async () => {
  const { of, slow } = cached();
  const inference = of();
  const [first, second] = [request(), request()];
  const [gone, stays] = [inference.predict([1], first), inference.predict([1], second)];
  await turn();
  first.cancel("too long");
  assertEquals(await Promise.resolve(gone).catch((reason) => reason), "too long");
  assertEquals(slow.asked[0].cancelled, undefined);
  slow.asked[0].answer([1]);
  assertEquals((await stays).scores, [1]);

  const [third, fourth] = [request(), request()];
  const both = [third, fourth].map((one) =>
    Promise.resolve(inference.predict([2], one)).catch((reason) => reason)
  );
  await turn();
  third.cancel("a");
  fourth.cancel("b");
  assertEquals(await Promise.all(both), ["a", "b"]);
  assertEquals(slow.asked[1].cancelled, "b");
  // Who asks now does not join work that was called off.
  const later = inference.predict([2], request());
  await turn();
  slow.asked[2].answer([0.5]);
  assertEquals((await later).scores, [0.5]);
});

Deno.test("cache: a flight that nobody waits for any more cancels what listens later too", async () => {
  let told: unknown;
  const { promise, resolve } = Promise.withResolvers<void>();
  const flight = new Flight(async (cancellation) => {
    await promise;
    cancellation.onCancel((reason) => told = reason);
    return 1;
  }, () => {});
  const ticket = request();
  const joined = flight.join(ticket);
  ticket.cancel("gone");
  await assertRejects(
    () => joined.catch((reason) => Promise.reject(new Error(reason))),
    Error,
    "gone",
  );
  resolve();
  await turn();
  assertEquals(told, "gone");
});

Deno.test("cache: an error is shared by who waits for it, and not kept", async () => {
  const { of, slow, counts } = cached();
  const inference = of();
  const both = [request(), request()].map((one) =>
    Promise.resolve(inference.predict([1], one)).catch((reason) => reason)
  );
  await turn();
  slow.asked[0].fail("broken");
  assertEquals(await Promise.all(both), ["broken", "broken"]);
  const later = inference.predict([1], request());
  await turn();
  slow.asked[1].answer([1]);
  assertEquals((await later).scores, [1]);
  assertEquals([counts.hits.value, counts.misses.value], [1, 2]);
});

Deno.test("cache: another version, and a caller who may do other things, get their own", async () => {
  const { of, slow } = cached();
  const asked = [
    of("1").predict([1], request("predict")),
    of("2").predict([1], request("predict")), // taken over while the flight is on
    of("1").predict([1], request("admin")),
    of("1").predict([1], request()),
  ];
  await turn();
  slow.asked.forEach(({ answer }, at) => answer([at]));
  assertEquals((await Promise.all(asked)).map(({ scores }) => scores[0]), [0, 1, 2, 3]);
  assertEquals((await of("2").predict([1], request("predict"))).scores, [1]);
});

Deno.test("cache: what was begun before all was forgotten is answered, and not kept", async () => {
  const { of, slow, cache } = cached();
  const inference = of();
  const before = inference.predict([1], request());
  await turn();
  assertEquals(await cache.clear(), 0);
  const after = inference.predict([1], request());
  await turn();
  slow.asked[0].answer([0.1]);
  assertEquals((await before).scores, [0.1]);
  slow.asked[1].answer([0.2]);
  assertEquals((await after).scores, [0.2]);
  assertEquals((await inference.predict([1], request())).scores, [0.2]);
  assertEquals(await cache.clear(), 1);
});

Deno.test("cache: settings", () => {
  const open = (...args: string[]) =>
    openPredictionCache(configOf(...args), {
      ...{ metrics: new Metrics(), observer: new Remembering(), redactKey: () => undefined },
    });
  assertEquals(open("--prediction-cache", "off"), undefined);
  const slow = new Slow();
  const trees = { ...model, runtime: "trees" as const };
  assertEquals(open()!.around(slow, trees), undefined); // looking takes as long
  assert(open()!.around(slow, model) !== undefined);
  assert(open("--prediction-cache", "memory")!.around(slow, trees) !== undefined);
});

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
