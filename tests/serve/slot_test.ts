/** How a served model is replaced: in turns, with a way back, and freed when its last work is done. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { ModelError, ServiceError } from "../../src/base/mod.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import type { ModelRuntime } from "../../serve/model/model_runtime.ts";
import { Slot } from "../../serve/model/slot.ts";
import { Slots } from "../../serve/model/slots.ts";
import { waitUntil } from "../wait_until.ts";
import { records } from "./fixture.ts";
import { files, folder, freed, place, settled } from "./slot_place.ts";

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
