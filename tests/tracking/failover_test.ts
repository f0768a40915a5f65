/** What becomes of runs when the server is lost in the middle, call by call. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataError, ServiceError, UsageError } from "../../src/base/mod.ts";
import { FailoverStore, standInName } from "../../src/tracking/failover_store.ts";
import { ResponseError } from "../../src/tracking/http_errors.ts";
import { readKept } from "../../src/tracking/kept.ts";
import type { TrackedModel } from "../../src/tracking/contract.ts";
import { RecordingStore } from "./recording_store.ts";

const url = "http://mlflow.test";

function open() {
  const server = new RecordingStore({ kind: "server", url });
  const folder = new RecordingStore({ kind: "folder", path: "/kept/runs" });
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  const store = new FailoverStore({ server, folder, serverUrl: url, onWarning });
  return {
    ...{ server, folder, warnings, store },
    lose: () => {
      server.before = () => {
        throw new ServiceError("No answer", { next: "start it" });
      };
    },
  };
}

const begin = (name: string) => ({ name, startTime: 7, tags: { by: "me" } });
const keptOf = (run: { begun: { tags: Readonly<Record<string, string>> } }) =>
  readKept(run.begun.tags);

Deno.test("failover: while the server answers, nothing goes to the folder, in any kind of call", async () => {
  const { server, folder, warnings, store } = open();
  const experiment = await store.experiment("credit");
  const run = await store.createRun(experiment, begin("r"));
  await store.writeParams(run, { a: "1" });
  await store.writeMetrics(run, []);
  await store.writeTags(run, { t: "x" });
  await store.writeDataset(run, { name: "d", digest: "1", source: "a.csv" });
  await store.writeArtifact(run, "a.txt", "path");
  const model = { name: "m" } as unknown as TrackedModel;
  assertEquals(await store.writeModel(run, model, { a: "1" }), { uri: "server-run-1/model" });
  await store.endRun(run, "FINISHED", 9);
  assertEquals(server.runs[0].told, [
    { params: { a: "1" } },
    { metrics: [] },
    { tags: { t: "x" } },
    { dataset: { name: "d", digest: "1", source: "a.csv" } },
    { artifact: { path: "a.txt", content: "path" } },
    { model: { model, params: { a: "1" } } },
    { end: { status: "FINISHED", endTime: 9 } },
  ]);
  assertEquals([run.id, run.experiment.name], ["server-run-1", "credit"]);
  assertEquals([run.location, store.location], [server.location, server.location]);
  assertEquals([folder.runs, folder.experiments, warnings], [[], [], []]);
});

Deno.test("failover: what was logged before the loss is in the folder, once and in order", async () => {
  const { server, folder, warnings, store, lose } = open();
  const run = await store.createRun(await store.experiment("credit"), begin("r"));
  await store.writeParams(run, { a: "1" });
  await store.writeDataset(run, { name: "d", digest: "1", source: "a.csv" });
  lose();
  await store.writeMetrics(run, []);
  await store.writeTags(run, { t: "x" });
  await store.endRun(run, "FAILED", 9);
  assertEquals(folder.runs.length, 1);
  const [kept] = folder.runs;
  assertEquals(kept.told, [
    { params: { a: "1" } },
    { dataset: { name: "d", digest: "1", source: "a.csv" } },
    { metrics: [] },
    { tags: { t: "x" } },
    { end: { status: "FAILED", endTime: 9 } },
  ]);
  assertEquals(keptOf(kept), { server: url, experiment: "credit", runId: "server-run-1" });
  assertEquals([kept.begun.name, kept.begun.startTime, kept.begun.tags.by], ["r", 7, "me"]);
  assertEquals([run.id, run.location, store.location], [kept.id, kept.location, kept.location]);
  assertEquals(server.runs[0].told.length, 2);
  assertEquals(warnings, [
    "No answer (start it); the runs are kept in /kept/runs and can be sent later",
  ]);
});

Deno.test("failover: the loss is told once, also where calls of several runs fail together", async () => {
  const { server, folder, warnings, store } = open();
  const experiment = await store.experiment("credit");
  const runs = await Promise.all(
    ["a", "b"].map((name) => store.createRun(experiment, begin(name))),
  );
  const both = Promise.withResolvers<void>();
  let calls = 0;
  server.before = async () => {
    if (++calls === 2) both.resolve();
    await both.promise;
    throw new ServiceError("No answer");
  };
  await Promise.all(runs.map((run) => store.writeParams(run, { a: run.id })));
  assertEquals(warnings.length, 1);
  assertEquals(folder.runs.map(({ told }) => told), [
    [{ params: { a: "server-run-1" } }],
    [{ params: { a: "server-run-2" } }],
  ]);
});

Deno.test("failover: calls of a run reach a store one after the other", async () => {
  for (const lost of [false, true]) {
    const { server, folder, store, lose } = open();
    const run = await store.createRun(await store.experiment("credit"), begin("r"));
    if (lost) lose();
    const slow = lost ? folder : server;
    const first = Promise.withResolvers<void>();
    slow.before = async (call) => {
      if (call === "params") await first.promise;
    };
    const calls = [store.writeParams(run, { a: "1" }), store.writeTags(run, { t: "x" })];
    await new Promise((resolve) => setTimeout(resolve, 5));
    first.resolve();
    await Promise.all(calls);
    assertEquals(slow.runs[0].told, [{ params: { a: "1" } }, { tags: { t: "x" } }]);
  }
});

Deno.test("failover: a call that failed is told to its caller, the next ones go on", async () => {
  const { server, store } = open();
  const run = await store.createRun(await store.experiment("credit"), begin("r"));
  server.before = (call) => {
    if (call === "params") throw new DataError("no such file");
    if (call === "tags") {
      throw new ResponseError(400, "INVALID_PARAMETER_VALUE", "bad key", "rename");
    }
  };
  await assertRejects(() => store.writeParams(run, { a: "1" }), DataError, "no such file");
  const refused = await assertRejects(() => store.writeTags(run, {}), UsageError, "bad key");
  assertEquals([refused.next, refused.cause instanceof ResponseError], ["rename", true]);
  await store.writeMetrics(run, []);
  assertEquals([server.runs[0].told, store.location], [[{ metrics: [] }], server.location]);
});

Deno.test("failover: nested runs move below their parent, which moves once and first", async () => {
  const { folder, store, lose } = open();
  const experiment = await store.experiment("credit");
  const parent = await store.createRun(experiment, begin("parent"));
  await store.writeParams(parent, { of: "parent" });
  const children = await Promise.all(
    ["one", "two"].map((name) => store.createRun(experiment, { ...begin(name), parent })),
  );
  lose();
  await Promise.all(children.map((child) => store.writeTags(child, { t: "x" })));
  const late = await store.createRun(experiment, { ...begin("late"), parent });
  await store.endRun(parent, "FINISHED", 9);
  assertEquals(folder.runs.map(({ begun }) => begun.name).sort(), ["late", "one", "parent", "two"]);
  const [kept, ...nested] = folder.runs;
  assertEquals([kept.begun.name, kept.begun.parent], ["parent", undefined]);
  for (const { begun } of nested) assertEquals(begun.parent, kept);
  assertEquals(kept.told, [
    { params: { of: "parent" } },
    { end: { status: "FINISHED", endTime: 9 } },
  ]);
  assertEquals([parent.id, late.location.kind], [kept.id, "folder"]);
  // What the server never had begins in the folder.
  assertEquals(keptOf(folder.runs.find(({ begun }) => begun.name === "late")!)?.runId, undefined);
});

Deno.test("failover: on the server, a nested run is nested in the server's run", async () => {
  const { server, store } = open();
  const experiment = await store.experiment("credit");
  const parent = await store.createRun(experiment, begin("parent"));
  await store.createRun(experiment, { ...begin("child"), parent });
  assertEquals(server.runs.map(({ begun }) => begun.parent?.id), [undefined, "server-run-1"]);
});

Deno.test("failover: a parent waits for its own calls before it moves for a child", async () => {
  const { server, folder, store } = open();
  const experiment = await store.experiment("credit");
  const parent = await store.createRun(experiment, begin("parent"));
  const child = await store.createRun(experiment, { ...begin("child"), parent });
  const answer = Promise.withResolvers<void>();
  server.before = async (call) => {
    if (call === "tags") return await answer.promise;
    throw new ServiceError("No answer");
  };
  const slow = store.writeTags(parent, { t: "late" });
  const moved = store.writeParams(child, { a: "1" });
  await new Promise((resolve) => setTimeout(resolve, 5));
  answer.resolve();
  await Promise.all([slow, moved]);
  const kept = folder.runs.find(({ begun }) => begun.name === "parent")!;
  assertEquals(kept.told, [{ tags: { t: "late" } }]);
  assertEquals(folder.runs.find(({ begun }) => begun.name === "child")!.begun.parent, kept);
});

Deno.test("failover: of a parent that ended well only its end is written again", async () => {
  const { folder, store, lose } = open();
  const experiment = await store.experiment("credit");
  const parent = await store.createRun(experiment, begin("parent"));
  await store.writeParams(parent, { a: "1" });
  await store.writeTags(parent, { t: "x" });
  const child = await store.createRun(experiment, { ...begin("child"), parent });
  await store.endRun(parent, "FINISHED", 9);
  lose();
  await store.writeParams(child, { b: "2" });
  assertEquals(folder.runs.map(({ told }) => told), [
    [{ end: { status: "FINISHED", endTime: 9 } }],
    [{ params: { b: "2" } }],
  ]);
});

Deno.test("failover: a run that the server did not take begins in the folder", async () => {
  const { server, folder, store, lose } = open();
  const experiment = await store.experiment("credit");
  lose();
  const run = await store.createRun(experiment, begin("r"));
  assertEquals([server.runs.length, folder.runs.length, run.id], [0, 1, "folder-run-1"]);
  await store.writeParams(run, { a: "1" });
  assertEquals(folder.runs[0].told, [{ params: { a: "1" } }]);
  assertEquals(keptOf(folder.runs[0]), { server: url, experiment: "credit", runId: undefined });
});

Deno.test("failover: the folder's experiment is the one of that name, known by the server's id too", async () => {
  const { folder, store, lose } = open();
  const credit = await store.experiment("credit");
  await store.experiment({ id: "88" });
  lose();
  assertEquals((await store.experiment("other")).name, "other");
  assertEquals((await store.experiment({ id: credit.id })).name, "credit");
  const known = await store.createRun(await store.experiment({ id: credit.id }), begin("known"));
  assertEquals(keptOf(folder.runs[0])?.experiment, "credit");
  assertEquals(known.experiment.name, "credit");
  // Of an id that was never seen with its name, the id itself is what is asked for later.
  const strange = await store.experiment({ id: "99" });
  assertEquals(strange.name, standInName("99"));
  await store.createRun(strange, begin("strange"));
  assertEquals(keptOf(folder.runs[1])?.experiment, { id: "99" });
  assertEquals(folder.experiments, ["other", "credit", standInName("99")]);
});

Deno.test("failover: a file that is gone costs only itself; another failure of the folder is told", async () => {
  for (
    const error of [new DataError("gone"), new UsageError("no such name"), new Error("broken")]
  ) {
    const { folder, warnings, store, lose } = open();
    const run = await store.createRun(await store.experiment("credit"), begin("r"));
    await store.writeArtifact(run, "a.txt", "path");
    await store.writeParams(run, { a: "1" });
    lose();
    folder.before = (call) => {
      if (call === "artifact") throw error;
    };
    const call = () => store.writeTags(run, { t: "x" });
    if (error.message === "broken") {
      await assertRejects(call, Error, "broken");
      continue;
    }
    await call();
    assertEquals(folder.runs[0].told, [{ params: { a: "1" } }, { tags: { t: "x" } }]);
    assertStringIncludes(warnings[1], `Run r is kept without one of its files: ${error.message}`);
  }
});

Deno.test("failover: an error that is no loss of the server leaves it in charge", async () => {
  const { server, store, warnings } = open();
  server.before = () => {
    throw new TypeError("a defect");
  };
  await assertRejects(() => store.experiment("credit"), TypeError, "a defect");
  assertEquals([store.location, warnings], [server.location, []]);
});

Deno.test("failover: a call of any kind has happened when it is answered, or tells why not", async () => {
  const { server, store } = open();
  const run = await store.createRun(await store.experiment("credit"), begin("r"));
  server.before = () => Promise.reject(new DataError("no such file"));
  const dataset = { name: "d", digest: "1", source: "a.csv" };
  const calls = [
    () => store.writeParams(run, {}),
    () => store.writeMetrics(run, []),
    () => store.writeTags(run, {}),
    () => store.writeDataset(run, dataset),
    () => store.writeArtifact(run, "a", "b"),
    () => store.writeModel(run, {} as TrackedModel, {}),
    () => store.endRun(run, "FINISHED", 9),
  ];
  for (const call of calls) await assertRejects(call, DataError, "no such file");
});

Deno.test("failover: a server that is overloaded is lost, and is not asked again", async () => {
  const { server, folder, store, warnings } = open();
  const run = await store.createRun(await store.experiment("credit"), begin("r"));
  let asked = 0;
  server.before = () => {
    asked++;
    throw new ResponseError(503, "", "Overloaded");
  };
  await store.writeParams(run, { a: "1" });
  await store.writeTags(run, { t: "x" });
  await store.experiment("other");
  await store.createRun(await store.experiment("credit"), begin("next"));
  assertEquals([asked, warnings.length, folder.runs.length], [1, 1, 2]);
});
