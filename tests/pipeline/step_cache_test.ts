/** What a kept output depends on, and when it stands: the cache in one process. */

import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { digestOf, UserError } from "../../src/base/mod.ts";
import { readProjectConfig } from "../../src/pipeline/cache/config.ts";
import { sameFingerprint } from "../../src/pipeline/cache/fingerprint.ts";
import { openGeneration } from "../../src/pipeline/cache/generation.ts";
import { itemChanges, itemText } from "../../src/pipeline/cache/item_changes.ts";
import { declaredInputs, fileInput, pathsRead } from "../../src/pipeline/cache/outside_inputs.ts";
import { differences, reasonText } from "../../src/pipeline/cache/reasons.ts";
import { recordFolder, type StepRecord } from "../../src/pipeline/cache/step_cache.ts";
import { WrittenPaths } from "../../src/pipeline/cache/written_paths.ts";
import type { Build, WorkNode } from "../../src/pipeline/define/graph.ts";
import { MemoryStore, objectKey, readStoredJson, writeJson } from "../../src/artifact_store/mod.ts";
import { stepFunction } from "../../src/pipeline/mod.ts";
import { FileDigests } from "../../src/base/file_digest.ts";
import { KeptSteps, rest, unclaimed } from "./kept_steps.ts";

// deno-lint-ignore no-explicit-any
const build = (steps: (builder: any) => void) => steps as unknown as Build;
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
  kept.params.rounds = 1;
  await kept.run(of([{ name: "f", work }]));
  assertEquals(await kept.plan(of([{ name: "f", work }])), ["part[f]: cached"]);
  kept.params.rounds = 2;
  assertEquals(await kept.plan(of([{ name: "f", work }])), ["part[f]: run PARAMS rounds 1 → 2"]);
  kept.params.rounds = 1;
  kept.code.part = { items: { code: { "list.ts": "2" }, params: ["rounds"] } };
  // The list's code makes the item and is code of the step.
  assertEquals(await kept.plan(of([{ name: "f", work }])), [
    "part[f]: run CODE list.ts changed ITEM changed",
  ]);
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
  assertEquals(await steps.importsOf(node), []);
  const error = await assertRejects(
    () => steps.keep(part, item, {}, () => 1, rest, unclaimed),
    UserError,
    "Cannot keep the output of step part[x[1]]",
  );
  assert(error.next?.includes("plain data"));
});

/** A store on a disk that is broken. */
class BrokenStore extends MemoryStore {
  override write(): Promise<void> {
    return Promise.reject(new Error("The disk is broken"));
  }
}

Deno.test("step cache: what the store fails with is told as it is", async () => {
  const kept = new KeptSteps();
  const [node] = kept.graph(single).nodes;
  const store = new BrokenStore();
  const steps = kept.open({ store });
  await assertRejects(
    () => steps.keep(node, undefined, {}, 1, rest, unclaimed),
    Error,
    "The disk is broken",
  );
  await assertRejects(() => openGeneration(store, "p"), Error, "The disk is broken");
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
  kept.params.work = () => 1;
  await assertRejects(
    () => kept.plan(kept.graph(single)),
    UserError,
    'Cannot hash the parameter "work"',
  );
});

Deno.test("step cache: fingerprints are the same in every part or not at all", () => {
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
      ...[{ deno: "3" }, { platform: "q" }, { config: "d" }, { lock: "m" }],
    ]
  ) {
    assertEquals(sameFingerprint(one as never, other(part)), false, JSON.stringify(part));
    assertEquals(sameFingerprint(other(part), one as never), false, JSON.stringify(part));
  }
  const told = (wanted: object, kept: object = {}) =>
    differences(other(wanted), other(kept), [undefined, undefined]).map(reasonText);
  assertEquals(told({}), []);
  assertEquals(told({ deno: "3" }), ["ENVIRONMENT Deno changed"]);
  assertEquals(told({ schema: 3 }), ["ENVIRONMENT Deno changed"]);
  assertEquals(told({ platform: undefined }), ["ENVIRONMENT platform changed"]);
  assertEquals(told({ inputs: { x: undefined } }), ["INPUT x runs first"]);
  assertEquals(told({ inputs: {} }), ["INPUT x changed"]);
  assertEquals(told({ item: "j" }), ["ITEM changed"]);
  const long = "1".repeat(100);
  assertEquals(told({ params: { n: long } }, { params: { n: long + "2" } }), ["PARAMS n changed"]);
  assertEquals(told({ params: { n: long } }, { params: { n: `${long.slice(1)}2` } }), [
    `PARAMS n ${long.slice(1)}2 → ${long}`,
  ]);
});

Deno.test("step cache: items are told part by part, long ones not at all", () => {
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
});

Deno.test("step cache: what is read from outside counts by content, place and name", async () => {
  const holding = (files: Record<string, string>) => (path: string) =>
    Promise.resolve(files[path] ?? "none");
  const file = (path: string) => ({ kind: "file", name: "f", path }) as const;
  const one = await fileInput(file("a"), holding({ a: "1", b: "1" }));
  assertEquals(one, await fileInput(file("a"), holding({ a: "1" })));
  assertNotEquals(one, await fileInput(file("a"), holding({ a: "2" })));
  assertNotEquals(one, await fileInput(file("b"), holding({ b: "1" })));
  const node = (permissions?: object, inputs = {}) =>
    ({ inputs, options: { permissions } }) as never;
  assertEquals(await declaredInputs(node(), holding({})), {});
  Deno.env.set("STEP_CACHE_ONE", "1");
  Deno.env.set("STEP_CACHE_TWO", "2");
  try {
    const named = (env: unknown) => declaredInputs(node({ env, read: ["a"] }), holding({ a: "1" }));
    const before = await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]);
    const all = await named(true);
    assertEquals(Object.keys(before), ["read a", "env STEP_CACHE_ONE", "env STEP_CACHE_*"]);
    assertEquals(Object.keys(all), ["read a", "env *"]);
    assertEquals(before["read a"], "file:1");
    Deno.env.set("STEP_CACHE_TWO", "3");
    const changed = await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]);
    assertEquals(changed["env STEP_CACHE_ONE"], before["env STEP_CACHE_ONE"]);
    assertNotEquals(changed["env STEP_CACHE_*"], before["env STEP_CACHE_*"]);
    assertNotEquals((await named(true))["env *"], all["env *"]);
    Deno.env.delete("STEP_CACHE_ONE");
    const gone = await named(["STEP_CACHE_ONE"]);
    // Neither others nor their order.
    const some = (await named(["STEP_CACHE_*"]))["env STEP_CACHE_*"];
    Deno.env.set("STEP_CACHED", "1");
    assertEquals((await named(["STEP_CACHE_*"]))["env STEP_CACHE_*"], some);
    Deno.env.delete("STEP_CACHED");
    Deno.env.set("STEP_CACHE_ONE", "1");
    Deno.env.set("STEP_CACHE_TWO", "2");
    assertEquals(await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]), before);
    Deno.env.delete("STEP_CACHE_TWO");
    Deno.env.set("STEP_CACHE_TWO", "2");
    assertEquals(await named(["STEP_CACHE_ONE", "STEP_CACHE_*"]), before);
    assertNotEquals(gone["env STEP_CACHE_ONE"], before["env STEP_CACHE_ONE"]);
  } finally {
    Deno.env.delete("STEP_CACHE_ONE");
    Deno.env.delete("STEP_CACHE_TWO");
  }
  const files = new Map([["f", file("given.txt")]]);
  assertEquals(pathsRead(node(undefined, { x: "f", y: "step" }), files), ["given.txt"]);
  const both = { read: ["in.txt", "out", ".", "outer.txt"], write: ["out"] };
  assertEquals(pathsRead(node(both), files), ["in.txt", "outer.txt"]);
});

Deno.test("step cache: a generation is another one for whoever looks while records are written", async () => {
  const store = new MemoryStore();
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
  await first.begin();
  const between = (await openGeneration(store, "p")).name;
  assert(between !== during && between !== first.name);
  const end = await first.end();
  assertNotEquals(end, between);
  assertEquals((await openGeneration(store, "p")).name, end);
});

Deno.test("step cache: of deno.json counts what may change what code does", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const counts = async (config: unknown) => {
      const text = typeof config === "string" ? config : JSON.stringify(config);
      await Deno.writeTextFile(join(folder, "deno.json"), text);
      return (await readProjectConfig(folder, new FileDigests(), undefined)).counts;
    };
    const plain = await counts({ compilerOptions: { jsx: "react" }, unstable: ["x"] });
    assertEquals(
      await counts({
        ...{ tasks: { a: "b" }, fmt: {}, lint: {}, version: "2", imports: {} },
        ...{
          unstable: ["x"],
          compilerOptions: { strict: true, noImplicitAny: true, jsx: "react" },
        },
      }),
      plain,
    );
    assertNotEquals(await counts({ compilerOptions: { jsx: "other" }, unstable: ["x"] }), plain);
    assertNotEquals(await counts({ compilerOptions: { jsx: "react" }, unstable: ["y"] }), plain);
    // With comments no more is certain than the text.
    const noted = '// note\n{ "unstable": ["x"] }';
    assertNotEquals(await counts(noted), await counts(noted.replace("note", "another")));
    assertNotEquals(await counts({ scopes: { "./a/": { b: "./c.ts" } } }), await counts({}));
    // What was known is taken while the files are as they were.
    const now = await readProjectConfig(folder, new FileDigests(), undefined);
    const known = { ...now, counts: "known" };
    assertEquals((await readProjectConfig(folder, new FileDigests(), known)).counts, "known");
    await Deno.writeTextFile(join(folder, "deno.json"), '{"unstable":["z"]}');
    assertNotEquals((await readProjectConfig(folder, new FileDigests(), known)).counts, "known");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const chain = build(({ step, each }) => {
  const a = step("a", () => 1);
  const b = step("b", { a }, () => 2);
  step("c", { b }, () => 3);
  step("apart", () => 4);
  each("part", ["x", "y"], () => 5);
});

Deno.test("written paths: one path is of one unit, or of two of which one waits for the other", () => {
  const graph = new KeptSteps().graph(chain);
  const both = (one: string, other: string, item?: [string, string]) => {
    const written = new WrittenPaths(new MemoryStore(), { id: "r", pipeline: "p" }, graph);
    const unit = (step: string, place: 0 | 1) => ({ step, ...item && { item: item[place] } });
    written.restored(unit(one, 0), ["out.txt", `${one}.txt`]);
    return () => written.restored(unit(other, 1), ["./out.txt"]);
  };
  both("a", "b")();
  both("a", "c")();
  both("c", "a")();
  both("a", "a")();
  both("part", "part", ["x", "x"])();
  const error = assertThrows(both("a", "apart"), UserError, "apart and a both write it");
  assert(error.next?.includes("a path of its own"));
  assertThrows(both("apart", "c"), UserError, "c and apart both write it");
  assertThrows(both("part", "part", ["x", "y"]), UserError, "part[y] and part[x] both write it");
});

Deno.test("written paths: who writes one path waits for the other, and both lose what may be of either", async () => {
  const store = new MemoryStore();
  const graph = new KeptSteps().graph(chain);
  const run = (id: string) => new WrittenPaths(store, { id, pipeline: "p" }, graph);
  const [one, two] = [run("r1"), run("r2")];
  const signal = new AbortController().signal;
  const waits: string[] = [];
  const enter = (written: WrittenPaths, known: string[] | undefined, print = "f", step = "a") =>
    written.enter({ step }, print, known, signal, (text) => waits.push(text));
  const locks = async () => (await Array.fromAsync(store.list("locks/"))).map(({ key }) => key);

  // What writes nothing is one piece of work, whoever does it; what does has its name.
  const pure = await enter(one, []);
  assertEquals(await locks(), ["locks/work/f"]);
  const second = enter(two, []);
  await new Promise((resolve) => setTimeout(resolve, 20));
  pure[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  assertEquals(waits.length, 1);
  assert(/^Waiting for .*a of run r1/.test(waits[0]), waits[0]);
  assertEquals(await locks(), []);

  const first = await enter(one, ["out.txt", "out.txt"]);
  assertEquals([...first.paths].map((path) => path.endsWith("/out.txt")), [true]);
  assertEquals((await locks()).map((key) => key.split("/")[1]).sort(), ["paths", "units"]);
  const output = { output: "ab12", record: "steps/p/a/step/f.json" };
  const before = Date.now() - 1000;
  (await one.claim({ step: "a" }, ["out.txt"], output, before, first))[Symbol.dispose]();
  first[Symbol.dispose]();

  // One that began before the first was done: its files may be of either.
  await store.write(output.record, new Uint8Array(1));
  await store.write(objectKey(output.output), new Uint8Array(1));
  const generation = (await openGeneration(store, "p")).name;
  const late = await enter(two, undefined, "g");
  await assertRejects(
    () => two.claim({ step: "a" }, ["out.txt"], { ...output, output: "cd" }, before, late),
    UserError,
    "a and a of run r1 both write it",
  );
  assertEquals(await store.read(output.record), undefined);
  assertEquals(await store.read(objectKey(output.output)), undefined);
  assertNotEquals((await openGeneration(store, "p")).name, generation);

  // One that began after it overwrites in peace.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const claimed = await two.claim({ step: "a" }, ["out.txt"], output, Date.now(), late);
  claimed[Symbol.dispose]();
  late[Symbol.dispose]();
  assertEquals(await locks(), []);
});

Deno.test("written paths: of two that are at work on one path both hear of it", async () => {
  const store = new MemoryStore();
  const graph = new KeptSteps().graph(chain);
  const run = (id: string) => new WrittenPaths(store, { id, pipeline: "p" }, graph);
  const [one, two] = [run("r1"), run("r2")];
  const signal = new AbortController().signal;
  const since = Date.now() - 1;
  const output = { output: "ab12", record: "steps/p/a/step/f.json" };
  using first = await one.enter({ step: "a" }, "f", ["out.txt"], signal, () => {});
  using second = await two.enter({ step: "b" }, "g", undefined, signal, () => {});
  await assertRejects(
    () => two.claim({ step: "b" }, ["out.txt"], output, since, second),
    UserError,
    "b and a of run r1 both write it",
  );
  await assertRejects(
    () => one.claim({ step: "a" }, ["out.txt"], output, since, first),
    UserError,
    "a and b of run r2 both write it",
  );
});

Deno.test("written paths: what one run writes twice is refused before anybody hears of it", async () => {
  const store = new MemoryStore();
  const graph = new KeptSteps().graph(chain);
  const written = new WrittenPaths(store, { id: "r1", pipeline: "p" }, graph);
  written.restored({ step: "a" }, ["out.txt"]);
  const signal = new AbortController().signal;
  using entered = await written.enter({ step: "apart" }, "f", undefined, signal, () => {});
  const output = { output: "ab12", record: "steps/p/apart/step/f.json" };
  await assertRejects(
    () => written.claim({ step: "apart" }, ["out.txt"], output, Date.now(), entered),
    UserError,
    "apart and a both write it",
  );
  assertEquals(await Array.fromAsync(store.list("claims/")), []);
});
