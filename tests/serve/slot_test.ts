/** How a served model is replaced: in turns, with a way back, and freed when its last work is done. */

import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ModelError, ServiceError } from "../../src/base/mod.ts";
import { type Bundle, readModel } from "../../src/registry/mod.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import type { Scores } from "../../serve/model/inference.ts";
import type { LoadedModel } from "../../serve/model/loaded_model.ts";
import { modelOptions } from "../../serve/model/open_slots.ts";
import type { ModelRuntime } from "../../serve/model/model_runtime.ts";
import { type ModelOptions, RunningModel } from "../../serve/model/running_model.ts";
import { type Replicas, Slot } from "../../serve/model/slot.ts";
import { Slots } from "../../serve/model/slots.ts";
import type { AvailableModel } from "../../serve/model/source.ts";
import { classes, set } from "../onnx/credit_sample.ts";
import { waitUntil } from "../wait_until.ts";
import { records, Remembering, save } from "./fixture.ts";

const folder = await Deno.makeTempDir();
const bundles: Record<string, Bundle> = {
  a: await save(folder, 0),
  b: await save(folder, 1),
  c: await save(folder, 2),
};
const files = new Map(
  await Promise.all(
    Object.entries(bundles).map(async ([name, bundle]) => [name, await readModel(bundle)] as const),
  ),
);
await Deno.remove(folder, { recursive: true });

/** A place whose references mean what the test says. */
function place(options: { replicas?: Replicas; reference?: string; resting?: boolean } = {}) {
  const observer = new Remembering();
  const args = ["--models-folder", folder];
  const config = readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;
  const world = {
    ...{ observer, config, loads: 0, asked: [] as unknown[] },
    /** What each reference means: a model and its identity, or what goes wrong. */
    means: {} as Record<string, string | Error>,
    /** Waited for before a file is given. */
    delay: undefined as Promise<void> | undefined,
  };
  const candidate = (meaning: string): AvailableModel => ({
    identity: meaning,
    source: `/models/${meaning}`,
    read: async () => {
      world.loads++;
      await world.delay;
      const [name] = meaning;
      if (!(name in bundles)) throw new ModelError(`${name} is broken`, { next: "export again" });
      return { metadata: bundles[name].metadata, file: files.get(name)! };
    },
  });
  const slot = new Slot({
    role: "champion",
    reference: options.reference ?? "latest",
    open: (reference) => ({
      find: (current) => {
        world.asked.push([reference, current?.model_name]);
        const meaning = world.means[reference];
        return meaning instanceof Error
          ? Promise.reject(meaning)
          : Promise.resolve(candidate(meaning));
      },
    }),
    model: { ...modelOptions(config, observer), loadSeconds: undefined },
    observer,
    replicas: options.replicas,
    resting: options.resting,
  });
  return { slot, ...world, world };
}

/** Counts how often a model's memory is freed. */
function freed(model: LoadedModel): { times: number } {
  const seen = { times: 0 };
  const run: ModelRuntime = Reflect.get(model, "run");
  const close = run.close.bind(run);
  Object.assign(run, { close: () => (seen.times++, close()) });
  return seen;
}

const settled = () => new Promise((done) => setTimeout(done, 5));

Deno.test("slot: it follows what its reference means, and loads only what has changed", async () => {
  const { slot, world, observer } = place();
  assertEquals([slot.role, slot.reference, slot.current, slot.previous, slot.failure], [
    ...["champion", "latest", undefined, undefined, undefined],
  ]);
  world.means.latest = "a1";
  await slot.follow();
  const first = slot.current!;
  assertEquals([first.identity, first.name, world.loads], ["a1", "Model0", 1]);
  await slot.follow();
  assertEquals([slot.current, world.loads], [first, 1]);
  world.means.latest = "b1";
  await slot.follow();
  assertEquals([slot.current!.name, slot.previous, world.loads], ["Model1", first, 2]);
  assertEquals(world.asked, [
    ["latest", undefined],
    ["latest", "Model0"],
    ["latest", "Model0"],
  ]);
  assertEquals(observer.events, ["champion loaded Model0", "champion loaded Model1"]);
  await slot.close();
  assertEquals([slot.current, slot.previous], [undefined, undefined]);
});

Deno.test("slot: going back takes the model that was kept, which is not loaded again nor freed", async () => {
  const { slot, world } = place();
  world.means = { latest: "a1", other: "b1", third: "c1" };
  await slot.follow();
  const first = slot.current!;
  const ofFirst = freed(first);
  const second = await slot.load("other");
  const ofSecond = freed(second);
  assertEquals([slot.reference, slot.current, slot.previous], ["other", second, first]);
  assertEquals(await slot.load("latest"), first);
  assertEquals([slot.reference, slot.current, slot.previous], ["latest", first, second]);
  await settled();
  assertEquals([world.loads, ofFirst.times, ofSecond.times], [2, 0, 0]);
  // Another reference is asked without a name to keep to; the same one keeps to its model's.
  assertEquals(world.asked.splice(0), [
    ["latest", undefined],
    ["other", undefined],
    ["latest", undefined],
  ]);
  await slot.load();
  assertEquals(world.asked, [["latest", "Model0"]]);
  await settled();
  assertEquals([world.loads, ofFirst.times, ofSecond.times], [3, 1, 0], "loaded anew");
  assertEquals([slot.current === first, slot.previous], [false, second], "the way back stays");
  await slot.load("third");
  await settled();
  assertEquals(ofSecond.times, 1, "nobody can go back to it any more");
  await slot.close();
});

Deno.test("slot: a model is freed after its last prediction, once", async () => {
  const { slot, world } = place();
  world.means = { latest: "a1", b: "b1", c: "c1" };
  await slot.follow();
  const first = slot.current!;
  const seen = freed(first);
  const releases = [first.hold(), first.hold()];
  await slot.load("b");
  await slot.load("c");
  await settled();
  assertEquals(seen.times, 0);
  releases[0]();
  await settled();
  assertEquals(seen.times, 0);
  const record = first.parse(records[0], "", [])!;
  assertEquals((await first.predict(record)).scores.length, 3);
  assertEquals(seen.times, 0);
  releases[1]();
  await settled();
  assertEquals(seen.times, 1);
  await slot.close();
  assertEquals(seen.times, 1);
});

Deno.test("slot: closing waits for the last prediction of both models", async () => {
  const { slot, world } = place();
  world.means = { latest: "a1", b: "b1" };
  await slot.follow();
  await slot.load("b");
  const [now, before] = [slot.current!, slot.previous!];
  const seen = [freed(now), freed(before)];
  const releases = [now.hold(), before.hold()];
  let closed = false;
  const closing = slot.close().then(() => closed = true);
  await settled();
  assertEquals([closed, seen.map(({ times }) => times)], [false, [0, 0]]);
  releases[0]();
  await settled();
  assertEquals([closed, seen.map(({ times }) => times)], [false, [1, 0]]);
  releases[1]();
  await closing;
  assertEquals(seen.map(({ times }) => times), [1, 1]);
});

Deno.test("slot: unloading waits for no prediction, frees each model after its last, and loads none", async () => {
  const { slot, world } = place();
  world.means = { latest: "a1", b: "b1" };
  await slot.follow();
  await slot.load("b");
  const [now, before] = [slot.current!, slot.previous!];
  assertEquals(slot.bytes, now.bytes + before.bytes);
  const seen = [freed(now), freed(before)];
  const release = now.hold();
  await slot.unload({ resting: true });
  assertEquals([slot.current, slot.previous, slot.unloaded, slot.resting, slot.bytes], [
    ...[undefined, undefined, true, true, 0],
  ]);
  assertEquals([now.bytes, before.bytes], [files.get("b")!.length, files.get("a")!.length]);
  await settled();
  assertEquals(seen.map(({ times }) => times), [0, 1]);
  release();
  await settled();
  assertEquals(seen.map(({ times }) => times), [1, 1]);
  await slot.follow();
  assertEquals([slot.current, world.loads], [undefined, 2]);
  await slot.load();
  assertEquals([slot.current!.name, slot.unloaded, slot.resting], ["Model1", false, false]);
  await slot.unload();
  assertEquals([slot.unloaded, slot.resting], [true, false]);
  const waiting = place({ resting: true }).slot;
  await waiting.follow();
  assertEquals([waiting.current, waiting.unloaded, waiting.resting], [undefined, true, true]);
  assertEquals([place().slot.unloaded, place().slot.resting], [false, false]);
});

Deno.test("slot: unloading comes after the change before it, and is done in every thread", async () => {
  const gone = Promise.withResolvers<void>();
  const nothing = () => Promise.resolve();
  const { slot, world, observer } = place({
    replicas: { copy: nothing, assign: nothing, unassign: () => gone.promise, retire: nothing },
  });
  world.means.latest = "a1";
  const following = slot.follow();
  let done = false;
  const unloading = slot.unload().then(() => done = true);
  await following;
  await settled();
  assertEquals([done, slot.current], [false, undefined]);
  gone.resolve();
  await unloading;
  const run: ModelRuntime = Reflect.get(await slot.load(), "run");
  Object.assign(run, { close: () => Promise.reject(new Error("stuck")) });
  await slot.unload();
  await settled();
  assertEquals(observer.events.filter((event) => event.startsWith("error")), [
    "error Error: stuck",
  ]);
});

Deno.test("slot: what cannot be loaded changes nothing, is told once and not tried again until it changes", async () => {
  const { slot, world, observer } = place();
  world.means.latest = "a1";
  await slot.follow();
  const first = slot.current!;
  world.means.latest = "x1";
  const begin = Date.now();
  await slot.follow();
  assertEquals([slot.current, slot.previous, slot.reference], [first, undefined, "latest"]);
  const { reference, reason, time } = slot.failure!;
  assertEquals([reference, reason], ["latest", "x is broken; export again"]);
  assert(Date.parse(time) >= begin - 1);
  await slot.follow();
  assertEquals(world.loads, 2, "it is not tried again");
  world.means.latest = "x2";
  await slot.follow();
  assertEquals(world.loads, 3, "it has changed");
  const told = "champion failed latest: x is broken; export again";
  assertEquals(observer.events, ["champion loaded Model0", told], "the same reason is told once");
  await assertRejects(() => slot.load(), ModelError, "x is broken");
  await assertRejects(() => slot.load("latest"), ModelError, "x is broken");
  assertEquals([world.loads, observer.events.length], [5, 2], "whoever asks for it is answered");
  world.means.gone = new Error("no such reference");
  world.means.broken = "x9";
  await assertRejects(() => slot.load("broken"), ModelError, "x is broken");
  assertEquals(slot.failure!.reference, "broken");
  world.loads--;
  await assertRejects(() => slot.load("gone"), Error, "no such reference");
  assertEquals(observer.events.at(-1), "champion failed gone: no such reference");
  assertEquals([slot.reference, slot.failure!.reference], ["latest", "gone"]);
  // What is served is found again: nothing is wrong any more.
  world.means.latest = "a1";
  await slot.follow();
  assertEquals([slot.failure, slot.current, world.loads], [undefined, first, 5]);
  world.means.latest = "x2";
  await slot.follow();
  world.means.latest = "b1";
  await slot.follow();
  assertEquals([slot.failure, slot.current!.name], [undefined, "Model1"]);
  await slot.close();
});

Deno.test("slot: a registry that does not answer is asked again, and a word that was thrown is told", async () => {
  const { slot, world, observer } = place();
  world.means.latest = new ServiceError("no answer");
  await slot.follow();
  assertEquals(slot.failure!.reason, "no answer");
  await slot.follow();
  assertEquals(world.asked.length, 2);
  assertEquals(observer.events, ["champion failed latest: no answer"]);
  world.means.latest = "a word" as unknown as Error;
  const odd = { open: () => ({ find: () => Promise.reject("a word") }) };
  const strange = new Slot({ ...Reflect.get(slot, "options"), ...odd });
  await strange.follow();
  assertEquals(strange.failure!.reason, "a word");
});

Deno.test("slot: a download that failed on its way is tried again, though nothing has changed", async () => {
  const { slot, world } = place();
  world.means.latest = "a1";
  const candidate = await Reflect.get(slot, "options").open("latest").find();
  let answers = false;
  const moody = {
    ...candidate,
    read: () => answers ? candidate.read() : Promise.reject(new ServiceError("cut off")),
  };
  const options = {
    ...Reflect.get(slot, "options"),
    open: () => ({ find: () => Promise.resolve(moody) }),
  };
  const loading = new Slot(options);
  await loading.follow();
  assertEquals(loading.failure!.reason, "cut off");
  answers = true;
  await loading.follow();
  assertEquals([loading.failure, loading.current!.name], [undefined, "Model0"]);
  await loading.close();
});

Deno.test("slot: changes happen one after the other, the last one asked for wins", async () => {
  const { slot, world } = place();
  world.means = { latest: "a1", b: "b1" };
  const slow = Promise.withResolvers<void>();
  world.delay = slow.promise;
  const first = slot.follow();
  const second = slot.load("b");
  await settled();
  assertEquals([world.loads, world.asked.length], [1, 1]);
  slow.resolve();
  await Promise.all([first, second]);
  assertEquals([slot.current!.name, slot.previous!.name], ["Model1", "Model0"]);
  // A failed turn holds up nobody.
  world.means.gone = new Error("gone");
  const failing = assertRejects(() => slot.load("gone"));
  await Promise.all([failing, slot.load("latest")]);
  assertEquals(slot.current!.name, "Model0");
  await slot.close();
});

Deno.test("slot: a change has happened once every other thread has it", async () => {
  const calls: string[] = [];
  const ready = Promise.withResolvers<void>();
  let broken = false;
  const { slot, world, observer } = place({
    replicas: {
      copy: (model) => {
        calls.push(`copy ${model.name}`);
        return broken ? Promise.reject(new ModelError("not here")) : Promise.resolve();
      },
      assign: async (reference, model) => {
        calls.push(`assign ${model.name} as ${reference}`);
        if (model.name === "Model1") await ready.promise;
      },
      unassign: () => {
        calls.push("unassign");
        return Promise.resolve();
      },
      retire: (model) => {
        calls.push(`retire ${model.name}`);
        return Promise.resolve();
      },
    },
  });
  world.means = { latest: "a1", b: "b1", c: "c1" };
  await slot.follow();
  assertEquals(calls.splice(0), ["copy Model0", "assign Model0 as latest"]);
  let done = false;
  const change = slot.load("b").then(() => done = true);
  await waitUntil(() => calls.includes("assign Model1 as b"), "the other thread is told");
  await settled();
  assertEquals([done, observer.events.length], [false, 1]);
  ready.resolve();
  await change;
  assertEquals([calls.splice(0), observer.events.length], [
    ["copy Model1", "assign Model1 as b"],
    2,
  ]);
  broken = true;
  await assertRejects(() => slot.load("c"), ModelError, "not here");
  assertEquals(calls.splice(0), ["copy Model2", "retire Model2"]);
  assertEquals([slot.current!.name, slot.previous!.name], ["Model1", "Model0"]);
  // A model that is there already is not copied again.
  await slot.load("latest");
  assertEquals(calls.splice(0), ["assign Model0 as latest"]);
  await slot.close();
  assertEquals(calls.sort(), ["retire Model0", "retire Model1"]);
});

Deno.test("slot: a replaced model that cannot be freed is told to the log", async () => {
  const { slot, world, observer } = place();
  world.means = { latest: "a1", b: "b1", c: "c1" };
  await slot.follow();
  const run: ModelRuntime = Reflect.get(slot.current!, "run");
  Object.assign(run, { close: () => Promise.reject(new Error("stuck")) });
  await slot.load("b");
  await slot.load("c");
  await settled();
  assertEquals(observer.events.filter((event) => event.startsWith("error")), [
    "error Error: stuck",
  ]);
  await slot.close();
});

Deno.test("slots: all follow, and all are closed when they are told to have been", async () => {
  const args = ["--models-folder", folder, "--challenger", "b"];
  const settings = readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;
  const made: Slot[] = [];
  const slots = new Slots(settings, (_role, reference) => {
    const { slot, world } = place({ reference });
    world.means = { latest: "a1", b: "b1" };
    made.push(slot);
    return slot;
  });
  await slots.follow();
  assertEquals(made.map(({ current }) => current?.name), ["Model0", "Model1"]);
  const seen = made.map(({ current }) => freed(current!));
  const release = made[1].current!.hold();
  let closed = false;
  const closing = slots.close().then(() => closed = true);
  await settled();
  assertEquals([closed, seen.map(({ times }) => times)], [false, [1, 0]]);
  release();
  await closing;
  assertEquals(seen.map(({ times }) => times), [1, 1]);
});

Deno.test("model: what waits, who it is and what runs it is told; a failed prediction lets it go", async () => {
  const { slot, world } = place();
  world.means.latest = "c1";
  await slot.follow();
  const model = slot.current!;
  const { metadata } = bundles.c;
  assertEquals([model.name, model.version], [metadata.model_name, metadata.version]);
  assertEquals([model.source, model.waiting, model.runtime], ["/models/c1", 0, "ONNX Runtime"]);
  const record = model.parse(records[0], "", [])!;
  const predictions = Promise.all([1, 2, 3].map(() => model.predict(record)));
  assertEquals(model.waiting > 0, true);
  await predictions;
  assertEquals(model.waiting, 0);
  const run: ModelRuntime = Reflect.get(model, "run");
  const inference = run.inference;
  Object.assign(run, { inference: { waiting: 0, predict: () => Promise.reject(new Error("no")) } });
  await assertRejects(() => model.predict(record), Error, "no");
  Object.assign(run, { inference });
  const seen = freed(model);
  await model.retire();
  assertEquals(seen.times, 1);
});

Deno.test("model: a copy for another thread says the same, by its trees or by its file", async () => {
  const { slot, world } = place();
  const options: ModelOptions = Reflect.get(slot, "options").model;
  for (const name of ["a", "c"]) {
    world.means.latest = `${name}1`;
    const model = await slot.load();
    const copy = await RunningModel.open(await model.copy(), options);
    assertEquals([copy.name, copy.source, copy.runtime], [model.name, model.source, model.runtime]);
    const said = (one: RunningModel) => one.predict(one.parse(records[0], "", [])!);
    assertEquals((await said(copy)).scores, (await said(model)).scores);
    await copy.retire();
  }
  await slot.close();
});

Deno.test("model: its settings say what requests are routed and decided by, then its metadata", async () => {
  const { slot, world } = place();
  const settings: ModelOptions = Reflect.get(slot, "options").model;
  world.means.latest = "a1";
  const copy = await (await slot.load()).copy();
  const metadata = { ...copy.metadata, declared_features: set };
  const answered = async (options: Partial<ModelOptions>, more: Record<string, string>) => {
    const model = await RunningModel.open({ ...copy, metadata }, { ...settings, ...options });
    const record = model.parse({ ...records[0], ...more }, "", [])!;
    const answer = JSON.parse(model.answers.write("id", await model.predict(record), 1, record));
    await model.retire();
    return [record.key, record.group, answer.threshold];
  };
  assertEquals(await answered({}, { Customer: "C1" }), ["C1", "C1", undefined]);
  const threshold = { threshold: 0.9, label: classes[0] };
  assertEquals(
    await answered({ routingKey: "Branch", threshold }, { Customer: "C1", Branch: "B" }),
    [
      ...["B", "C1", 0.9],
    ],
  );
  await slot.close();
});

Deno.test("model: what is kept of its answers is asked first", async () => {
  const { slot, world } = place();
  const settings: ModelOptions = Reflect.get(slot, "options").model;
  const around: string[] = [];
  const scores: Scores = {
    ...{ code: 1, scores: [0, 1, 0], startedAt: 0, endedAt: 0 },
  };
  const options: ModelOptions = {
    ...settings,
    cache: {
      around: (inference, { name }) => {
        around.push(name);
        return { waiting: inference.waiting, predict: () => Promise.resolve(scores) };
      },
    },
  };
  for (const name of ["a", "c"]) {
    world.means.latest = `${name}1`;
    const model = await RunningModel.open(await (await slot.load()).copy(), options);
    assertEquals([model.knows("Age"), model.knows("age")], [true, false]);
    assertStrictEquals(await model.predict(model.parse(records[0], "", [])!), scores);
    await model.retire();
  }
  assertEquals(around, ["Model0", "Model2"]);
  await slot.close();
});

Deno.test("model: it is freed only after a prediction that is under way", async () => {
  const { slot, world } = place();
  world.means.latest = "c1";
  await slot.follow();
  const model = slot.current!;
  const seen = freed(model);
  const said = Promise.withResolvers<never>();
  const run: ModelRuntime = Reflect.get(model, "run");
  Object.assign(run, { inference: { waiting: 1, predict: () => said.promise } });
  const failing = assertRejects(() => model.predict(model.parse(records[0], "", [])!), Error, "no");
  const retired = model.retire();
  await settled();
  assertEquals(seen.times, 0);
  said.reject(new Error("no"));
  await Promise.all([failing, retired]);
  assertEquals(seen.times, 1);
});
