/** What models said is kept, never another's, never an error; who asks the same shares one inference. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { openPredictionCache } from "../../serve/cache/open_cache.ts";
import { Flight } from "../../serve/cache/flight.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { Remembering } from "./fixture.ts";
import { cached, model, request, Slow, turn } from "./cached_predictions.ts";

const configOf = (...args: string[]) =>
  readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;

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
