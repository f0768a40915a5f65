/** A model as it runs: who it is, what it is asked with, when it is freed. */

import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import type { Scores } from "../../serve/model/inference.ts";
import type { ModelRuntime } from "../../serve/model/model_runtime.ts";
import { type ModelOptions, RunningModel } from "../../serve/model/running_model.ts";
import { classes, set } from "../onnx/credit_sample.ts";
import { records } from "./fixture.ts";
import { bundles, freed, place, settled } from "./slot_place.ts";

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
