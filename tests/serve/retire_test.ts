/** A model that was replaced is freed: once, and not before its last prediction is done. */

import { assertEquals } from "@std/assert";
import type { LoadedModel } from "../../serve/model/loaded_model.ts";
import type { ModelRuntime } from "../../serve/model/model_runtime.ts";
import { waitUntil } from "../wait_until.ts";
import { records, save, withApp } from "./fixture.ts";

/** Lets what frees the model be seen, and nothing of it be changed. */
function observed(model: LoadedModel): { closed: number } {
  const seen = { closed: 0 };
  const run: ModelRuntime = Reflect.get(model, "run");
  const close = run.close.bind(run);
  Object.assign(run, {
    close: () => {
      seen.closed++;
      return close();
    },
  });
  return seen;
}

Deno.test("serve: a model that nobody can go back to is freed after its last prediction", () =>
  withApp(async ({ slots, folder }) => {
    const first = slots.champion.current!;
    assertEquals(first.runtime, "ONNX Runtime");
    const seen = observed(first);
    const record = first.parse(records[0], "", [])!;
    const release = first.hold();
    const other = first.hold();

    await save(folder, 0);
    await slots.follow();
    assertEquals([slots.champion.previous, seen.closed], [first, 0], "the way back is kept");
    await save(folder, 2);
    await slots.follow();
    assertEquals(slots.champion.previous?.name, "Model0");
    await settled();
    assertEquals(seen.closed, 0, "two requests still use it");
    release();
    await settled();
    assertEquals(seen.closed, 0, "a request still uses it");
    // Who holds it can still predict, as it was loaded.
    assertEquals((await first.predict(record)).scores.length, 3);
    assertEquals(seen.closed, 0);
    other();
    await waitUntil(() => seen.closed > 0, "the model is freed");
    await settled();
    assertEquals(seen.closed, 1);
  }, { which: 2 }));

Deno.test("serve: a model that nobody uses is freed at once, one loaded anew frees the one before", () =>
  withApp(async ({ slots }) => {
    const first = observed(slots.champion.current!);
    await slots.champion.load();
    await waitUntil(() => first.closed === 1, "the model before it is freed");
    const second = observed(slots.champion.current!);
    await slots.close();
    assertEquals([first.closed, second.closed], [1, 1]);
  }, { which: 2 }));

/** Lets everything happen that waits for nothing. */
function settled(): Promise<void> {
  return new Promise((done) => setTimeout(done, 20));
}
