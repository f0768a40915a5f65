/** A model in the shadow costs nobody anything: not time, not room, not an error. */

import { assertEquals } from "@std/assert";
import type { LoadedModel } from "../../serve/model/loaded_model.ts";
import type { Scores } from "../../serve/model/inference.ts";
import { records, save, type Served, withApp } from "./fixture.ts";

/** Serves Model0 with Model1 in its shadow, whose predictions wait until the test ends them. */
function withHeldShadow(
  test: (served: Served, held: PromiseWithResolvers<Scores>[]) => Promise<void>,
): Promise<void> {
  return withApp(async (served) => {
    const { folder, slots } = served;
    await save(folder, 1);
    await slots.follow();
    const held: PromiseWithResolvers<Scores>[] = [];
    const shadow: LoadedModel = slots.challenger!.current!;
    Object.defineProperty(shadow, "waiting", { get: () => held.length });
    shadow.predict = () => {
      const prediction = Promise.withResolvers<Scores>();
      held.push(prediction);
      return prediction.promise;
    };
    await test(served, held);
  }, {
    flags: ["--model", "Model0", "--challenger", "Model1", "--challenger-mode", "shadow"],
    router: { choose: () => "shadow" },
  });
}

async function askAll({ call }: Served, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const answer = await call("/predict", records[n % records.length]);
    assertEquals((await answer.json()).model_name, "Model0");
  }
}

Deno.test("serve: a shadow that never answers delays nobody, and few records wait for it", () =>
  withHeldShadow(async (served, held) => {
    const { observer } = served;
    await askAll(served, 300);
    assertEquals(observer.predictions.length, 300);
    assertEquals(held.length, 64);
    const shed = observer.events.filter((event) => event === "shadow Model1 shed");
    assertEquals(shed.length, 300 - 64);
  }));

Deno.test("serve: a shadow that fails is told to the operator only", () =>
  withHeldShadow(async (served, held) => {
    const { observer } = served;
    await askAll(served, 3);
    held.forEach(({ reject }) => reject(new Error("out of memory")));
    await new Promise((done) => setTimeout(done, 0));
    const told = observer.events.filter((event) => /^(shadow Model1|warn) /.test(event));
    assertEquals(told, [
      ...Array(3).fill("shadow Model1 failed"),
      ...Array(3).fill("warn the shadow could not predict"),
    ]);
  }));
