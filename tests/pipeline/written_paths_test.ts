/** Files that two pieces of work write: who waits, who is refused, what is not believed any more. */

import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "../../src/base/mod.ts";
import { openGeneration } from "../../src/pipeline/cache/generation.ts";
import { WrittenPaths } from "../../src/pipeline/cache/written_paths.ts";
import { objectKey, readStoredJson } from "../../src/artifact_store/mod.ts";
import { waitUntil } from "../wait_until.ts";
import { build, KeptSteps, SlowStore } from "./kept_steps.ts";

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
    const written = new WrittenPaths(new SlowStore(), { id: "r", pipeline: "p" }, graph);
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
  const store = new SlowStore();
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
  await waitUntil(() => waits.length > 0, "the second run says that it waits");
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
  assertEquals((await locks()).map((key) => key.split("/")[1]), ["units"]);
  await assertRejects(
    () => two.claim({ step: "a" }, ["out.txt"], { ...output, output: "cd" }, before, late),
    UserError,
    "a and a of run r1 both write it",
  );
  assertEquals(await store.read(output.record), undefined);
  assertEquals(await store.read(objectKey(output.output)), undefined);
  assertNotEquals((await openGeneration(store, "p")).name, generation);

  // One that began once it was done overwrites in peace; so does a unit what it wrote itself.
  const [claim] = await Array.fromAsync(store.list("claims/"));
  const { until } = (await readStoredJson<{ until: number }>(store, claim.key))!;
  for (const since of [until, before]) {
    (await two.claim({ step: "a" }, ["out.txt"], output, since, late))[Symbol.dispose]();
  }
  late[Symbol.dispose]();
  assertEquals(await locks(), []);
  assertThrows(() => two.restored({ step: "apart" }, ["out.txt"]), UserError, "apart and a both");
});

Deno.test("written paths: who gives up waiting keeps nobody", async () => {
  const store = new SlowStore();
  const written = new WrittenPaths(
    store,
    { id: "r1", pipeline: "p" },
    new KeptSteps().graph(chain),
  );
  const stop = new AbortController();
  const enter = (step: string, onWait: () => void) =>
    written.enter({ step }, "f", ["out.txt"], stop.signal, onWait);
  const first = await enter("a", () => {});
  await assertRejects(() => enter("b", () => stop.abort(new Error("Stopped"))), Error, "Stopped");
  first[Symbol.dispose]();
  assertEquals(await Array.fromAsync(store.list("locks/")), []);
});

Deno.test("written paths: of two that are at work on one path both hear of it", async () => {
  const store = new SlowStore();
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
  assertEquals((await Array.fromAsync(store.list("claims/"))).length, 1);
  await assertRejects(
    () => one.claim({ step: "a" }, ["out.txt"], output, since, first),
    UserError,
    "a and b of run r2 both write it",
  );
});

Deno.test("written paths: what one run writes twice is refused before anybody hears of it", async () => {
  const store = new SlowStore();
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
