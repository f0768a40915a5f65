/** One server answers for every model of its folder, as long as memory lasts. */

import { assert, assertEquals } from "@std/assert";
import { Deadlines } from "../../serve/http/deadlines.ts";
import { nativeAnswers, records, save, saveBig, type Served, withApp } from "./fixture.ts";
import { byLabel, classAnswer } from "./answers.ts";
import { waitUntil } from "../wait_until.ts";
import { ServerProcess } from "./server_process.ts";

const delay = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** What a model says of the first record, asked by its path. */
async function ask({ call }: Pick<Served, "call">, name: string, more = ""): Promise<string> {
  const response = await call(`/predict/${name}${more}`, records[0]);
  assertEquals(response.status, 200, await response.clone().text());
  return classAnswer.parse(await response.json()).model_name;
}

/** Names of the models in memory. */
const loaded = ({ slots }: Served) =>
  slots.all.flatMap(({ current }) => current?.name ?? []).sort();

Deno.test("many models: one that nobody named is loaded when it is asked for", async () => {
  await withApp(async (served) => {
    const { call, folder, observer } = served;
    await save(folder, 1, undefined, "home-equity");
    await save(folder, 2, undefined, "car");
    assertEquals(loaded(served), ["Model0"]);
    const both = await Promise.all([ask(served, "car"), ask(served, "car")]);
    assertEquals(both, ["car", "car"]);
    assertEquals(observer.events.filter((event) => event === "champion loaded car").length, 1);
    const [native] = await nativeAnswers([records[0]], 1);
    const asked = await call("/predict?model=home-equity", records[0]);
    const { probabilities, class_labels } = classAnswer.parse(await asked.json());
    const found = byLabel({ probabilities, class_labels });
    for (const [label, value] of Object.entries(native.probabilities)) {
      assert(Math.abs(found[label] - value) < 1e-5);
    }
    const batch = await call("/predict/car/batch", { records: records.slice(0, 3) });
    assertEquals(
      (await batch.json()).predictions.map((one: { model_name: string }) => one.model_name),
      ["car", "car", "car"],
    );
    const { names, serving } = await (await call("/models/list")).json();
    assertEquals(names, ["car", "home-equity"]);
    assertEquals(serving.map(({ reference }: { reference: string }) => reference), [
      "latest",
      "car",
      "home-equity",
    ]);
    for (const name of ["boat", "..%2f..", "batch2", "__proto__", "Model0_v_1"]) {
      const response = await call(`/predict/${name}`, records[0]);
      assertEquals(response.status, 404, name);
      assert((await response.json()).detail.includes("There is no model"));
    }
    // What is not named stays out of reach where the settings do not say `*`.
  }, { flags: ["--extra-models", "*"] });
  await withApp(async ({ call, folder }) => {
    await save(folder, 1, undefined, "car");
    assertEquals((await call("/predict/car", records[0])).status, 404);
  });
});

Deno.test("many models: those unused for the longest make room; pinned ones stay", async () => {
  await withApp(async (served) => {
    const { folder, slots, call } = served;
    for (const name of ["a", "b", "c", "pinned"]) await saveBig(folder, 0, name);
    await slots.follow(); // looks for the pinned one again
    assertEquals(loaded(served), ["Model0", "pinned"]);
    // Each has 2 MiB, and there is room for two.
    await ask(served, "a");
    await delay(5);
    await ask(served, "b");
    await delay(5);
    await ask(served, "a");
    await delay(5);
    await ask(served, "c");
    assertEquals(loaded(served), ["Model0", "a", "c", "pinned"]);
    assertEquals(await ask(served, "b"), "b");
    assertEquals(loaded(served).filter((name) => name !== "b").length, 3);
    // Looking for changes loads none of them again.
    await slots.follow();
    assertEquals(loaded(served).length, 4);
    const health = await (await call("/health")).json();
    assertEquals(health.status, "healthy");
    // What an operator unloads stays so.
    await slots.find("b")!.unload();
    assertEquals((await call("/predict/b", records[0])).status, 404);
    await slots.find("b")!.load();
    assertEquals(await ask(served, "b"), "b");
  }, { flags: ["--extra-models", "pinned,*", "--model-memory-megabytes", "5"] });
});

Deno.test("many models: a file that is damaged or too large is told, and not tried at once again", async () => {
  await withApp(async (served) => {
    const { folder, call, observer } = served;
    await saveBig(folder, 0, "big");
    const { modelPath } = await save(folder, 0, undefined, "broken");
    await Deno.writeTextFile(modelPath, "nothing");
    const refused = async (name: string) => {
      const response = await call(`/predict/${name}`, records[0]);
      return [response.status, (await response.json()).detail] as const;
    };
    const [status, detail] = await refused("big");
    assertEquals(status, 503);
    assert(detail.includes("3 MiB, more than there is room for; give --model-memory"), detail);
    const first = await refused("broken");
    assertEquals(first[0], 503, first[1]);
    const told = observer.events.length;
    assertEquals(await refused("broken"), first);
    assertEquals(observer.events.length, told);
    assertEquals(loaded(served), ["Model0"]);
  }, { flags: ["--extra-models", "*", "--model-memory-megabytes", "1"] });
});

Deno.test("many models: each has limits and a challenger of its own", async () => {
  const extra = "car?concurrency=1&challenger=Model1&challenger_mode=shadow&challenger_share=1";
  await withApp(async (served) => {
    const { folder, slots, observer, call } = served;
    await save(folder, 2, undefined, "car");
    await save(folder, 1);
    await slots.follow();
    const both = await Promise.all([
      call("/predict/car", records[0]),
      call("/predict/car", records[1]),
    ]);
    assertEquals(both.map(({ status }) => status).sort(), [200, 429]);
    const busy = both.find(({ status }) => status === 429)!;
    assert((await busy.json()).detail.includes("1 are under way for car"));
    await ask(served, "car");
    const roles = () => observer.predictions.map((one) => `${one.role} ${one.model_name}`);
    await waitUntil(
      () => ["shadow Model1", "champion car"].every((role) => roles().includes(role)),
      "both models were asked",
    );
    // The model that answers by default is not challenged.
    const before = roles().length;
    await call("/predict", records[0]);
    await delay(20);
    assertEquals(observer.predictions.length, before + 1);
  }, { flags: ["--model", "Model0", "--extra-models", extra] });
});

Deno.test("many models: a request that has less time is called off sooner", async () => {
  using deadlines = new Deadlines(10, 60_000);
  const called = (ms?: number) => {
    const ticket = deadlines.enter();
    deadlines.admit(ticket);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    ticket.onCancel(resolve);
    if (ms !== undefined) ticket.shorten(ms);
    return { ticket, promise };
  };
  const long = called();
  const startedAt = performance.now();
  const reason = await called(20).promise;
  assert(String(reason).includes("No answer within 20 ms"), String(reason));
  assert(performance.now() - startedAt >= 18);
  assertEquals(deadlines.open, 1);
  deadlines.leave(long.ticket);
});

Deno.test("many models: workers load, answer and make room together", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await save(folder, 0);
    for (const name of ["a", "b", "c"]) await saveBig(folder, 0, name);
    await using server = new ServerProcess(folder, [
      ...["--workers", "2", "--extra-models", "*", "--model-memory-megabytes", "5"],
      ...["--timeout-ms", "60000"],
    ]);
    const { url } = await server.logged("listening") as { url: string };
    const predict = async (name: string) => {
      using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
      const response = await fetch(`${url}/predict/${name}`, {
        client,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(records[0]),
      });
      return [response.status, (await response.json()).model_name ?? ""] as const;
    };
    for (const name of ["a", "b", "a", "c", "b", "a"]) {
      for (let i = 0; i < 4; i++) assertEquals(await predict(name), [200, name]);
    }
    assertEquals((await predict("d"))[0], 404);
    const { models } = await (await fetch(`${url}/health`)).json();
    const names = models.flatMap((one: { loaded: { name: string } | null }) =>
      one.loaded?.name ?? []
    );
    assertEquals(names.length, 3, String(names));
    assert(server.lines.some(({ message }) => message === "model unloaded to make room"));
    assertEquals(await server.stop(), 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
