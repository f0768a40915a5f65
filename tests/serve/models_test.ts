import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { healthSchema, modelListSchema, slotSchema } from "../../serve/openapi/schemas.ts";
import { latestBundle } from "../../src/registry/mod.ts";
import { records, save, type Served, type Which, withApp } from "./fixture.ts";

async function predicted({ call }: Served): Promise<string> {
  const { model_name, model_version } = await (await call("/predict", records[0])).json();
  return `${model_name} ${model_version}`;
}

async function health({ call }: Served) {
  return healthSchema.strict().parse(await (await call("/health")).json());
}

Deno.test("serve: without a model it lives, says so, and takes the first that appears", () =>
  withApp(async (served) => {
    const { call, folder, slots } = served;
    assertEquals((await call("/livez")).status, 200);
    const refused = await call("/readyz");
    assertEquals(refused.status, 503);
    assertEquals(refused.headers.get("retry-after"), "5");
    assertEquals((await call("/predict", records[0])).status, 503);
    const { status, model_loaded, models } = await health(served);
    assertEquals([status, model_loaded], ["unhealthy", false]);
    assertMatch(models![0].failure!.reason, /there is no such file; train a model first$/);
    assertEquals((await call("/openapi.json")).status, 200);

    await save(folder);
    await slots.follow();
    assertEquals((await call("/readyz")).status, 200);
    assertEquals((await health(served)).status, "healthy");
    assertEquals((await call("/predict", records[0])).status, 200);
  }, { empty: true }));

Deno.test("serve: a new model takes over; the one before it is back at once", () =>
  withApp(async (served) => {
    const { call, folder, slots, observer } = served;
    const first = slots.champion.current!;
    const { metadata: { version } } = await save(folder, 1);
    await slots.follow();
    assertEquals(await predicted(served), `Model1 ${version}`);
    assertEquals(slots.champion.previous, first);

    const response = await call("/model/load", { version: first.version });
    const slot = slotSchema.strict().parse(await response.json());
    assertEquals([slot.reference, slot.loaded!.name], [first.version, "Model0"]);
    assertEquals(slots.champion.current, first);
    // A named version stays until another is named.
    await slots.follow();
    assertEquals(await predicted(served), `Model0 ${first.version}`);
    assertEquals((await call("/model/load", { version: "latest" })).status, 200);
    assertEquals(await predicted(served), `Model1 ${version}`);
    assertEquals(observer.events, [
      "champion loaded Model0",
      "champion loaded Model1",
      "champion loaded Model0",
      "champion loaded Model1",
    ]);
  }));

Deno.test("serve: a broken model never replaces a working one; why is told, once", () =>
  withApp(async (served) => {
    const { call, folder, slots, observer } = served;
    const before = await predicted(served);
    const { modelPath, metadata } = await save(folder, 1);
    const onnx = await Deno.readFile(modelPath);
    await Deno.writeFile(modelPath, onnx.slice(0, -10));
    await slots.follow();
    await slots.follow();
    assertEquals(await predicted(served), before);
    const { status, models } = await health(served);
    assertEquals(status, "degraded");
    assertMatch(models![0].failure!.reason, /its digest differs from its metadata's/);
    assertEquals(observer.events.length, 2, observer.events.join("\n"));

    const refused = await call("/model/load", { version: metadata.version });
    assertEquals(refused.status, 409);
    assertMatch(await refused.text(), /digest differs.*the models that answered go on answering/);
    assertEquals((await call("/model/load", { version: "20200101_000000" })).status, 409);
    assertEquals((await call("/model/load", { versoin: "latest" })).status, 422);
    assertEquals(
      (await call("/model/load", { version: "latest", role: "challenger" })).status,
      409,
    );
    assertEquals(await predicted(served), before);

    await Deno.writeFile(modelPath, onnx);
    await slots.follow();
    assertEquals(await predicted(served), `Model1 ${metadata.version}`);
    assertEquals((await health(served)).status, "healthy");
  }));

Deno.test("serve: metadata that contradict the model are refused", () =>
  withApp(async (served) => {
    const { folder, slots } = served;
    const { metadataPath, metadata } = await save(folder, 1);
    for (
      const [change, reason] of [
        [{ class_labels: ["Bad", "Standard", "Good"] }, /its classes are Poor, Standard, Good/],
        [{ input_schema: metadata.input_schema.slice(1) }, /its input "Age" is number, but not in/],
      ] as const
    ) {
      await Deno.writeTextFile(metadataPath, JSON.stringify({ ...metadata, ...change }));
      await slots.follow();
      assertMatch(slots.champion.failure!.reason, reason);
    }
    assertEquals(slots.champion.current!.name, "Model0");
  }));

Deno.test("serve: models are replaced under load without one failed or mixed-up answer", () =>
  withApp(async (served) => {
    const { call, folder, slots } = served;
    await save(folder, 1);
    const answersOf: Record<string, string> = {};
    for (const version of ["Model0", "Model1"]) {
      await slots.champion.load(version);
      const answer = await (await call("/predict", records[3])).json();
      answersOf[answer.model_name] = JSON.stringify(answer.probabilities);
    }
    assert(answersOf.Model0 !== answersOf.Model1);
    let running = true;
    const seen = new Set<string>();
    const clients = Array.from({ length: 8 }, async () => {
      while (running) {
        const response = await call("/predict", records[3]);
        assertEquals(response.status, 200);
        const { model_name, probabilities } = await response.json();
        assertEquals(JSON.stringify(probabilities), answersOf[model_name]);
        seen.add(model_name);
        // As on a socket, others get their turn.
        await new Promise((done) => setImmediate(done));
      }
    });
    for (let turn = 0; turn < 30; turn++) {
      // Every third time the version before last is needed, which is loaded anew.
      if (turn % 3 === 2) assertEquals((await call("/model/reload", {})).status, 200);
      else await slots.champion.load(`Model${turn % 2}`);
      await new Promise((done) => setTimeout(done, 2));
    }
    running = false;
    await Promise.all(clients);
    assertEquals(seen.size, 2);
  }));

Deno.test("serve: trees whose features are in doubt are left to ONNX Runtime, and it is told", () =>
  withApp(async (served) => {
    const { folder, slots, observer, call } = served;
    const runtime = async () => (await (await call("/model/info")).json()).runtime;
    assertEquals(await runtime(), "trees");
    const right = await (await call("/predict", records[0])).json();
    const { metadataPath, metadata } = await save(folder, 0);
    const { columns, features } = metadata.feature_state;
    const doubtful = [
      { features, columns: columns.map((column) => ({ ...column, median: 0, upper: 20 })) },
      { columns: [], features: [] },
    ];
    for (const feature_state of doubtful) {
      await Deno.writeTextFile(metadataPath, JSON.stringify({ ...metadata, feature_state }));
      await slots.follow();
      assertEquals(await runtime(), "ONNX Runtime");
      const { probabilities } = await (await call("/predict", records[0])).json();
      // exp differs in the last bits of Float32.
      for (const [label, value] of right.probabilities.entries()) {
        assertAlmostEquals(probabilities[label], value, 1e-6);
      }
    }
    const told = observer.events.filter((event) => event.startsWith("warn"));
    assertEquals(told, Array(2).fill("warn ONNX Runtime runs the model's trees"));
  }));

Deno.test("serve: what is served and what could be is listed", () =>
  withApp(async ({ call, folder }) => {
    await Deno.writeTextFile(join(folder, "notes_metadata.json"), "{}");
    const { serving, available } = modelListSchema.strict()
      .parse(await (await call("/models/list")).json());
    assertEquals(serving.map(({ role, reference }) => `${role} ${reference}`), ["champion latest"]);
    assertEquals(available.map(({ model_name }) => model_name), ["Model0"]);
    const info = await (await call("/model/info")).json();
    assertEquals(info.class_labels, ["Poor", "Standard", "Good"]);
    assert(!("feature_state" in info), "what training learned of the data is not for callers");
    const version = await (await call("/version")).json();
    assertEquals(version.data_digest, "00");
  }));

Deno.test("serve: a model of one name never takes the place of another's, unless it is loaded", () =>
  withApp(async ({ call, folder, slots }) => {
    const named = async (which: Which, name: string) => {
      const { metadata, metadataPath } = await save(folder, which);
      await Deno.writeTextFile(metadataPath, JSON.stringify({ ...metadata, name }));
      await slots.follow();
    };
    await named(0, "credit-score");
    await named(1, "credit-score");
    assertEquals(slots.champion.current!.name, "Model1");
    await named(0, "diabetes");
    assertEquals(slots.champion.current!.name, "Model1");
    assertMatch(
      slots.champion.failure!.reason,
      /is a model "diabetes", and "credit-score" is served/,
    );
    const { version } = (await latestBundle(folder)).metadata;
    assertEquals((await call("/model/load", { version })).status, 200);
    assertEquals(slots.champion.current!.name, "Model0");
  }));
