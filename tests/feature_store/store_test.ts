/** Stores for serving: the same contract in a file and in Redis, and Feast's format. */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "@std/path";
import { Random, ServiceError, UsageError } from "../../src/base/mod.ts";
import {
  changesOf,
  entityIdOf,
  type FeatureHistory,
  type FeatureView,
  featureView,
  knownAt,
  materialise,
  type OnlineStore,
  type StoredKind,
  type StoredValue,
  storedValueOf,
  viewNamed,
} from "../../src/feature_store/mod.ts";
import { RedisStore, SqliteStore } from "../../src/online_stores/mod.ts";
import {
  decodeTime,
  decodeValue,
  encodeTime,
  encodeValue,
  entityKey,
  featureField,
} from "../../src/online_stores/feast_format.ts";
import { RedisLink } from "../../src/redis/mod.ts";
import { redisInstalled, RedisServer } from "../redis_server.ts";
import { waitUntil } from "../wait_until.ts";
import feast from "./fixtures/feast.json" with { type: "json" };

const spending = featureView({
  name: "spending",
  entity: { name: "customer", kind: "text" },
  features: { payments: "integer", mean_payment: "number", channel: "text", late: "boolean" },
  source: "step",
});
const byNumber = featureView({
  name: "usage",
  entity: { name: "user_id", kind: "integer" },
  features: { hours: "number" },
  source: "step",
});

Deno.test("feast: keys, fields, values and moments are Feast's to the byte", () => {
  for (const { entity: name, kind, id, key } of feast.keys) {
    const view = { entity: { name, kind: kind as "text" | "integer" } };
    assertEquals(entityKey(view, id, "shop").toString("hex"), key);
  }
  for (const { view, feature, field } of feast.fields) {
    assertEquals(featureField(view, feature).toString("hex"), field);
  }
  for (const { kind, value, bytes } of feast.values) {
    assertEquals(encodeValue(kind as StoredKind, value).toString("hex"), bytes);
    assert(Object.is(decodeValue(Buffer.from(bytes, "hex")), value));
  }
  for (const { value, bytes } of feast.read) {
    assertEquals(decodeValue(Buffer.from(bytes, "hex")), value);
  }
  for (const { ms, bytes } of feast.moments) {
    assertEquals(encodeTime(ms).toString("hex"), bytes);
    assertEquals(decodeTime(Buffer.from(bytes, "hex")), ms);
  }
  for (const hex of ["ff", "12ff", "120161ff", "2900", "20ffffffffffffffffffff01", "0a0161"]) {
    assertEquals(decodeValue(Buffer.from(hex, "hex")), undefined, hex);
  }
  assertEquals(decodeTime(Buffer.from("ff", "hex")), undefined);
});

/** Both stores, each empty. */
function stores(name: string, test: (store: OnlineStore) => Promise<void>): void {
  Deno.test(`store: ${name}, in a file`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using store = new SqliteStore(join(folder, "below", "online.db"));
      await test(store);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
  Deno.test({
    name: `store: ${name}, in Redis${redisInstalled ? "" : " (needs redis-server)"}`,
    ignore: !redisInstalled,
    fn: async () => {
      await using server = await RedisServer.start();
      await using link = new RedisLink(server.url);
      await link.tried;
      await using store = new RedisStore(link, "shop");
      await test(store);
    },
  });
}

stores("keeps what is newest, whoever writes last", async (store) => {
  assertEquals([await store.views(), await store.position("spending")], [[], undefined]);
  assertEquals(await store.read(spending, ["a"]), [undefined]);
  await store.declare(spending);
  assertEquals(await store.views(), [spending]);
  const values = { payments: 3, mean_payment: 0.1, channel: "ü:\0🦕", late: false };
  const ids = ["a", "", "a:b", "ü\n", "x".repeat(1000), "__proto__"].filter((id) => id !== "");
  const rows = ids.map((id) => ({ id, time: 2000.5, values }));
  assertEquals(await store.write(spending, rows), ids.length);
  assertEquals(
    await store.read(spending, [...ids, "A"]),
    [...ids.map(() => ({ time: 2000.5, values })), undefined],
  );
  const write = (time: number, payments: number) =>
    store.write(spending, [{ id: "a", time, values: { payments } }]);
  const payments = async () => (await store.read(spending, ["a"]))[0]!.values.payments;
  assertEquals([await write(2000.25, 9), await payments()], [0, 3]);
  assertEquals([await write(1999, 9), await payments()], [0, 3]);
  assertEquals([await write(2000.5, 4), await payments()], [1, 4]);
  assertEquals([await write(1.7e12 + 123, 5), await payments()], [1, 5]);
  assertEquals((await store.read(spending, ["a"]))[0], {
    time: 1.7e12 + 123,
    values: { payments: 5, mean_payment: null, channel: null, late: null },
  });
  await store.setPosition("spending", 17);
  await store.setPosition("spending", 18);
  assertEquals(await store.position("spending"), 18);
  // A whole number and a text are different ids.
  await store.write(byNumber, [{ id: -7, time: 1, values: { hours: 1.5 } }]);
  assertEquals((await store.read(byNumber, [-7, 7]))[0]?.values, { hours: 1.5 });
});

stores("is materialised bit by bit, and twice is once", async (store) => {
  const history: FeatureHistory = {
    ids: ["a", "b", "a", "a", undefined],
    times: Float64Array.of(10, 20, 30, 40, 50),
    values: {
      payments: [1, 2, 3, 4, 5],
      mean_payment: [null, 1, 1, 1, 1],
      channel: ["x", "x", null, "x", "x"],
      late: [true, true, true, true, true],
    },
  };
  const run = (until: number, more = {}) =>
    materialise(store, spending, history, { until, ...more });
  const of = async (id: string) => (await store.read(spending, [id]))[0]?.values.payments;
  assertEquals(await run(35), {
    ...{ view: "spending", rows: 3, entities: 2, from: null },
    until: new Date(35).toISOString(),
  });
  assertEquals([await of("a"), await of("b")], [3, 2]);
  assertEquals((await run(35)).rows, 0);
  assertEquals([(await run(100)).rows, await of("a")], [1, 4]);
  // Rows that came late are seen by who looks back.
  assertEquals((await run(100, { lateSeconds: 0.07 })).rows, 1);
  // An older one never takes the place of a newer one.
  assertEquals([(await run(35, { full: true })).entities, await of("a")], [1, 4]);
  assertEquals(await store.position("spending"), 100);
  // Another declaration is materialised as a whole.
  const { late: _, ...fewer } = spending.features;
  const changed = featureView({ ...spending, features: fewer });
  assertEquals((await materialise(store, changed, history, { until: 100 })).rows, 4);
  assertEquals(await store.views(), [changed]);
  const pushed: FeatureView = { ...spending, source: "request" };
  await assertRejects(
    () => materialise(store, pushed, history, { until: 1 }),
    UsageError,
    "requests write it",
  );
});

stores("gives at each moment what a join gives for it", async (store) => {
  const random = new Random(5);
  const count = 60;
  const view = featureView({ ...byNumber, ttlSeconds: 0.02 });
  const history: FeatureHistory = {
    ids: Array.from({ length: count }, () => random.int(4)),
    times: Float64Array.from({ length: count }, () => 5 * random.int(30)),
    values: { hours: Array.from({ length: count }, (_, i) => i % 7 === 0 ? null : i / 3) },
  };
  const ids = [0, 1, 2, 3, 4];
  for (let now = 0; now <= 200; now += 5) {
    await materialise(store, view, history, { until: now });
    const times = Float64Array.from(ids, () => now);
    const joined = [...knownAt(ids, times, history, view.ttlSeconds)]
      .map((place) => place < 0 ? null : history.values.hours[place]);
    const read = (await store.read(view, ids)).map((kept) =>
      kept === undefined || now - kept.time > 20 ? null : kept.values.hours
    );
    assertEquals(read, joined, `at ${now}`);
  }
});

Deno.test("store: what a file holds that cannot be read is told", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "online.db");
    await Deno.writeTextFile(path, "no database".repeat(100));
    await using store = new SqliteStore(path);
    await assertRejects(() => store.views(), ServiceError, path);
    assert(store.trouble!.includes("not a database"), store.trouble);
    await Deno.remove(path);
    await store.declare(spending);
    assertEquals(store.trouble, undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: `store: Redis is killed and comes back${redisInstalled ? "" : " (needs redis-server)"}`,
  ignore: !redisInstalled,
  fn: async () => {
    await using server = await RedisServer.start();
    await using link = new RedisLink(server.url);
    await link.tried;
    const store = new RedisStore(link, "shop");
    await store.write(byNumber, [{ id: 1, time: 1, values: { hours: 1 } }]);
    await server.kill();
    await assertRejects(() => store.read(byNumber, [1]), ServiceError);
    await waitUntil(() => store.trouble !== undefined, "it is known");
    await server.start();
    await waitUntil(() => store.trouble === undefined, "it is back");
    assertEquals(await store.read(byNumber, [1]), [undefined]);
    await link.ask((redis) => redis("HSET", "dinoflow:features:shop:views", "x", '{"name":1'));
    await assertRejects(() => store.views(), ServiceError, 'holds no feature view but "{');
    // What others keep there is not taken for features.
    await link.ask((redis) => redis("SET", entityKey(byNumber, 2, "shop"), "x"));
    await assertRejects(() => store.read(byNumber, [2]), ServiceError, "WRONGTYPE");
    assertEquals(store.trouble, undefined);
  },
});

Deno.test("views: what cannot be is refused with what to do", () => {
  const refused = (changed: Partial<FeatureView>, wanted: string) =>
    assertThrows(() => featureView({ ...spending, ...changed }), UsageError, wanted);
  refused({ name: "a:b" }, "that is no name");
  refused({ name: "" }, "that is no name");
  refused({ features: {} }, "it has no features");
  refused({ features: { customer: "text" } }, "is its entity and a feature");
  refused({ features: { a: "float" as "number" } }, 'cannot be of kind "float"');
  refused({ ttlSeconds: 0 }, "a TTL of 0 seconds");
  refused({ ttlSeconds: NaN }, "a TTL of NaN seconds");
  refused({ source: "batch" as "step" }, 'cannot be "batch"');
  const error = assertThrows(
    () => viewNamed([spending], "spendin"),
    Error,
    "declared are spending",
  );
  assertEquals((error as UsageError).next, 'did you mean "spending"?');
  assertThrows(() => viewNamed([], "x"), Error, "none is declared");
});

Deno.test("views: ids and values are read by their kinds", () => {
  const text = { entity: { name: "a", kind: "text" as const } };
  const integer = { entity: { name: "a", kind: "integer" as const } };
  assertEquals(["x", 7, "", null, {}, "y".repeat(1001)].map((id) => entityIdOf(text, id)), [
    ...["x", "7", undefined, undefined, undefined, undefined],
  ]);
  assertEquals(
    [7, "7", "-7", -0, 1.5, "1.5", 2 ** 53, null, true].map((id) => entityIdOf(integer, id)),
    [
      ...[7, 7, -7, 0, undefined, undefined, undefined, undefined, undefined],
    ],
  );
  const cases: (readonly [StoredKind, unknown, StoredValue | undefined])[] = [
    ...(["number", "integer", "text", "boolean"] as const).flatMap((kind) =>
      [null, undefined, NaN].map((value): [StoredKind, unknown, null] => [kind, value, null])
    ),
    ...[["number", Infinity, undefined], ["number", "1", undefined], ["number", -0, -0]] as const,
    ...[["integer", 1.5, undefined], ["integer", 2 ** 60, undefined], ["integer", 3, 3]] as const,
    ...[["text", "", ""], ["text", 1, undefined], ["boolean", 1, undefined]] as const,
  ];
  for (const [kind, value, wanted] of cases) {
    assert(Object.is(storedValueOf(kind, value), wanted), `${kind} ${value}`);
  }
});

Deno.test("views: what changed is told by feature", () => {
  const of = (changed: Partial<FeatureView>) => changesOf(spending, { ...spending, ...changed });
  assertEquals(of({ ttlSeconds: 1, description: "other" }).size, 0);
  assertEquals(of({ features: { ...spending.features, more: "text" } }).size, 0);
  const { late: _, ...fewer } = spending.features;
  assertEquals([...of({ features: fewer })], [["late", "it is gone from its view"]]);
  const other = { ...spending.features, payments: "text" as const };
  assertEquals([...of({ features: other }).values()], ["it is now of kind text, and was integer"]);
  assertEquals(of({ entity: { name: "user", kind: "text" } }).size, 4);
});
