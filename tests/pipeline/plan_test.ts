/** What a plan says of each step: what runs, what is kept, what depends on what runs first. */

import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../src/base/mod.ts";
import type { Build } from "../../src/pipeline/define/graph.ts";
import { Expected, isOpenDigest, openDigest } from "../../src/pipeline/run/expected.ts";
import { planPipeline } from "../../src/pipeline/mod.ts";
import { planAfter } from "../../src/pipeline/run/plan.ts";
import { KeptSteps } from "./kept_steps.ts";
import { Versions } from "../step_code/versions.ts";

// deno-lint-ignore no-explicit-any
type Steps = (builder: any) => void;
const build = (steps: Steps) => steps as unknown as Build;

const chain = build(({ step }) => {
  const a = step("a", () => 1);
  const b = step("b", { a }, ({ a }: { a: number }) => a + 1);
  step("c", { b }, ({ b }: { b: number }) => b + 1);
  step("other", () => 5);
});

Deno.test("plan: nothing kept runs, behind it too; all kept is cached", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(chain);
  assertEquals(await kept.plan(graph), [
    "a: run NEW",
    "b: run NEW",
    "c: run NEW",
    "other: run NEW",
  ]);
  await kept.run(graph);
  assertEquals(await kept.plan(graph), ["a: cached", "b: cached", "c: cached", "other: cached"]);
});

Deno.test("plan: what is behind a step that runs may be kept still", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(chain);
  await kept.run(graph);
  kept.code.a = { code: { "p.ts": "another" } };
  assertEquals(await kept.plan(graph), [
    "a: run CODE p.ts changed",
    "b: maybe INPUT a runs first",
    "c: maybe INPUT b runs first",
    "other: cached",
  ]);
  // One that has changed itself runs in any case.
  kept.code.b = { code: { "p.ts": "another too" } };
  assertEquals((await kept.plan(graph))[1], "b: run CODE p.ts changed INPUT a runs first");
});

Deno.test("plan: a forced step runs, a picked one runs alone with what it needs", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(chain);
  await kept.run(graph);
  assertEquals(await kept.plan(graph, { picks: { force: ["b"] } }), [
    "a: cached",
    "b: run FORCED",
    "c: maybe INPUT b runs first",
    "other: cached",
  ]);
  assertEquals(await kept.plan(graph, { picks: { only: ["b"] } }), ["a: cached", "b: cached"]);
  assertEquals(await kept.plan(graph, { picks: { from: "b" } }), [
    "a: cached",
    "b: run FORCED",
    "c: run FORCED",
  ]);
});

const fan = build(({ step, each }) => {
  const parts = each("part", ["x", "y", "z"], (item: string) => item + item);
  step("end", { parts }, ({ parts }: { parts: string[] }) => parts.join());
});

Deno.test("plan: the items of a fan-out are decided one by one, what gathers them by all", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(fan);
  assertEquals(await kept.plan(graph), [
    ...["part[x]: run NEW", "part[y]: run NEW", "part[z]: run NEW", "end: run NEW"],
  ]);
  await kept.run(graph);
  assertEquals(await kept.plan(graph), [
    ...["part[x]: cached", "part[y]: cached", "part[z]: cached", "end: cached"],
  ]);
  assertEquals(await kept.plan(graph, { picks: { force: ["part[y]"] } }), [
    ...["part[x]: cached", "part[y]: run FORCED", "part[z]: cached"],
    "end: maybe INPUT parts runs first",
  ]);
  assertEquals(await kept.plan(graph, { picks: { only: ["part[y]"] } }), ["part[y]: cached"]);
  // The order of the items is what the reader sees.
  const turned = kept.graph(build(({ step, each }) => {
    const parts = each("part", ["y", "x", "z"], (item: string) => item + item);
    step("end", { parts }, ({ parts }: { parts: string[] }) => parts.join());
  }));
  assertEquals((await kept.plan(turned)).at(-1), "end: run INPUT parts changed");
});

Deno.test("plan: a file counts by what it holds and where it is; one that is missing is made first", async () => {
  const kept = new KeptSteps();
  const folder = await Deno.makeTempDir();
  try {
    const [table, made] = [join(folder, "table.csv"), join(folder, "made.csv")];
    const wired = (path: string) =>
      kept.graph(build(({ step, file, resource }) => {
        const data = file("data", path);
        const more = file("more", made, { make: () => {} });
        const place = resource("place", { open: () => 1 });
        step("read", { data, place }, () => 1);
        step("late", { more }, () => 2);
        step("later", { more }, () => 3);
      }));
    kept.files[table] = "one";
    const graph = wired(table);
    await Deno.writeTextFile(made, "");
    await kept.run(graph);
    assertEquals(await kept.plan(graph), ["read: cached", "late: cached", "later: cached"]);
    kept.files[table] = "two";
    assertEquals((await kept.plan(graph))[0], "read: run INPUT data changed");
    kept.files[join(folder, "elsewhere.csv")] = "one";
    assertEquals(
      (await kept.plan(wired(join(folder, "elsewhere.csv"))))[0],
      "read: run INPUT data changed",
    );
    await Deno.remove(made);
    const missing = [
      "read: run INPUT data changed",
      `more: run FILE MISSING ${made}`,
      "late: maybe INPUT more runs first",
      "later: maybe INPUT more runs first",
    ];
    assertEquals(await kept.plan(graph), missing);
    // A run before makes it: then it is not made again.
    const expected = new Expected();
    assertEquals(await kept.plan(graph, { expected }), missing);
    assertEquals(await kept.plan(graph, { expected }), [
      ...["read: maybe", "late: maybe", "later: maybe"],
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("plan: what a step declares to read counts as an input", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(build(({ step }) => {
    step("aside", {}, () => 1, { permissions: { read: ["in.txt"] } });
  }));
  kept.files["in.txt"] = "one";
  await kept.run(graph);
  assertEquals(await kept.plan(graph), ["aside: cached"]);
  kept.files["in.txt"] = "two";
  assertEquals(await kept.plan(graph), ["aside: run INPUT read in.txt changed"]);
});

Deno.test("plan: what a run before is certain to keep is kept by then", async () => {
  const kept = new KeptSteps();
  const graph = kept.graph(chain);
  const expected = new Expected();
  await kept.plan(graph, { expected });
  assertEquals(await kept.plan(graph, { expected }), [
    ...["a: maybe", "b: maybe", "c: maybe", "other: maybe"],
  ]);
  // Another combination shares what does not depend on its parameter.
  kept.params.rounds = 2;
  kept.code.b = { params: ["rounds"] };
  assertEquals(await kept.plan(graph, { expected, steps: kept.open() }), [
    ...["a: maybe", "b: run NEW", "c: maybe INPUT b runs first", "other: maybe"],
  ]);
});

Deno.test("plan: what runs every time is shared with no run", async () => {
  for (const picks of [{ force: ["a"] }, {}]) {
    const kept = new KeptSteps();
    if (!("force" in picks)) kept.code.a = { unknown: ["p.ts: import(x)"] };
    const graph = kept.graph(chain);
    const expected = new Expected();
    const [first] = await kept.plan(graph, { expected, picks });
    assertEquals(
      first,
      picks.force ? "a: run FORCED" : "a: run CODE UNKNOWN p.ts: import(x) cannot be followed",
    );
    assertEquals(await kept.plan(graph, { expected, picks }), [
      ...[first, "b: maybe INPUT a runs first", "c: maybe INPUT b runs first", "other: maybe"],
    ]);
  }
});

const told = (verdict: "run" | "maybe", ...reasons: string[]) =>
  ({ verdict, reasons: reasons.map((type) => ({ type })) }) as never;
const own = (text: string) => () => Promise.resolve(text);

Deno.test("expected: a sign stands for what is not there yet, and never is a digest", () => {
  assertEquals(isOpenDigest(openDigest("a")), true);
  assertEquals(openDigest("a"), openDigest("a"));
  assertNotEquals(openDigest("a"), openDigest("b"));
  assertEquals(isOpenDigest("ab?"), false);
});

Deno.test("expected: a file is made by the first run that lacks it", () => {
  const expected = new Expected();
  assertEquals(["a", "a", "b", "a"].map((path) => expected.makes(path)), [
    true,
    false,
    true,
    false,
  ]);
});

Deno.test("expected: only the same code and the same inputs are shared", async () => {
  const expected = new Expected();
  const settle = (code: string, inputs: Record<string, string>, found = told("run", "NEW")) =>
    expected.settle("u", own(code), inputs, found);
  const first = await settle("c", { x: "1" });
  assertEquals(first.decision, told("run", "NEW"));
  assertEquals(isOpenDigest(first.digest), true);
  assertEquals(await settle("c", { x: "1" }), { decision: told("maybe"), digest: first.digest });
  for (const [code, inputs] of [["d", { x: "1" }], ["c", { x: "2" }], ["c", { y: "1" }]] as const) {
    const another = await settle(code, inputs);
    assertEquals(another.decision, told("run", "NEW"));
    assertNotEquals(another.digest, first.digest);
  }
  // Each is remembered, not the last alone.
  assertEquals((await settle("c", { x: "1" })).digest, first.digest);
  // Of another unit nothing is known.
  const other = await expected.settle("v", own("c"), { x: "1" }, told("run", "NEW"));
  assertEquals(other.decision, told("run", "NEW"));
  assertNotEquals(other.digest, first.digest);
});

Deno.test("expected: inputs that are not there yet may come out the same", async () => {
  const expected = new Expected();
  const [one, two] = [openDigest("one"), openDigest("two")];
  const settle = (inputs: Record<string, string>, found = told("run", "NEW")) =>
    expected.settle("u", own("c"), inputs, found);
  await settle({ x: one, y: "1" });
  const { decision, digest } = await settle({ x: two, y: "1" });
  assertEquals(decision, {
    verdict: "maybe",
    reasons: [{ type: "INPUT", name: "x", change: "runs first" }],
  });
  assertEquals((await settle({ x: two, y: "1" })).digest, digest);
  // A digest may be what the sign comes to, and the other way round.
  assertEquals((await settle({ x: "known", y: "1" })).decision.verdict, "maybe");
  assertEquals((await settle({ x: one, y: "2" })).decision, told("run", "NEW"));
  // What may be kept already says why itself.
  const found = told("maybe", "INPUT");
  assertEquals((await settle({ x: openDigest("three"), y: "1" }, found)).decision, found);
});

Deno.test("expected: what is kept is what it is, whatever runs before", async () => {
  const expected = new Expected();
  const cached = { verdict: "cached", output: { digest: "d" } } as never;
  const asked = () => Promise.reject(new Error("not needed"));
  assertEquals(await expected.settle("u", asked, {}, cached), { decision: cached, digest: "d" });
});

Deno.test("expected: what runs in any case gives each time something else", async () => {
  for (const reason of ["FORCED", "NOT CACHED", "CODE UNKNOWN"]) {
    const expected = new Expected();
    const settle = () => expected.settle("u", own("c"), {}, told("run", reason));
    const [first, second] = [await settle(), await settle()];
    assertEquals([first.decision, second.decision], [told("run", reason), told("run", reason)]);
    assertNotEquals(first.digest, second.digest);
  }
});

const source = `
import { pipeline } from "@pipeline";
import { z } from "zod";
export default pipeline("p", {
  description: "d",
  params: z.object({ rounds: z.number().default(1), secret: z.string().default("") }),
}, ({ step, each, params }) => {
  const a = step("a", () => 1);
  const parts = each("part", ["x", "y"], { a }, (item, { a }) => item + a + params.rounds);
  step("end", { parts }, ({ parts }) => parts.join());
});
`;

Deno.test("planPipeline: verdicts with artifacts and reasons; picks and parameters count", async () => {
  await using versions = await Versions.create();
  const version = await versions.load({ "p.ts": source });
  const { pipeline, cache } = version;
  const plan = async (
    options: { params?: Record<string, unknown>; picks?: { force?: string[] } } = {},
  ) => (await planPipeline(pipeline, { cache, ...options })).entries;
  const lines = (entries: Awaited<ReturnType<typeof plan>>) =>
    entries.map((
      { step, item, verdict, reasons, artifact },
    ) => [
      step,
      item ?? "",
      verdict,
      reasons.map(({ type }) => type).join(),
      artifact !== undefined,
    ]);
  assertEquals(lines(await plan()), [
    ["a", "", "RUN", "NEW", false],
    ["part", "x", "RUN", "NEW", false],
    ["part", "y", "RUN", "NEW", false],
    ["end", "", "RUN", "NEW", false],
  ]);
  await version.run();
  const all = await plan();
  assertEquals(
    all.map(({ verdict, reasons, artifact }) => [verdict, reasons.length, artifact?.length]),
    [
      ...Array.from({ length: 4 }, () => ["CACHED", 0, 64]),
    ],
  );
  assertEquals("item" in all[0], false);
  assertEquals(lines(await plan({ params: { rounds: 2 }, picks: { force: ["a"] } })), [
    ["a", "", "RUN", "FORCED", false],
    ["part", "x", "RUN", "PARAMS,INPUT", false],
    ["part", "y", "RUN", "PARAMS,INPUT", false],
    ["end", "", "MAYBE", "INPUT", false],
  ]);
  assertEquals((await planPipeline(pipeline, { cache })).graph.nodes.map(({ name }) => name), [
    ...["a", "part", "end"],
  ]);
  await assertRejects(() => plan({ params: { turns: 1 } }), UsageError, "turns");
  await assertRejects(() => plan({ picks: { force: ["b"] } }), UsageError, '"b"');

  // Of a sweep the second combination takes what the first will have kept.
  const expected = new Expected();
  const first = await planAfter(expected, pipeline, { cache, params: { rounds: 3 } });
  assertEquals(lines([...first.entries])[1], ["part", "x", "RUN", "PARAMS", false]);
  const again = await planAfter(expected, pipeline, { cache, params: { rounds: 3 } });
  assertEquals(lines([...again.entries]).map(([, , ...told]) => told), [
    ["CACHED", "", true],
    ["CACHED", "", false],
    ["CACHED", "", false],
    ["CACHED", "", false],
  ]);
});
