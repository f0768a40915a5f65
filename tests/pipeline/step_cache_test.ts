/** What a kept output depends on, and when it stands: the cache in one process. */

import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { digestOf, UserError } from "../../src/base/mod.ts";
import { openGeneration } from "../../src/pipeline/cache/generation.ts";
import { recordFolder, type StepRecord } from "../../src/pipeline/cache/step_cache.ts";
import type { WorkNode } from "../../src/pipeline/define/graph.ts";
import { objectKey, readStoredJson, writeJson } from "../../src/artifact_store/mod.ts";
import { stepFunction } from "../../src/pipeline/mod.ts";
import { build, KeptSteps, RefusingStore, rest, SlowStore, unclaimed } from "./kept_steps.ts";

const single = build(({ step }) => void step("a", () => 1));

/** One kept step, and what is said of it after a change. */
async function after(change: (kept: KeptSteps) => Parameters<KeptSteps["open"]>[0] | void) {
  const kept = new KeptSteps();
  kept.params.rounds = 1;
  kept.params.other = 1;
  kept.params.secret = "s1";
  kept.code.a = {
    code: { "p.ts": "1", "lib.ts": "1" },
    params: ["rounds", "secret"],
    mentioned: ["rounds"],
  };
  const given = { secrets: ["secret"] };
  await kept.run(kept.graph(single), kept.open(given));
  const options = change(kept) ?? {};
  const [line] = await kept.plan(kept.graph(single), {
    steps: kept.open({ ...given, ...options }),
  });
  return line.replace("a: ", "");
}

Deno.test("step cache: each thing that an output depends on runs it again, and is named", async () => {
  assertEquals(await after(() => {}), "cached");
  assertEquals(await after(() => ({ lock: "m" })), "run ENVIRONMENT deno.lock changed");
  assertEquals(await after(() => ({ config: "d" })), "run ENVIRONMENT deno.json changed");
  assertEquals(
    await after((kept) =>
      void (kept.code.a = { ...kept.code.a, code: { "p.ts": "1", "new.ts": "1" } })
    ),
    "run CODE lib.ts removed CODE new.ts added",
  );
  assertEquals(
    await after((kept) =>
      void (kept.code.a = { ...kept.code.a, code: { "p.ts": "2", "lib.ts": "1" } })
    ),
    "run CODE p.ts changed",
  );
  assertEquals(await after((kept) => void (kept.params.rounds = 2)), "run PARAMS rounds 1 → 2");
  assertEquals(await after((kept) => void (kept.params.other = 2)), "cached");
  assertEquals(await after(() => ({ enabled: false })), "run NOT CACHED");
  // The wiring read it in a way that its code does not show.
  assertEquals(await after(() => ({ reads: ["rounds"] })), "cached");
  assertEquals(await after(() => ({ reads: ["other"] })), "run PARAMS other (none) → 1");
});

Deno.test("step cache: of a secret only a digest is kept, and a change is seen", async () => {
  const line = await after((kept) => void (kept.params.secret = "s2"));
  assert(/^run PARAMS secret "secret [0-9a-f]{64}" → "secret [0-9a-f]{64}"$/.test(line), line);
});

Deno.test("step cache: code that cannot be followed runs every time, each reason is told", async () => {
  assertEquals(
    await after((kept) => void (kept.code.a = { ...kept.code.a, unknown: ["x", "y"] })),
    "run CODE UNKNOWN x cannot be followed CODE UNKNOWN y cannot be followed",
  );
});

Deno.test("step cache: all parameters count where all are used, their order too", async () => {
  const kept = new KeptSteps();
  kept.code.a = { params: ["*"], mentioned: ["*"] };
  Object.assign(kept.params, { b: 1, c: 2 });
  const graph = kept.graph(single);
  await kept.run(graph);
  assertEquals(await kept.plan(graph), ["a: cached"]);
  assertEquals(await kept.plan(graph, { steps: kept.open({ reads: ["b"] }) }), ["a: cached"]);
  assertEquals(
    await kept.plan(graph, { steps: kept.open({ params: { c: 2, b: 1 } }) }),
    ['a: run PARAMS (order) (none) → "c,b"'],
  );
  kept.params.c = 3;
  assertEquals(await kept.plan(graph), ["a: run PARAMS c 2 → 3"]);
});

Deno.test("step cache: the order of inputs is what the step sees", async () => {
  const kept = new KeptSteps();
  const wired = (turned: boolean) =>
    kept.graph(build(({ step }) => {
      const [x, y] = [step("x", () => 1), step("y", () => 2)];
      step("both", turned ? { y, x } : { x, y }, (inputs: object) => Object.keys(inputs).join());
    }));
  await kept.run(wired(false));
  assertEquals((await kept.plan(wired(false))).at(-1), "both: cached");
  assertEquals((await kept.plan(wired(true))).at(-1), "both: run CODE (order of inputs) added");
});

Deno.test("step cache: an output that is gone is made again", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(build(({ step }) => {
    const a = step("a", () => 1);
    step("b", { a }, () => 2);
  }));
  await kept.run(graph);
  const folder = await recordFolder("p", { step: "b" });
  for await (const { key } of kept.store.list(folder)) {
    const { output } = (await readStoredJson<StepRecord>(kept.store, key))!;
    await kept.store.remove(objectKey(output.digest));
  }
  assertEquals(await kept.plan(graph), ["a: cached", "b: run OUTPUT MISSING"]);
  kept.code.a = { code: { "p.ts": "2" } };
  assertEquals((await kept.plan(graph))[1], "b: run OUTPUT MISSING INPUT a runs first");
});

Deno.test("step cache: a record that is damaged or of another version counts for nothing", async () => {
  const changes: ((record: Record<string, unknown>) => unknown)[] = [
    () => undefined,
    (record) => ({ ...record, fingerprint: { ...record.fingerprint as object, schema: -1 } }),
    (record) => ({ ...record, output: {} }),
    (record) => ({ ...record, lines: "none" }),
    (record) => ({ ...record, metrics: undefined }),
  ];
  for (const change of changes) {
    const kept = new KeptSteps();
    const graph = kept.graph(single);
    await kept.run(graph);
    for await (const { key } of kept.store.list("steps/p/a/")) {
      const record = (await readStoredJson<Record<string, unknown>>(kept.store, key))!;
      await writeJson(kept.store, key, change(record) ?? {});
    }
    assertEquals(await kept.plan(graph), ["a: run NEW"], String(change));
  }
});

Deno.test("step cache: the newest record tells what is different", async () => {
  const kept = new KeptSteps();
  kept.code.a = { params: ["rounds"] };
  const graph = kept.graph(single);
  const [node] = graph.nodes;
  for (const [rounds, at] of [[1, "2024-01-02"], [2, "2024-01-03"], [3, "2024-01-01"]]) {
    const steps = kept.open({ params: { rounds } });
    await steps.keep(node, undefined, {}, 1, { ...rest, at: String(at) }, unclaimed);
  }
  const steps = kept.open({ params: { rounds: 4 } });
  assertEquals(await kept.plan(graph, { steps }), ["a: run PARAMS rounds 2 → 4"]);
});

/** Of an object that fails by itself, whoever looks at it. */
const unreadable: ProxyHandler<object> = {
  ownKeys() {
    throw new Error("Not readable");
  },
};

Deno.test("step cache: an item counts by its value, or by the code of its list if it has no bytes", async () => {
  const kept = new KeptSteps();
  const of = (items: unknown[]) =>
    kept.graph(build(({ each }) => void each("part", items, () => 1)));
  await kept.run(of([{ name: "x", depth: 2, leaf: { least: 1 } }]));
  assertEquals(await kept.plan(of([{ name: "x", depth: 2, leaf: { least: 1 } }])), [
    "part[x]: cached",
  ]);
  assertEquals(await kept.plan(of([{ name: "x", depth: 3, leaf: { least: 4 } }])), [
    "part[x]: run ITEM depth 2 → 3, leaf.least 1 → 4",
  ]);
  assertEquals(await kept.plan(of([{ name: "x", depth: 2 }])), [
    'part[x]: run ITEM leaf {"least":1} → (none)',
  ]);
  assertEquals(await kept.plan(of([{ name: "x", depth: 2, leaf: { least: 1 } }, "y"])), [
    "part[x]: cached",
    "part[y]: run NEW",
  ]);
  const work = () => 1;
  kept.code.part = { items: { code: { "list.ts": "1" }, params: ["rounds"] } };
  Object.assign(kept.params, { rounds: 1, other: 1 });
  await kept.run(of([{ name: "f", work }]));
  kept.params.other = 2;
  assertEquals(await kept.plan(of([{ name: "f", work }])), ["part[f]: cached"]);
  kept.params.rounds = 2;
  assertEquals(await kept.plan(of([{ name: "f", work }])), ["part[f]: run PARAMS rounds 1 → 2"]);
  kept.params.rounds = 1;
  kept.code.part = { items: { code: { "list.ts": "2" }, params: ["rounds"] } };
  // The list's code makes the item and is code of the step.
  assertEquals(await kept.plan(of([{ name: "f", work }])), [
    "part[f]: run CODE list.ts changed ITEM changed",
  ]);
  // Where it is not known what makes the list, all may.
  kept.code.part = {};
  await kept.run(of([{ name: "g", work }]));
  assertEquals(await kept.plan(of([{ name: "g", work }])), ["part[g]: cached"]);
  kept.params.rounds = 2;
  assertEquals(await kept.plan(of([{ name: "g", work }])), ["part[g]: run PARAMS rounds 1 → 2"]);
  const odd = new Proxy({ name: "h" }, unreadable);
  await assertRejects(() => kept.plan(of([odd])), Error, "Not readable");
});

Deno.test("step cache: what was remembered is used while no record was written, else it is read", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(single);
  const first = kept.open();
  assertEquals(first.learned, false);
  await kept.run(graph, first);
  assertEquals([first.learned, Object.keys(first.found)], [true, ["a"]]);
  const { found } = first;
  for await (const { key } of kept.store.list("steps/p/a/")) await kept.store.remove(key);
  const plan = (current: boolean) => kept.plan(graph, { steps: kept.open({ found, current }) });
  assertEquals(await plan(true), ["a: cached"]);
  assertEquals(await plan(false), ["a: run NEW"]);
  assertEquals(kept.open({ found, current: true }).found, found);
  assertEquals(kept.open({ found, current: false }).found, {});
  // Of another fingerprint it is not taken.
  assertEquals(
    await kept.plan(graph, { steps: kept.open({ found, current: true, lock: "m" }) }),
    ["a: run NEW"],
  );
});

Deno.test("step cache: records tell what was written, whether they are there, what another made", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(build(({ step, each }) => {
    step("a", () => 1);
    each("part", ["x[1]"], () => 2);
  }));
  const [node, part] = graph.nodes;
  const steps = kept.open();
  assertEquals((await steps.knownOf(node, undefined, {}, false)).files, undefined);
  const { digest, record } = await steps.keep(node, undefined, {}, 1, rest, unclaimed);
  assertEquals(record.files, []);
  const known = await steps.knownOf(node, undefined, {}, false);
  assertEquals(known, { fingerprint: digest, files: [] });
  assertEquals(await steps.ownDigest(node, undefined), digest);
  assertEquals((await steps.knownOf(node, undefined, {}, true)).files, undefined);
  assertNotEquals((await steps.knownOf(node, undefined, { x: "1" }, false)).fingerprint, digest);
  assertEquals([await steps.isKept("a", digest), await steps.isKept("a", "no")], [true, false]);
  const [item] = (part as WorkNode & { items: [] }).items;
  const kept2 = await steps.keep(part, item, {}, 2, rest, unclaimed);
  assertEquals(await steps.isKept("part[x[1]]", kept2.digest), true);
  const made = await kept.open().madeMeanwhile({ step: "a" }, digest);
  assertEquals([made?.verdict, made?.output.digest, made?.fingerprint, made?.files], [
    ...["cached", record.output.digest, digest, []],
  ]);
  assertEquals(await kept.open().madeMeanwhile({ step: "a" }, "no"), undefined);
  // One that is there for its readers alone leaves no record.
  const brief = kept.open({ lock: "m" });
  let claims = 0;
  const claim = () => Promise.resolve(void claims++);
  const again = await brief.keep(node, undefined, {}, 5, rest, claim, false);
  assertEquals([await brief.isKept("a", again.digest), claims, brief.learned], [false, 0, false]);
  await brief.keep(node, undefined, {}, 5, rest, claim);
  assertEquals([await brief.isKept("a", again.digest), claims], [true, 1]);
  const old = `${await recordFolder("p", { step: "a" })}old.json`;
  await writeJson(kept.store, old, { ...record, files: undefined });
  assertEquals((await steps.knownOf(node, undefined, {}, false)).files, undefined); // not of all
  assertEquals(await steps.importsOf(node), []);
  kept.code.a = { imports: ["x.ts"] };
  assertEquals(await kept.open().importsOf(node), ["x.ts"]);
  const error = await assertRejects(
    () => steps.keep(part, item, {}, () => 1, rest, unclaimed),
    UserError,
    "Cannot keep the output of step part[x[1]]",
  );
  assert(error.next?.includes("plain data"));
});

Deno.test("step cache: what the store fails with is told as it is", async () => {
  const kept = new KeptSteps();
  const [node] = kept.graph(single).nodes;
  const store = new RefusingStore(new Error("The disk is broken"));
  const steps = kept.open({ store });
  const keep = () => steps.keep(node, undefined, {}, 1, rest, unclaimed);
  assertEquals((await assertRejects(keep, Error)).message, "The disk is broken");
  await assertRejects(() => openGeneration(store, "p"), Error, "The disk is broken");
  assertEquals(
    (await openGeneration(new RefusingStore(new Deno.errors.PermissionDenied()), "p")).name,
    "none",
  );
});

const repeat = stepFunction(
  import.meta.url,
  "repeat",
  ({ times }: { times: number; hint?: string }) => "ab".repeat(times),
);

Deno.test("step cache: what a library's step was given counts by value", async () => {
  const kept = new KeptSteps();
  kept.params.rounds = 1;
  const of = (given: { times: number; hint?: string }) =>
    kept.graph(build(({ step }) => void step("a", {}, repeat(given))));
  await kept.run(of({ times: 2 }));
  assertEquals(await kept.plan(of({ times: 2 })), ["a: cached"]);
  assertEquals(await kept.plan(of({ times: 2, hint: undefined })), ["a: cached"]);
  assertEquals(await kept.plan(of({ times: 3 })), ["a: run PARAMS times 2 → 3"]);
  // What the wiring read is not the library's.
  assertEquals(
    await kept.plan(of({ times: 2 }), { steps: kept.open({ reads: ["rounds"] }) }),
    ["a: cached"],
  );
});

Deno.test("step cache: records are where every later version looks for them", async () => {
  assertEquals(await recordFolder("p", { step: "s" }), "steps/p/s/step/");
  const item = (await digestOf("x")).slice(0, 24);
  assertEquals(await recordFolder("p", { step: "s", item: "x" }), `steps/p/s/item-${item}/`);
});

Deno.test("step cache: parameters that have no bytes are refused", async () => {
  const kept = new KeptSteps();
  kept.code.a = { params: ["work"] };
  const graph = kept.graph(single);
  kept.params.work = () => 1;
  await assertRejects(
    () => kept.plan(graph),
    UserError,
    'Cannot hash the parameter "work"',
  );
  kept.params.work = new Proxy({}, unreadable);
  const error = await assertRejects(() => kept.plan(graph), Error);
  assertEquals(error.message, "Not readable");
});

Deno.test("step cache: once one expected output is read, all are", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(build(({ step, each }) => {
    step("a", () => 1);
    each("part", ["x"], () => 2);
  }));
  const first = kept.open();
  await kept.run(graph, first);
  const { found } = first;
  const steps = kept.open({ found, current: true });
  steps.expect(() => [{ step: "part", item: "x" }, { step: "new" }]);
  kept.store.reads.length = 0;
  await steps.decide(graph.nodes[0], undefined, {}, false);
  const of = (name: string) => objectKey(found[name].record.output.digest);
  assertEquals(kept.store.reads.sort(), [of("a"), of("part[x]")].sort());
});

Deno.test("step cache: a record is written after others hear of it, and before a step is done", async () => {
  const kept = new KeptSteps();
  const [node] = kept.graph(single).nodes;
  const told: string[] = [];
  const later = async (text: string) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    told.push(text, ...kept.store.writes.filter((key) => key.startsWith("steps/")));
  };
  const steps = kept.open({ onKeep: () => later("begins") });
  const claim = async () => {
    await later("claims");
    return undefined;
  };
  const { digest } = await steps.keep(node, undefined, {}, 1, rest, claim);
  assertEquals([...told, await steps.isKept("a", digest)], ["claims", "begins", true]);
});

Deno.test("step cache: a generation is another one for whoever looks while records are written", async () => {
  const store = new SlowStore();
  const first = await openGeneration(store, "p");
  assertEquals((await openGeneration(store, "p")).name, first.name);
  assertEquals(await first.end(), first.name); // nothing was written
  assertNotEquals((await openGeneration(store, "q")).name, first.name);
  await first.begin();
  const during = (await openGeneration(store, "p")).name;
  assertNotEquals(during, first.name);
  await first.begin();
  assertEquals((await openGeneration(store, "p")).name, during);
  // Another run came in: then there is a border between what both write.
  const other = await openGeneration(store, "p");
  await other.begin();
  const theirs = (await openGeneration(store, "p")).name;
  await first.begin();
  const between = (await openGeneration(store, "p")).name;
  assertEquals(new Set([first.name, during, theirs, between]).size, 4);
  const end = await first.end();
  assertNotEquals(end, between);
  assertEquals((await openGeneration(store, "p")).name, end);
});
