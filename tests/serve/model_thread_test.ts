import { assertEquals, assertRejects } from "@std/assert";
import { openModelThread } from "../../serve/model/model_thread.ts";
import { openHere } from "../../serve/model/servable_model.ts";
import { ModelError } from "../../src/base/mod.ts";
import { readModel } from "../../src/registry/mod.ts";
import { records, save } from "./fixture.ts";

Deno.test("serve: a model in a thread of its own says what it says in this one", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bundle = await save(folder, 1);
    const state = bundle.metadata.feature_state;
    const onnx = await readModel(bundle);
    const here = await openHere(onnx, "multiclass");
    const there = await openModelThread(onnx, "multiclass");
    assertEquals([there.inputs, there.classes], [here.inputs, here.classes]);
    // A frame is used again and again, and starts with nothing but missing values.
    for (const rows of [1, 7, 1, 64]) {
      const frames = [here.frame(rows), there.frame(rows)];
      for (let from = 0; from < 3; from++) {
        const [expected, found] = await Promise.all(frames.map((frame) => frame.predict()));
        assertEquals(found, expected);
        for (const { columns } of frames) {
          for (let row = 0; row < rows; row++) {
            here.inputs.forEach(({ name, kind }, at) => {
              const value = records[from * rows + row]?.[name];
              columns[at][row] = kind === "text" ? String(value ?? "") : Number(value ?? NaN);
            });
          }
        }
      }
    }
    assertEquals(await there.readParts(state), await here.readParts(state));
    await Promise.all([here.close(), there.close()]);
    const damaged = onnx.subarray(0, 1000);
    await assertRejects(
      () => openModelThread(damaged, "multiclass"),
      ModelError,
      "Cannot load the model",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
