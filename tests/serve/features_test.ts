/** Models that are told whom a request is about read the rest from the feature store. */

import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { FeatureReader } from "../../serve/features/feature_reader.ts";
import { openFeatures } from "../../serve/features/open_features.ts";
import { ModelFeatures } from "../../serve/features/model_features.ts";
import { featureSkew, trainingBin } from "../../serve/features/skew.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { featureRoutes, featuresAnswer } from "../../serve/routes/features.ts";
import { type EntityValues, type FeatureView, featureView } from "../../src/feature_store/mod.ts";
import { historyView } from "../../src/series/mod.ts";
import { RedisStore, SqliteStore } from "../../src/online_stores/mod.ts";
import { numericStatistics } from "../../src/drift/mod.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";
import { waitUntil } from "../wait_until.ts";
import { type ClassAnswer, classAnswer } from "./answers.ts";
import { records, save, type Served, withApp } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";

const DAY = 86_400;

/** Two columns of the model are stored. */
const people = featureView({
  name: "people",
  entity: { name: "person", kind: "integer" },
  features: { Age: "number", Debt: "number" },
  ttlSeconds: 30 * DAY,
  source: "step",
});
const { Age: _age, Debt: _debt, ...rest } = records[0];

const rowOf = (id: number, time: number, Age: number | null, debt = 4): EntityValues => ({
  id,
  time,
  values: { Age, Debt: debt },
});

/** Lets a model's metadata name views, as a training that joined them does. */
async function tellViews(folder: string, views: readonly FeatureView[]): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith("_metadata.json")) continue;
    const path = join(folder, name);
    const metadata = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify({ ...metadata, feature_views: views }));
  }
}

interface Stored extends Served {
  readonly features: NonNullable<ReturnType<typeof openFeatures>>;
  readonly metrics: Metrics;
  predict(record: Record<string, unknown>): Promise<ClassAnswer>;
}

async function withFeatures(
  test: (served: Stored) => Promise<void>,
  { flags = [], view = people }: { flags?: readonly string[]; view?: FeatureView } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const metrics = new Metrics();
  try {
    await using features = openFeatures(
      {
        featureStore: join(folder, "online.db"),
        featureProject: "test",
      },
      metrics,
      undefined,
    )!;
    await features.store.declare(view);
    await features.reader.follow();
    await withApp(async (served) => {
      await save(served.folder);
      await tellViews(served.folder, [people]);
      await served.slots.follow();
      const predict = async (record: Record<string, unknown>) => {
        const response = await served.call("/predict", record);
        assertEquals(response.status, 200, await response.clone().text());
        return classAnswer.parse(await response.json());
      };
      await test({ ...served, features, metrics, predict });
    }, {
      ...{ flags, empty: true },
      features: new ModelFeatures(features.reader, metrics),
      extensions: [featureRoutes(features, 100)],
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("features: what is stored is as good as sent, and what is sent goes before", async () => {
  await withFeatures(async ({ features, predict, observer, call }) => {
    await features.store.write(people, [
      rowOf(7, Date.now() - 1000, 41),
      rowOf(8, Date.now(), null),
    ]);
    const same = async (short: Record<string, unknown>, full: Record<string, unknown>) => {
      const [one, other] = [await predict(short), await predict(full)];
      assertEquals(one.probabilities, other.probabilities);
      assertEquals(one.warnings, other.warnings);
      const [a, b] = observer.predictions.slice(-2);
      assertEquals(a.inputs, b.inputs);
    };
    await same({ ...rest, person: 7 }, { ...rest, Age: 41, Debt: 4 });
    await same({ ...rest, person: "7" }, { ...rest, Age: 41, Debt: 4 });
    await same({ ...rest, person: 7, Age: 20 }, { ...rest, Age: 20, Debt: 4 });
    await same({ ...rest, person: 7, Age: null }, { ...rest, Age: null, Debt: 4 });
    await same({ ...rest, person: 8 }, { ...rest, Age: null, Debt: 4 });
    // Records of a batch are completed each by itself.
    const asked = [{ ...rest, person: 7 }, { ...rest, person: 8 }, { ...rest, person: 7, Age: 20 }];
    const { predictions } = await (await call("/predict/batch", { records: asked })).json();
    for (const [at, record] of asked.entries()) {
      assertEquals(predictions[at].probabilities, (await predict(record)).probabilities);
    }
    const bad = await call("/predict", { ...rest, person: 7, Agee: 1 });
    assertEquals([bad.status, (await bad.json()).errors[0].pointer], [422, "/Agee"]);
    const text = await (await call("/openapi.json")).text();
    assert(text.includes('"/features/{view}/{id}"') && text.includes('"person"'));
  });
});

Deno.test("features: what cannot be had is missing, with a warning that says why", async () => {
  await withFeatures(async ({ features, predict, metrics }) => {
    const old = Date.now() - 31 * DAY * 1000;
    await features.store.write(people, [rowOf(7, old, 41)]);
    const without = (await predict({ ...rest, Age: null, Debt: null })).probabilities;
    const told = async (person: unknown, wanted: string) => {
      const { probabilities, warnings } = await predict({ ...rest, person });
      assertEquals(probabilities, without);
      assertEquals(warnings!.map(({ column }) => column), ["person"]);
      assert(warnings![0].done.includes(wanted), warnings![0].done);
    };
    await told(7, `of ${new Date(old).toISOString()}, older than its ${30 * DAY} seconds`);
    await told(9, 'nothing is stored in the view "people"');
    await told(null, "missing");
    await told(undefined, "missing");
    await told("seven", "no whole number");
    await told({ a: 1 }, "no whole number");
    const lines = (await Metrics.text([metrics.counts()], {
      ...{ startedAt: new Date(), inFlight: 0, models: [], quality: [] },
    })).split("\n");
    for (const result of ["expired", "missing"]) {
      assert(lines.includes(`dinoflow_feature_reads_total{view="people",result="${result}"} 1`));
    }
    assert(lines.includes('dinoflow_feature_age_seconds_count{view="people"} 1'), lines.join("\n"));
  });
});

Deno.test("features: a view that changed since the training is told, feature by feature", async () => {
  const changed: FeatureView = { ...people, features: { Age: "number", debts: "number" } };
  await withFeatures(async ({ features, predict }) => {
    await features.store.write(changed, [{
      id: 7,
      time: Date.now(),
      values: { Age: 41, debts: 4 },
    }]);
    const { probabilities, warnings } = await predict({ ...rest, person: 7 });
    const wanted = await predict({ ...rest, Age: 41, Debt: null });
    assertEquals(probabilities, wanted.probabilities);
    assertEquals(warnings!.map(({ column }) => column), ["Debt"]);
    const [trouble] = features.reader.troubles();
    assert(trouble.includes('"Debt": it is gone'), trouble);
    assert(trouble.includes("train the model again"), trouble);
    await features.store.declare(people);
    await features.reader.follow();
    assertEquals(features.reader.troubles(), []);
    assertEquals((await predict({ ...rest, person: 7 })).warnings, undefined);
  }, { view: changed });
});

Deno.test("features: a view that is optional may be missing, or have nothing of an entity", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using store = new SqliteStore(`${folder}/online.db`);
    const reader = new FeatureReader(store, { read: () => {} });
    const view = historyView("spending", { entity: "user", time: "t", amount: "a" }, "step");
    const ask = async (user: string) => {
      const [{ record, warnings }] = await reader.complete([view], [{ user }], () => true);
      return [record, warnings, reader.troubles()];
    };
    await reader.follow();
    assertEquals(await ask("a"), [{ user: "a" }, [], []]);
    const stored_history = '{"food":{"2026-01":9}}';
    await store.declare(view);
    await store.write(view, [{ id: "a", time: Date.now(), values: { stored_history } }]);
    await reader.follow();
    assertEquals(await ask("a"), [{ user: "a", stored_history }, [], []]);
    assertEquals(await ask("b"), [{ user: "b" }, [], []]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("features: rows are pushed and read over HTTP, behind keys", async () => {
  const view = featureView({ ...people, source: "request" });
  const [user, admin] = ["k".repeat(16), "a".repeat(16)];
  await withFeatures(async ({ call, features }) => {
    const push = (rows: unknown, key = admin) =>
      call("/features/people", { rows }, { "x-api-key": key });
    const get = (path: string, key = user) =>
      call(`/features/${path}`, undefined, { "x-api-key": key });
    assertEquals((await push([{ id: 7, values: {} }], user)).status, 403);
    assertEquals((await get("people/7", "x".repeat(16))).status, 401);
    const time = "2026-01-31T10:00:00+02:00";
    const answer = await push([{ id: 7, time, values: { Age: 41.5, Debt: null } }]);
    assertEquals(await answer.json(), { view: "people", rows: 1, changed: 1 });
    const stale = await push([{ id: 7, time: "2026-01-31T07:59:59Z", values: { Age: 1 } }]);
    assertEquals((await stale.json()).changed, 0);
    const read = await get("people/7");
    // Data for programs is not stored either, and tells browsers nothing that JSON has no use for.
    const told = ({ headers }: Response) =>
      ["cache-control", "x-content-type-options", "referrer-policy"].map((of) => headers.get(of));
    assertEquals(told(read), ["no-store", "nosniff", null]);
    assertEquals(told(await get("people/8")), ["no-store", "nosniff", "no-referrer"]);
    const { age_seconds, ...kept } = await read.json();
    assertEquals(kept, {
      ...{ view: "people", id: 7, time: "2026-01-31T08:00:00.000Z" },
      expired: age_seconds > 30 * DAY,
      values: { Age: 41.5, Debt: null },
    });
    // Many at once, in their order; what is not there is null.
    const { view: name, entities } = featuresAnswer.parse(
      await (await get("people?id=8&id=7&id=8")).json(),
    );
    assertEquals([name, entities.map(({ id }) => id)], ["people", [8, 7, 8]]);
    assertEquals(entities.map(({ values }) => values), [null, kept.values, null]);
    const ids = (count: number) => Array.from({ length: count }, (_, id) => `id=${id}`).join("&");
    const refusals = await Promise.all(
      ["people", "people?id=7&id=x", `people?${ids(101)}`, "peopl?id=7"].map((path) => get(path)),
    );
    assertEquals(refusals.map(({ status }) => status), [422, 422, 413, 404]);
    const statuses = [];
    for (const path of ["people/8", "peopl/7", "people/x", "people/7%20", "people/%F0%9F%A6%95"]) {
      const response = await get(path);
      statuses.push(response.status);
      assert((await response.json()).detail.length > 10);
    }
    assertEquals(statuses, [404, 404, 422, 422, 422]);
    const refused = await push([
      {
        id: "x",
        time: "1960-01-01T00:00:00Z",
        values: { Age: "old", "a/b": 1, Debt: "much" },
      },
    ]);
    assertEquals(refused.status, 422);
    assertEquals((await refused.json()).errors.map((one: { pointer: string }) => one.pointer), [
      ...["/rows/0/id", "/rows/0/time", "/rows/0/values/Age", "/rows/0/values/a~1b"],
      "/rows/0/values/Debt",
    ]);
    for (const rows of [[], [{ id: 1 }], "x"]) assertEquals((await push(rows)).status, 422);
    const many = Array.from({ length: 101 }, (_, id) => ({ id, values: {} }));
    assertEquals((await push(many)).status, 413);
    await features.store.declare(people);
    await features.reader.follow();
    assertEquals((await push([{ id: 7, values: {} }])).status, 409);
  }, { view, flags: ["--api-keys", user, "--admin-keys", admin] });
});

Deno.test("features: skew is the stability index over the training's deciles and categories", () => {
  const statistics = numericStatistics(Array.from({ length: 100 }, (_, i) => i));
  assertEquals([-1, 50, 1e9].map((value) => trainingBin(statistics, value)), ["0", "5", "9"]);
  assertEquals(trainingBin(statistics, null), "missing");
  assertEquals(trainingBin(undefined, 1), undefined);
  const metadata = {
    ...{ model_name: "m", version: "1" },
    reference_statistics: { total: statistics },
  };
  const read = (of: (i: number) => number) => {
    const bins = new Map<string, number>();
    for (let i = 0; i < 200; i++) {
      const bin = trainingBin(statistics, of(i))!;
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
    return featureSkew([{ model: "m", version: "1", feature: "total", bins }], [metadata]);
  };
  assertAlmostEquals(read((i) => i / 2)[0].value, 0, 0.01);
  assert(read((i) => 60 + i / 5)[0].value > 1);
  assertEquals(
    featureSkew([{ model: "m", version: "1", feature: "total", bins: new Map([["0", 199]]) }], [
      metadata,
    ]),
    [],
  );
});

Deno.test({
  name: `features: Redis away at the start, there, killed and back, with two workers${
    redisInstalled ? "" : " (needs redis-server)"
  }`,
  ignore: !redisInstalled,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      await tellViews(folder, [people]);
      await using redis = await RedisServer.start();
      await redis.kill();
      await using server = new ServerProcess(folder, [
        ...["--workers", "2", "--poll-seconds", "1", "--redis-url", redis.url],
        ...["--prediction-cache", "redis", "--feature-project", "shop"],
      ]);
      const { url } = await server.logged("listening") as { url: string };
      const predict = async () => {
        using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
        const response = await fetch(`${url}/predict`, {
          client,
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...rest, person: 7 }),
        });
        assertEquals(response.status, 200, await response.clone().text());
        return classAnswer.parse(await response.json());
      };
      const health = async () => await (await fetch(`${url}/health`)).json();
      const without = await predict();
      assert(without.warnings![0].done.includes("cannot be read now"), without.warnings![0].done);
      const { status, troubles } = await health();
      assertEquals([status, troubles.length], ["degraded", 1], troubles);
      assert(troubles[0].includes("Redis at 127.0.0.1"), troubles[0]);

      const fill = async () => {
        await redis.start();
        await using link = new RedisLink(redis.url);
        await link.tried;
        const store = new RedisStore(link, "shop");
        await store.declare(people);
        await store.write(people, [rowOf(7, Date.now(), 41)]);
      };
      const allFresh = async () => {
        const answers = [];
        for (let i = 0; i < 8; i++) answers.push(await predict());
        return answers.every(({ warnings }) => warnings === undefined);
      };
      await fill();
      await waitUntil(async () => (await health()).status === "healthy", "the server is well");
      await waitUntil(allFresh, "all workers read it");
      const stored = await predict();
      // Whichever thread is asked reads it itself.
      const read = async (id: number) => {
        using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
        const response = await fetch(`${url}/features/people/${id}`, { client });
        return [response.status, (await response.json()).values?.Age];
      };
      for (let i = 0; i < 8; i++) assertEquals(await read(7), [200, 41]);
      assertEquals(await read(8), [404, undefined]);
      const asked = await (await fetch(`${url}/metrics`)).text();
      assert(/http_requests_total\{[^}]*route="\/features\/:view\/:id"[^}]*\} \d/.test(asked));
      await redis.kill();
      await waitUntil(async () => (await health()).status === "degraded", "that is told");
      assertEquals((await predict()).probabilities, without.probabilities);
      await fill();
      await waitUntil(
        async () => (await health()).status === "healthy",
        "the server is well again",
      );
      await waitUntil(allFresh, "all workers read it again");
      assertEquals((await predict()).probabilities, stored.probabilities);
      const metrics = await (await fetch(`${url}/metrics`)).text();
      assert(/dinoflow_feature_reads_total\{view="people",result="failed"\} \d/.test(metrics));
      assertEquals(await server.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
