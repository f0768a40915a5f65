/** Fingerprints of steps, and how what is different in them is told. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { objectKey } from "../../src/artifact_store/mod.ts";
import { digestOf } from "../../src/base/mod.ts";
import { fingerprintDigest, sameFingerprint } from "../../src/pipeline/cache/fingerprint.ts";
import { itemChanges, itemText } from "../../src/pipeline/cache/item_changes.ts";
import { differences, isOpen, reasonText } from "../../src/pipeline/cache/reasons.ts";
import type { Item, WorkNode } from "../../src/pipeline/define/graph.ts";
import { stepFunction } from "../../src/pipeline/mod.ts";
import { build, KeptSteps, rest, unclaimed } from "./kept_steps.ts";

Deno.test("fingerprints are the same in every part or not at all", () => {
  const one = {
    ...{ schema: 2, code: { a: "1", b: "2" }, params: { n: "1" }, inputs: { x: "1" }, item: "i" },
    ...{ deno: "2", platform: "p", config: "c", lock: "l" },
  } as const;
  const other = (part: object) => ({ ...one, ...part }) as never;
  assertEquals(sameFingerprint(one as never, other({ code: { b: "2", a: "1" } })), true);
  for (
    const part of [
      ...[{ schema: 3 }, { code: { a: "1" } }, { code: { a: "1", c: "2" } }, {
        code: { a: "1", b: "3" },
      }],
      ...[{ params: { n: "2" } }, { inputs: { x: "2" } }, { inputs: {} }, { item: "j" }],
      ...[{ deno: "3" }, { platform: "q" }, { config: "d" }, { lock: "m" }, { chosen: ["x"] }],
    ]
  ) {
    assertEquals(sameFingerprint(one as never, other(part)), false, JSON.stringify(part));
    assertEquals(sameFingerprint(other(part), one as never), false, JSON.stringify(part));
  }
  const reasons = (wanted: object, kept: object = {}) =>
    differences(other(wanted), other(kept), [undefined, undefined]);
  const told = (...both: Parameters<typeof reasons>) => reasons(...both).map(reasonText);
  assertEquals(told({}), []);
  assertEquals(told({ deno: "3" }), ["ENVIRONMENT Deno changed"]);
  assertEquals(told({ schema: 3 }), ["ENVIRONMENT Deno changed"]);
  assertEquals(told({ platform: undefined }), ["ENVIRONMENT platform changed"]);
  assertEquals(told({ inputs: { x: undefined } }), ["INPUT x runs first"]);
  assertEquals(told({ inputs: {} }), ["INPUT x changed"]);
  assertEquals(reasons({ inputs: { x: undefined } }).map(isOpen), [true]);
  assertEquals(reasons({ inputs: { x: "2" } }).map(isOpen), [false]);
  assertEquals(told({ item: "j" }), ["ITEM changed"]);
  const long = "1".repeat(100);
  assertEquals(told({ params: { n: long } }, { params: { n: long + "2" } }), ["PARAMS n changed"]);
  assertEquals(told({ params: { n: long } }, { params: { n: `${long.slice(1)}2` } }), [
    `PARAMS n ${long.slice(1)}2 → ${long}`,
  ]);
});

Deno.test("fingerprints have the digest under which every later version finds them", async () => {
  const digest = await fingerprintDigest({
    ...{ schema: 2, code: { "b.ts": "2", "a.ts": "1" }, params: {}, inputs: { x: "1" } },
    ...{ lock: "l", config: "c", deno: "2", platform: undefined },
  });
  const text = '{"code":{"a.ts":"1","b.ts":"2"},"config":"c","deno":"2","inputs":{"x":"1"},' +
    '"lock":"l","params":{},"schema":2}';
  assertEquals(digest, await digestOf(text));
});

Deno.test("items are told part by part, long ones not at all", () => {
  assertEquals(itemText({ a: 1 }), '{"a":1}');
  assertEquals(itemText("x".repeat(998))?.length, 1000);
  assertEquals(itemText("x".repeat(999)), undefined);
  assertEquals([itemText(undefined), itemText(1n)], [undefined, undefined]);
  assertEquals(itemChanges(undefined, "1"), []);
  assertEquals(itemChanges("1", undefined), []);
  assertEquals(itemChanges("1", "2"), [{ name: "", from: "1", to: "2" }]);
  assertEquals(itemChanges("[1]", "[2]"), [{ name: "", from: "[1]", to: "[2]" }]);
  assertEquals(itemChanges("null", "{}"), [{ name: "", from: "null", to: "{}" }]);
  assertEquals(itemChanges('{"a":1,"b":{"c":1}}', '{"b":{"c":1,"d":2}}'), [
    { name: "a", from: "1", to: undefined },
    { name: "b.d", from: undefined, to: "2" },
  ]);
  const told = (name: string, from?: string, to?: string) =>
    reasonText({ type: "ITEM", changes: [{ name, from, to }] });
  assertEquals(told("a", undefined, "2"), "ITEM a (none) → 2");
  assertEquals(told("a", "1"), "ITEM a 1 → (none)");
  assertEquals(told("", "1", "2"), "ITEM 1 → 2");
});

Deno.test("fingerprints: what runs each time runs once in an orchestrated run", async () => {
  for (
    const [code, options, each] of [
      [{ unknown: ["x"] }, {}, "a: run CODE UNKNOWN x cannot be followed"],
      [{}, { cache: false }, "a: run NOT CACHED"],
    ] as const
  ) {
    const kept = new KeptSteps();
    kept.code.a = { ...code };
    const graph = kept.graph(build(({ step }) => {
      const a = step("a", {}, () => 1, options);
      step("b", { a }, () => 2);
    }));
    const plan = (partOf?: string) => kept.plan(graph, { steps: kept.open({ partOf }) });
    await kept.run(graph, kept.open({ partOf: "o1" }));
    assertEquals(await plan("o1"), ["a: cached", "b: cached"]);
    // What follows is not of the run: it stands if its input comes out as it was.
    assertEquals(await plan("o2"), [
      'a: run PARAMS (run) "o1" → "o2"',
      "b: maybe INPUT a runs first",
    ]);
    assertEquals(await plan(), [each, "b: maybe INPUT a runs first"]);
  }
});

Deno.test("fingerprints: of environment variables counts the value, if they may be read at all", async () => {
  const name = "STEP_CACHE_REGION";
  const kept = new KeptSteps();
  kept.code.a = { env: [name] };
  const graph = kept.graph(build(({ step }) => void step("a", () => 1)));
  await kept.run(graph);
  assertEquals(await kept.plan(graph), ["a: cached"]);
  Deno.env.set(name, "");
  assert(/^a: run PARAMS env STEP_CACHE_REGION \w{64} → \w{64}$/.test((await kept.plan(graph))[0]));
  const { get } = Deno.env;
  const failing = (error: Error) => {
    Deno.env.get = () => {
      throw error;
    };
    return kept.plan(graph);
  };
  try {
    assertEquals(await failing(new Deno.errors.NotCapable()), ["a: cached"]); // as without it
    await assertRejects(() => failing(new TypeError("No name")), TypeError, "No name");
  } finally {
    Deno.env.get = get;
    Deno.env.delete(name);
  }
});

Deno.test("fingerprints: the platform counts for who says that it does", async () => {
  const kept = new KeptSteps();
  const platforms: (string | undefined)[] = [];
  for (const platform of [undefined, true]) {
    const [node] = kept.graph(build(({ step }) => void step("a", {}, () => 1, { platform }))).nodes;
    const { record } = await kept.open().keep(node, undefined, {}, 1, rest, unclaimed);
    platforms.push(record.fingerprint.platform);
  }
  assertEquals(platforms, [undefined, Deno.build.target]);
});

const fitted = stepFunction(import.meta.url, "fitted", () => 1, {
  input: "best",
  pick: ({ kinds }) => kinds,
});

Deno.test("fingerprints: an input tells what its step chooses, and is read where that may be new", async () => {
  const kept = new KeptSteps();
  const graphOf = (kinds: string[]) =>
    kept.graph(build(({ step, each }) => {
      const best = step("best", () => ({ kinds }));
      each("fit", ["x", "y"], { best }, fitted({}));
    }));
  const graph = graphOf(["tree", "line", "tree"]);
  const [, fit] = graph.nodes as (WorkNode & { items: Item[] })[];
  const [item] = fit.items;
  const first = kept.open();
  await kept.run(graph, first);
  // Code with each choice is asked for once, and the input of both items is read once.
  assertEquals(kept.asked, ["best all", "fit line,tree"]);
  const { fingerprint: { chosen, inputs } } = first.found["fit[x]"].record;
  assertEquals(chosen, ["line", "tree"]);
  const best = objectKey(inputs.best);
  const readsOf = (key: string) => kept.store.reads.splice(0).filter((read) => read === key).length;
  assertEquals(readsOf(best), 1);
  const { found } = first;
  const decide = (options = {}) =>
    kept.open({ found, current: true, ...options }).decide(fit, item, inputs, false);
  assertEquals((await decide()).verdict, "cached");
  assertEquals(readsOf(best), 0);
  assertEquals((await decide({ lock: "m" })).verdict, "run");
  assertEquals(readsOf(best), 1);
  kept.code["fit bush"] = { code: { "bush.ts": "1" } };
  const other = await first.artifacts.put({ kinds: ["bush"] });
  const change = await first.decide(fit, item, { best: other.digest }, false);
  assertEquals("reasons" in change && change.reasons.map(reasonText), [
    ...["CODE bush.ts added", "CODE p.ts removed", "INPUT best changed"],
  ]);
  // Other code than what is chosen does not count.
  assertEquals(await kept.plan(graph), ["best: cached", "fit[x]: cached", "fit[y]: cached"]);
  kept.code["fit line,tree"] = { code: { "p.ts": "2" } };
  assertEquals((await kept.plan(graph)).at(-1), "fit[y]: run CODE p.ts changed");
  assertEquals((await decide()).verdict, "run");
  delete kept.code["fit line,tree"];
  // What an input that is not there will choose may be what it chose.
  kept.code.fit = { code: { "all.ts": "1" } };
  kept.code["fit line,tree"] = {};
  kept.code.best = { code: { "p.ts": "2" } };
  assertEquals(await kept.plan(graph), [
    "best: run CODE p.ts changed",
    "fit[x]: maybe INPUT best runs first",
    "fit[y]: maybe INPUT best runs first",
  ]);
  await kept.store.remove(best);
  const open = await decide({ found: {} });
  assertEquals(open, { verdict: "maybe", reasons: [] });
  const read = kept.store.read.bind(kept.store);
  kept.store.read = (key) =>
    key === best ? Promise.reject(new Error("The disk is broken")) : read(key);
  await assertRejects(() => decide({ found: {} }), Error, "The disk is broken");
});
