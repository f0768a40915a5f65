/** A server that refuses one name, key or value is not lost. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { openTracker, sendRuns } from "../../src/tracking/mod.ts";
import { type Answers, json, smallMlflow, startFakeServer } from "./fake_server.ts";

const quick = { env: () => undefined, sleep: () => Promise.resolve() };
const refusal = (message: string, status = 400) =>
  json({ error_code: "INVALID_PARAMETER_VALUE", message }, status);

/** As a word: ids are of random letters. */
const bad = /\bbad\b/;

/** A server that refuses what holds "bad", wherever it stands. */
function choosy(): Answers {
  let runs = 0;
  const run = (id: string) => ({ run_id: id, artifact_uri: `mlflow-artifacts:/1/${id}/artifacts` });
  return {
    ...smallMlflow(),
    "POST runs/create": ({ body }) =>
      bad.test(body) ? refusal("bad run") : json({ run: { info: run(`r${++runs}`) } }),
    "POST runs/log-batch": ({ body }) => bad.test(body) ? refusal("bad key") : json({}),
    "POST runs/log-inputs": ({ body }) => bad.test(body) ? refusal("bad data") : json({}),
    "PUT": ({ path, body }) =>
      body.length > 100
        ? refusal("too large", 413)
        : bad.test(path)
        ? refusal("Invalid path")
        : json({}),
  };
}

async function inTemporaryFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "refused-" });
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("tracking: a refused name, key, value or size fails its call and tells what to change", () =>
  inTemporaryFolder(async (root) => {
    await using server = startFakeServer(choosy());
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const tracker = await openTracker({ ...quick, uri: ` ${server.url}\n`, root, onWarning });
    const experiment = await tracker.experiment("credit");
    const run = await tracker.startRun(experiment, { name: "r" });
    const bytes = (length: number) => new Uint8Array(length).fill(97);
    const refused: [() => Promise<unknown>, string, string][] = [
      [() => run.logArtifact("bad #1.html", bytes(2)), "Invalid path", "rename the artifact"],
      [() => run.logArtifact("large.bin", bytes(200)), "too large", "something smaller"],
      [() => run.logParams({ bad: 1 }), "bad key", "change the name, key or value"],
      [() => run.logParams({ p: "bad" }), "bad key", "change the name, key or value"],
      [() => run.logMetrics({ bad: 1 }), "bad key", "change the name, key or value"],
      [() => run.setTags({ t: "bad" }), "bad key", "change the name, key or value"],
      [() => tracker.startRun(experiment, { name: "bad" }), "bad run", "change the name"],
    ];
    for (const [call, message, next] of refused) {
      const error = await assertRejects(call, UsageError, message);
      assertStringIncludes(error.next!, next);
    }
    await run.logMetrics({ f1: 0.5 });
    await run.end();
    assertEquals(run.location.kind, "server");
    assertEquals(tracker.location.kind, "server");
    assertEquals(warnings, []);
  }));

Deno.test("tracking: a server that refuses us, or lost the run, is lost all the same", () =>
  inTemporaryFolder(async (root) => {
    for (
      const answer of [
        () => json({ error_code: "PERMISSION_DENIED", message: "no" }, 403),
        () => json({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run not found" }, 404),
        () => refusal("The run r1 must be in the 'active' state. Current state is deleted."),
      ]
    ) {
      await using server = startFakeServer({ ...smallMlflow(), "POST runs/log-batch": answer });
      const tracker = await openTracker({ ...quick, uri: server.url, root });
      const run = await tracker.startRun(await tracker.experiment("credit"), { name: "r" });
      await run.logMetrics({ f1: 0.5 });
      assertEquals(run.location.kind, "folder");
    }
  }));

Deno.test("sendRuns: what the server will never take is passed over and told, all else is sent", () =>
  inTemporaryFolder(async (root) => {
    const local = await openTracker({ ...quick, root });
    const experiment = await local.experiment("credit");
    const ids: string[] = [];
    for (const name of ["first", "bad run", "last"]) {
      const run = await local.startRun(experiment, { name });
      ids.push(run.id);
      if (name === "first") {
        await run.logParams({ a: 1, bad: 2, c: 3, d: "bad" });
        await run.logMetrics({ x: 1, "bad/x": 2, y: 3 });
        await run.setTags({ fine: "yes", other: "bad" });
        await run.logArtifact("good.txt", new TextEncoder().encode("good"));
        await run.logArtifact("bad.txt", new TextEncoder().encode("text"));
        await run.logArtifact("then.txt", new TextEncoder().encode("then"));
        await run.logDataset({ name: "bad data", digest: "1", source: "a.csv" });
      }
      await run.end();
    }
    await using server = startFakeServer(choosy());
    const warnings: string[] = [];
    const options = { ...quick, runIds: ids, onWarning: (text: string) => warnings.push(text) };
    const { sent, refused } = await sendRuns(root, server.url, options);
    assertEquals(sent.map(({ name }) => name), ["first", "last"]);
    assertEquals(refused!.map(({ run, what }) => `${run}: ${what}`), [
      "first: tag other",
      "first: parameter bad",
      "first: parameter d",
      "first: metric bad/x at step 0",
      "first: data set bad data",
      "first: artifact bad.txt",
      "bad run: run",
    ]);
    assertEquals(warnings.length, refused!.length);
    const kept = server.requests.map(({ path, body }) => `${path} ${body}`)
      .filter((request) => !request.includes("bad")).join("\n");
    for (const part of ['"a"', '"c"', '"x"', '"y"', '"fine"', "good.txt", "then.txt"]) {
      assertStringIncludes(kept, part);
    }
    // The run that was refused stays for a second attempt; the others are not sent twice.
    const again = await sendRuns(root, server.url, options);
    assertEquals([again.sent.length, again.refused!.map(({ what }) => what)], [0, ["run"]]);
  }));

Deno.test("sendRuns: a run that the server does not know any more is created anew", () =>
  inTemporaryFolder(async (root) => {
    let known = true;
    await using server = startFakeServer({
      ...choosy(),
      "GET runs/get": (request) => {
        if (known) return smallMlflow()["GET runs/get"](request);
        known = true;
        return json({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "no such run" }, 404);
      },
      "POST runs/log-batch": () => known ? json({}) : json({}, 401),
    });
    known = false;
    const tracker = await openTracker({ ...quick, uri: server.url, root });
    const run = await tracker.startRun(await tracker.experiment("credit"), { name: "r" });
    await run.logMetrics({ f1: 1 });
    await run.end();
    assertEquals(run.location.kind, "folder");
    const { sent } = await sendRuns(root, server.url, quick);
    assertEquals(sent.map(({ id }) => id), ["r2"]);
  }));

Deno.test("tracking: a dead proxy is named, with its variable and without its password", () =>
  inTemporaryFolder(async (root) => {
    const variables: Record<string, string> = { HTTP_PROXY: "http://me:secret@127.0.0.1:9" };
    for (
      const [no, told] of [["", true], ["example.org", true], ["mlflow.test,x", false]] as const
    ) {
      const env = (name: string) => name === "NO_PROXY" ? no : variables[name];
      const warnings: string[] = [];
      await openTracker({
        ...quick,
        env,
        root,
        uri: "http://mlflow.test:9",
        onWarning: (text) => warnings.push(text),
      });
      assertEquals(warnings.length, 1);
      assertEquals(warnings[0].includes("through the proxy http://127.0.0.1:9 (HTTP_PROXY)"), told);
      assertEquals(warnings[0].includes("NO_PROXY"), told);
      assert(!warnings[0].includes("secret"));
    }
  }));
