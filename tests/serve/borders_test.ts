/** What the open internet does to a server: too many connections, slow bodies, tricks with hosts, a stop. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { taskOfLabels } from "../../src/registry/mod.ts";
import { enlarged, records, save, withApp } from "./fixture.ts";
import { withServer } from "./server_process.ts";

/** Tries again for at most two minutes. */
async function eventually<T>(what: string, attempt: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + 120_000;
  while (performance.now() < end) {
    const found = await attempt().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what}: not within two minutes`);
}

const predict = (url: string) =>
  fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(records[0]),
    signal: AbortSignal.timeout(5000),
  });

for (const workers of [1, 2]) {
  const flags = workers === 1 ? [] : ["--workers", "2"];
  const of = workers === 1 ? "one thread" : `${workers} workers`;

  Deno.test(`borders: without file descriptors the server lives and goes on (${of})`, () =>
    withServer(flags, async (server, url) => {
      const { hostname, port } = new URL(url);
      const held: Deno.TcpConn[] = [];
      for (let i = 0; i < 350; i++) {
        try {
          held.push(await Deno.connect({ hostname, port: Number(port) }));
        } catch (error) {
          // The listener ends and comes back meanwhile.
          const { ConnectionRefused, ConnectionReset, NotConnected } = Deno.errors;
          const expected = [ConnectionRefused, ConnectionReset, NotConnected];
          if (!expected.some((kind) => error instanceof kind)) throw error;
          await new Promise((done) => setTimeout(done, 20));
        }
      }
      await server.logged("connections could not be taken; listening goes on");
      for (const connection of held) connection.close();
      const status = await eventually("an answer", async () => {
        const response = await predict(url);
        await response.body?.cancel();
        return response.status;
      });
      assertEquals(status, 200);
      assertEquals(await server.stop(), 0);
    }, { descriptors: 300 }));

  Deno.test(`borders: bodies that come slowly keep nobody out (${of})`, () =>
    withServer([...flags, "--concurrency", "16", "--timeout-ms", "20000"], async (_, url) => {
      const { hostname, port } = new URL(url);
      const head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
        "Content-Length: 1000\r\n\r\n{";
      const slow = await Promise.all(Array.from({ length: 64 }, async () => {
        const connection = await Deno.connect({ hostname, port: Number(port) });
        await connection.write(new TextEncoder().encode(head));
        return connection;
      }));
      for (let i = 0; i < 40; i++) {
        const response = await predict(url);
        await response.body?.cancel();
        assertEquals(response.status, 200);
      }
      for (const connection of slow) connection.close();
    }));

  Deno.test(`borders: a server that is asked to stop says so before its door closes (${of})`, () =>
    withServer([...flags, "--drain-seconds", "3"], async (server, url) => {
      const stopped = server.stop();
      await server.logged("stopping");
      const ready = await fetch(`${url}/readyz`);
      await ready.body?.cancel();
      assertEquals(ready.status, 503);
      const response = await predict(url);
      await response.body?.cancel();
      assertEquals(response.status, 200);
      assertEquals(await stopped, 0);
    }));
}

/** A model of another file, of the classes a and b and one column. */
async function saveHostile(folder: string, file: Uint8Array): Promise<string> {
  const { metadata, metadataPath } = await save(folder, 0, file);
  await Deno.writeTextFile(
    metadataPath,
    JSON.stringify({
      ...metadata,
      ...{ class_labels: ["a", "b"], task: taskOfLabels(["a", "b"]) },
      input_schema: [{ name: "Age", kind: "number", required: false }],
    }),
  );
  return metadata.version;
}

for (const [workers, size] of [["1", "small"], ["2", "large"]]) {
  for (
    const [name, wanted] of [["endless", /took over 5 s/], [
      "greedy",
      /it cannot be run: /,
    ]] as const
  ) {
    Deno.test(`borders: an ${name} ${size} model is refused, the server goes on and stops (--workers ${workers})`, () =>
      withServer(
        ["--workers", workers, "--load-seconds", "5", "--timeout-ms", "20000", "--model", "Model0"],
        async (server, url) => {
          const file = await Deno.readFile(new URL(`fixtures/${name}.onnx`, import.meta.url));
          const hostile = size === "large" ? enlarged(file) : file;
          const version = await saveHostile(server.folder, hostile);
          const refused = await fetch(`${url}/model/load`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ version }),
          });
          assertEquals(refused.status, 409);
          assertMatch((await refused.json()).detail, wanted);
          const response = await predict(url);
          assertEquals(response.status, 200);
          assertEquals((await response.json()).class_labels.length, 3);
          const health = await (await fetch(`${url}/health`)).json();
          assertEquals(health.status, "degraded");
          assertMatch(health.models[0].failure.reason, wanted);
          assertEquals(await server.stop(), 0);
        },
      ));
  }
}

Deno.test("borders: without keys only a request of this machine that nobody forwarded changes it", () =>
  withApp(async ({ app }) => {
    const status = async (url: string, headers: Record<string, string>) =>
      (await app.request(url, { method: "POST", headers })).status;
    const local = "http://127.0.0.1:5000/model/reload";
    assertEquals(await status(local, {}), 200);
    assertEquals(await status(local, { host: "localhost:5000" }), 200);
    const tricks: [string, Record<string, string>][] = [
      ["http://evil.example/model/reload", {}],
      ["http://127.0.0.1.evil.example/model/reload", {}],
      ["http://evil.example/model/reload", { host: "localhost" }],
      [local, { host: "evil.example" }],
      [local, { origin: "https://evil.example" }],
      [local, { "x-forwarded-for": "127.0.0.1" }],
      [local, { forwarded: "for=127.0.0.1" }],
      [local, { "x-real-ip": "127.0.0.1" }],
      [local, { via: "1.1 proxy" }],
    ];
    for (const [url, headers] of tricks) {
      assertEquals(await status(url, headers), 403, `${url} ${JSON.stringify(headers)}`);
    }
  }));

Deno.test("borders: a key for predictions is known, but not for changes", () =>
  withApp(async ({ call }) => {
    const key = (text: string) => ({ "x-api-key": text });
    assertEquals((await call("/model/reload", {}, key("a-predict-key-01"))).status, 403);
    assertEquals((await call("/model/reload", {}, key("no-such-key-0001"))).status, 401);
    assertEquals((await call("/model/reload", {})).status, 401);
    assertEquals((await call("/model/reload", {}, key("an-admin-key-0123"))).status, 200);
  }, { flags: ["--api-keys", "a-predict-key-01", "--admin-keys", "an-admin-key-0123"] }));

Deno.test("borders: what an unreadable file holds is in no message", () =>
  withApp(async ({ call, folder }) => {
    const path = `${folder}/Evil_v_20260101_000000_metadata.json`;
    await Deno.writeTextFile(path, "root:x:0:0:very secret");
    const refused = await call("/model/load", { version: "Evil" });
    assertEquals(refused.status, 409);
    const text = await refused.text();
    assert(text.includes("it is no JSON") && !text.includes("root"), text);
  }));
