/** Opening trackers, and what a server's answers make of a run. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DataError, UsageError } from "../../src/base/mod.ts";
import { chosenExperiment, openTracker, sendRuns } from "../../src/tracking/mod.ts";
import { storyModel } from "../contracts/tracker_contract.ts";
import { freePort } from "../free_port.ts";
import { json, smallMlflow, startFakeServer } from "./fake_server.ts";

const quick = { env: () => undefined, sleep: () => Promise.resolve() };

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tracking-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openTracker: what cannot be used is refused with the way out", async () => {
  for (
    const [uri, next] of [
      ["sqlite:///mlflow.db", "mlflow server --backend-store-uri sqlite:///mlflow.db"],
      ["postgresql+psycopg2://host/db", "mlflow server"],
      ["databricks://profile", "http(s) address or a folder"],
      ["databricks", "http(s) address or a folder"],
      ["127.0.0.1:5000", "http://127.0.0.1:5000"],
      ["s3://bucket", "http(s) address or a folder"],
    ]
  ) {
    const error = await assertRejects(() => openTracker({ ...quick, uri }), UsageError, uri);
    assertStringIncludes(error.next!, next);
  }
  const env = (name: string) => name === "MLFLOW_HTTP_REQUEST_TIMEOUT" ? "soon" : undefined;
  await assertRejects(
    () => openTracker({ ...quick, uri: "http://127.0.0.1:1", env }),
    UsageError,
    "MLFLOW_HTTP_REQUEST_TIMEOUT=soon",
  );
});

Deno.test("openTracker: folders are named in MLflow's ways", () =>
  inTemporaryFolder(async (folder) => {
    for (
      const [uri, path] of [
        [undefined, `${folder}/root`],
        ["", `${folder}/root`],
        [`file://${folder}/a%20b`, `${folder}/a b`],
        [`file:${folder}/c`, `${folder}/c`],
        [`${folder}/d`, `${folder}/d`],
      ]
    ) {
      const tracker = await openTracker({ ...quick, uri, root: `${folder}/root` });
      assertEquals(tracker.location, { kind: "folder", path });
    }
  }));

Deno.test("openTracker: a deleted experiment is refused with the way to restore it", () =>
  inTemporaryFolder(async (folder) => {
    const experiment = {
      experiment_id: "7",
      name: "credit",
      artifact_location: "mlflow-artifacts:/7",
      lifecycle_stage: "deleted",
    };
    await using server = startFakeServer({
      ...smallMlflow(),
      "GET experiments/get-by-name": () => json({ experiment }),
    });
    const remote = await openTracker({ ...quick, uri: server.url, root: folder });
    const error = await assertRejects(() => remote.experiment("credit"), UsageError, "was deleted");
    assertStringIncludes(error.next!, "mlflow experiments restore --experiment-id 7");

    const local = await openTracker({ ...quick, root: folder });
    const { id } = await local.experiment("credit");
    const path = `${folder}/${id}/meta.yaml`;
    const text = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, text.replace('"active"', '"deleted"'));
    await Deno.rename(`${folder}/${id}`, `${folder}/.trash/${id}`);
    await assertRejects(() => local.experiment("credit"), UsageError, "was deleted");
  }));

Deno.test("openTracker: an experiment that another process creates meanwhile is used", () =>
  inTemporaryFolder(async (folder) => {
    let created = false;
    const known = smallMlflow();
    await using server = startFakeServer({
      ...known,
      "GET experiments/get-by-name": (request) =>
        created
          ? known["GET experiments/get-by-name"](request)
          : json({ error_code: "RESOURCE_DOES_NOT_EXIST" }, 404),
      "POST experiments/create": () => {
        created = true;
        return json({ error_code: "RESOURCE_ALREADY_EXISTS" }, 400);
      },
    });
    const remote = await openTracker({ ...quick, uri: server.url, root: folder });
    assertEquals((await remote.experiment("credit")).id, "1");

    const trackers = await Promise.all(
      Array.from({ length: 8 }, () => openTracker({ ...quick, root: folder })),
    );
    const ids = await Promise.all(
      trackers.map(async (tracker) => (await tracker.experiment("same name")).id),
    );
    assertEquals(new Set(ids).size, 1);
  }));

Deno.test("openTracker: files go to a server's proxy; MLflow 2 gets its model with the run", () =>
  inTemporaryFolder(async (folder) => {
    await using server = startFakeServer(smallMlflow(), "/prefix");
    const tracker = await openTracker({ ...quick, uri: server.url, root: folder });
    const run = await tracker.startRun(await tracker.experiment("credit"), { name: "r" });
    await run.logMetrics({ a: NaN, b: -Infinity, c: 0.1 }, { timestamp: 5, step: 2 });
    await run.logArtifact("a b/ü#.txt", new TextEncoder().encode("text"));
    assertEquals(await run.logModel(storyModel(new Uint8Array(3))), { uri: "runs:/r1/model" });
    await run.end();
    const uploads = server.requests.filter(({ method }) => method === "PUT");
    const base = "/prefix/api/2.0/mlflow-artifacts/artifacts/1/r1/artifacts";
    assertEquals(uploads[0].path, `${base}/a%20b/%C3%BC%23.txt`);
    assertEquals(uploads[0].body, "text");
    assert(uploads.some(({ path }) => path === `${base}/model/MLmodel`));
    const batch = server.requests.find(({ path }) => path.endsWith("log-batch"))!;
    assertEquals(JSON.parse(batch.body).metrics, [
      { key: "a", value: "NaN", step: 2, timestamp: 5 },
      { key: "b", value: "-Infinity", step: 2, timestamp: 5 },
      { key: "c", value: 0.1, step: 2, timestamp: 5 },
    ]);
  }));

Deno.test("openTracker: a server whose artifacts lie on a disk gets them on this one", () =>
  inTemporaryFolder(async (folder) => {
    await using server = startFakeServer(smallMlflow(`file://${folder}/disk`));
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const tracker = await openTracker({ ...quick, uri: server.url, root: folder, onWarning });
    const run = await tracker.startRun(await tracker.experiment("credit"), { name: "r" });
    await run.logArtifact("a.txt", new TextEncoder().encode("text"));
    assertEquals(await Deno.readTextFile(`${folder}/disk/r1/artifacts/a.txt`), "text");
    assertEquals(warnings, []); // It is our own machine.
  }));

Deno.test("openTracker: a server on cloud storage is told apart at once, the run is kept", () =>
  inTemporaryFolder(async (folder) => {
    await using server = startFakeServer(smallMlflow("s3://bucket/1"));
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const tracker = await openTracker({ ...quick, uri: server.url, root: folder, onWarning });
    await tracker.experiment("credit");
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0], "--artifacts-destination s3://");
    assertEquals(tracker.location.kind, "folder");
  }));

Deno.test("openTracker: a file that is not there is the caller's error, not the server's", () =>
  inTemporaryFolder(async (folder) => {
    await using server = startFakeServer(smallMlflow());
    for (const uri of [server.url, undefined]) {
      const tracker = await openTracker({ ...quick, uri, root: folder });
      const run = await tracker.startRun(await tracker.experiment("credit"), { name: "r" });
      await assertRejects(() => run.logArtifact("a", `${folder}/none`), DataError, "none");
      await assertRejects(() => run.logModel(storyModel(`${folder}/none`)), DataError, "none");
      assertEquals(run.location.kind, uri === undefined ? "folder" : "server");
    }
  }));

Deno.test("openTracker: a file that is gone when the server is lost costs only itself", () =>
  inTemporaryFolder(async (folder) => {
    const answers = smallMlflow();
    await using server = startFakeServer(answers);
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const root = `${folder}/kept`;
    const tracker = await openTracker({ ...quick, uri: server.url, root, onWarning });
    const run = await tracker.startRun(await tracker.experiment("credit"), { name: "r" });
    await Deno.writeTextFile(`${folder}/passing.txt`, "text");
    await run.logArtifact("passing.txt", `${folder}/passing.txt`);
    await run.logArtifact("staying.txt", new TextEncoder().encode("text"));
    await Deno.remove(`${folder}/passing.txt`);
    answers["POST runs/log-batch"] = () => new Response("", { status: 503 });
    await run.logParams({ a: 1 });
    assertEquals(warnings.length, 2);
    assertStringIncludes(warnings[1], "kept without one of its files");
    const local = `${root}/${run.experiment.id}/${run.id}`;
    assertEquals([...Deno.readDirSync(`${local}/artifacts`)].map(({ name }) => name), [
      "staying.txt",
    ]);
    assertEquals(await Deno.readTextFile(`${local}/params/a`), "1");
  }));

Deno.test("openTracker: endOpenRuns ends nested runs first, and all of them", () =>
  inTemporaryFolder(async (folder) => {
    await using server = startFakeServer(smallMlflow());
    const tracker = await openTracker({ ...quick, uri: server.url, root: folder });
    const experiment = await tracker.experiment("credit");
    const parent = await tracker.startRun(experiment, { name: "parent" });
    await tracker.startRun(experiment, { name: "child", parent });
    const ended = await tracker.startRun(experiment, { name: "ended", parent });
    await ended.end();
    await tracker.endOpenRuns("KILLED");
    await tracker.endOpenRuns("KILLED");
    const updates = server.requests.filter(({ path }) => path.endsWith("runs/update"));
    assertEquals(updates.map(({ body }) => JSON.parse(body).status), [
      ...["FINISHED", "KILLED", "KILLED"],
    ]);
  }));

Deno.test("openTracker: a folder that cannot be written is named", async () => {
  const file = await Deno.makeTempFile();
  const tracker = await openTracker({ ...quick, root: file });
  await assertRejects(() => tracker.experiment("credit"), DataError, file);
  await Deno.remove(file);
});

Deno.test("sendRuns: a run that is still open waits, unless it is named", () =>
  inTemporaryFolder(async (folder) => {
    const lost = await openTracker({
      ...quick,
      uri: `http://127.0.0.1:${freePort()}`,
      root: folder,
    });
    const run = await lost.startRun(await lost.experiment("credit"), { name: "killed hard" });
    await using server = startFakeServer(smallMlflow());
    assertEquals(await sendRuns(folder, server.url, quick), { sent: [], running: ["killed hard"] });
    const { sent } = await sendRuns(folder, server.url, { ...quick, runIds: [run.id] });
    assertEquals(sent.map(({ name, localId, id }) => [name, localId, id]), [
      ["killed hard", run.id, "r1"],
    ]);
    const update = server.requests.find(({ path }) => path.endsWith("runs/update"))!;
    assertEquals(JSON.parse(update.body).status, "KILLED");
    await assertRejects(
      () => sendRuns(folder, server.url, { ...quick, runIds: ["other"] }),
      DataError,
      "Cannot send run other",
    );
    await assertRejects(() => sendRuns(folder, folder, quick), UsageError, "no tracking server");
  }));

Deno.test("chosenExperiment: MLFLOW_EXPERIMENT_NAME and _ID win over the default", () =>
  inTemporaryFolder(async (folder) => {
    const tracker = await openTracker({ ...quick, root: folder });
    const choose = async (variables: Record<string, string>) =>
      (await chosenExperiment(tracker, "default", (name) => variables[name])).name;
    assertEquals(await choose({}), "default");
    assertEquals(await choose({ MLFLOW_EXPERIMENT_NAME: "named" }), "named");
    const { id } = await tracker.experiment("by id");
    assertEquals(await choose({ MLFLOW_EXPERIMENT_ID: id }), "by id");
    await assertRejects(() => choose({ MLFLOW_EXPERIMENT_ID: "123" }), UsageError, "123");
    await assertRejects(
      () => choose({ MLFLOW_EXPERIMENT_ID: id, MLFLOW_EXPERIMENT_NAME: "other" }),
      UsageError,
      `MLFLOW_EXPERIMENT_NAME is other, but MLFLOW_EXPERIMENT_ID ${id} is by id`,
    );

    // A lost server cannot tell what its ids mean: the name is followed, or the id kept.
    const uri = `http://127.0.0.1:${freePort()}`;
    const lost = await openTracker({ ...quick, uri, root: folder });
    const chooseLost = async (variables: Record<string, string>) =>
      (await chosenExperiment(lost, "default", (name) => variables[name])).name;
    assertEquals(await chooseLost({ MLFLOW_EXPERIMENT_ID: "1" }), "Server experiment 1");
    assertEquals(
      await chooseLost({ MLFLOW_EXPERIMENT_ID: "1", MLFLOW_EXPERIMENT_NAME: "named" }),
      "named",
    );
    const standIn = await lost.experiment({ id: "1" });
    await (await lost.startRun(standIn, { name: "kept by id" })).end();
    const experiment = {
      experiment_id: "1",
      name: "the server's name",
      artifact_location: "mlflow-artifacts:/1",
    };
    await using server = startFakeServer({
      ...smallMlflow(),
      "GET experiments/get": () => json({ experiment }),
    });
    assertEquals((await sendRuns(folder, server.url, quick)).sent.length, 1);
    const create = server.requests.find(({ path }) => path.endsWith("runs/create"))!;
    assertEquals(JSON.parse(create.body).experiment_id, "1");
  }));
