/** Retries, encodings and refusals, against a server that answers as told. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ServiceError } from "../../src/base/mod.ts";
import { HttpClient } from "../../src/tracking/http_client.ts";
import { connectionSettings } from "../../src/tracking/settings.ts";
import { json, startFakeServer } from "./fake_server.ts";
import { freePort } from "../free_port.ts";

function client(url: string, variables: Record<string, string> = {}) {
  const pauses: number[] = [];
  const env = (name: string) => ({ MLFLOW_HTTP_REQUEST_BACKOFF_JITTER: "0", ...variables })[name];
  const sleep = (ms: number) => Promise.resolve(void pauses.push(ms));
  return { http: new HttpClient(connectionSettings(url, env), sleep), pauses };
}

/** Answers with each response in turn, then with {}. */
function inTurn(...responses: Response[]) {
  return () => responses.shift() ?? json({});
}

Deno.test("http: passing trouble is retried with MLflow's pauses", async () => {
  const troubles = [408, 429, 500, 502, 503, 504].map((status) => new Response("", { status }));
  await using server = startFakeServer({ "POST runs/update": inTurn(...troubles) });
  const { http, pauses } = client(server.url);
  assertEquals(await http.json("POST", "runs/update", { run_id: "r" }), {});
  assertEquals(pauses, [0, 4000, 8000, 16000, 32000, 64000]);
  assertEquals(new Set(server.requests.map(({ body }) => body)), new Set(['{"run_id":"r"}']));
});

Deno.test("http: Retry-After is honoured, as seconds and as a date", async () => {
  const date = new Date(Date.now() + 30_000).toUTCString();
  await using server = startFakeServer({
    "GET runs/get": inTurn(
      new Response("", { status: 429, headers: { "retry-after": "7" } }),
      new Response("", { status: 503, headers: { "retry-after": date } }),
    ),
  });
  const { http, pauses } = client(server.url);
  await http.json("GET", "runs/get", { run_id: "r" });
  assertEquals(pauses[0], 7000);
  // A date has whole seconds, and a little time has passed.
  assert(pauses[1] > 20_000 && pauses[1] <= 30_000);
});

Deno.test("http: a Retry-After of hours is no pause but an error", async () => {
  await using server = startFakeServer({
    "GET runs/get": () => new Response("", { status: 503, headers: { "retry-after": "7200" } }),
  });
  const { http, pauses } = client(server.url);
  await assertRejects(() => http.json("GET", "runs/get", {}), ServiceError, "503");
  assertEquals(pauses, []);
});

Deno.test("http: MLFLOW_HTTP_REQUEST_MAX_RETRIES and _BACKOFF_FACTOR count", async () => {
  await using server = startFakeServer({ "GET runs/get": () => new Response("", { status: 503 }) });
  const { http, pauses } = client(server.url, {
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "2",
    MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "1",
  });
  await assertRejects(() => http.json("GET", "runs/get", {}), ServiceError, "503");
  assertEquals(pauses, [0, 2000]);
});

Deno.test("http: a truncated answer is asked for again", async () => {
  // Below HTTP: Deno.serve tells of every stream that breaks.
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for (const body of ['{"a": ', '{"a": "whole"}']) {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(10_000));
      const head = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n";
      await connection.write(new TextEncoder().encode(head + body));
    }
  })();
  const { http } = client(`http://127.0.0.1:${listener.addr.port}`);
  assertEquals(await http.json("GET", "runs/get", {}), { a: "whole" });
  await serving;
});

Deno.test("http: a server that never answers is given up", async () => {
  await using server = startFakeServer({
    "GET runs/get": () => new Promise((done) => setTimeout(() => done(json({})), 300)),
  });
  const { http } = client(server.url, {
    MLFLOW_HTTP_REQUEST_TIMEOUT: "0.05",
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
  });
  await assertRejects(() => http.json("GET", "runs/get", {}), ServiceError, "within 0.05 s");
});

Deno.test("http: nobody listening is told in plain words", async () => {
  const url = `http://127.0.0.1:${freePort()}`;
  const { http, pauses } = client(url);
  const error = await assertRejects(() => http.json("GET", "runs/get", {}), ServiceError);
  assertStringIncludes(error.message, `Cannot reach the tracking server ${url}: `);
  assertStringIncludes(error.message, "refused");
  assert(!error.message.includes("error sending request"));
  assertEquals(pauses.length, 7);
});

for (
  const [name, answer, message, next] of [
    [
      "a foreign host name",
      new Response("Invalid Host header - possible DNS rebinding attack", {
        status: 403,
      }),
      "Invalid Host header",
      "--allowed-hosts",
    ],
    [
      "a foreign origin",
      new Response("Cross-origin request blocked", { status: 403 }),
      "403",
      "--cors",
    ],
    [
      "no password",
      json({ error_code: "UNAUTHENTICATED", message: "Who?" }, 401),
      "Who?",
      "_TOKEN",
    ],
    [
      "no permission",
      json({ error_code: "PERMISSION_DENIED", message: "No." }, 403),
      "No",
      "permission",
    ],
    [
      "a page that is not MLflow",
      new Response("<p>Not <b>found</b></p>", { status: 404 }),
      "Not found",
      "MLFLOW_TRACKING_URI",
    ],
    ["a login page", new Response("<html>Log in"), "not JSON", "MLFLOW_TRACKING_URI"],
    [
      "an address that moved",
      new Response("", { status: 308, headers: { location: "https://x/" } }),
      "redirects to https://x/",
      "MLFLOW_TRACKING_URI",
    ],
  ] as const
) {
  Deno.test(`http: ${name} is explained, and not retried`, async () => {
    await using server = startFakeServer({ "POST runs/update": () => answer });
    const { http } = client(server.url);
    const error = await assertRejects(() => http.json("POST", "runs/update", {}), ServiceError);
    assertStringIncludes(error.message, message);
    assertStringIncludes(error.next ?? "", next);
    assertEquals(server.requests.length, 1);
  });
}

Deno.test("http: password, token and workspace travel as headers, a path prefix stays", async () => {
  const both = {
    MLFLOW_TRACKING_USERNAME: "ada",
    MLFLOW_TRACKING_PASSWORD: "pä:ss",
    MLFLOW_TRACKING_TOKEN: "t0ken",
  };
  const utf8 = btoa(String.fromCharCode(...new TextEncoder().encode("ada:pä:ss")));
  for (
    const [variables, expected] of [
      [both, `Basic ${utf8}`], // A password wins over a token.
      [{ MLFLOW_TRACKING_TOKEN: "t0ken" }, "Bearer t0ken"],
      [{}, null],
    ] as const
  ) {
    await using server = startFakeServer({ "GET runs/get": () => json({}) }, "/team/mlflow");
    const { http } = client(`${server.url}/`, { ...variables, MLFLOW_WORKSPACE: "credit" });
    await http.json("GET", "runs/get", { run_id: "a b" });
    const [{ path, headers }] = server.requests;
    assertEquals(path, "/team/mlflow/api/2.0/mlflow/runs/get");
    assertEquals(headers.get("authorization"), expected);
    assertEquals(headers.get("x-mlflow-workspace"), "credit");
  }
});

Deno.test("http: a password in the address becomes a header", async () => {
  const settings = connectionSettings("https://ada:p%40ss@host:8443/x/", () => undefined);
  assertEquals(settings.url, "https://host:8443/x");
  assertEquals(await settings.authorization(), `Basic ${btoa("ada:p@ss")}`);
});

Deno.test("http: credentials that a reference names are read for each request", async () => {
  await using server = startFakeServer({ "GET runs/get": () => json({}) });
  const file = await Deno.makeTempFile();
  const env: Record<string, string> = {
    MLFLOW_TRACKING_USERNAME: "ada",
    MLFLOW_TRACKING_PASSWORD: `file:${file}`,
  };
  const client = new HttpClient(connectionSettings(server.url, (name) => env[name]));
  for (const password of ["first-password", "second-password"]) {
    await Deno.writeTextFile(file, `${password}\n`);
    await client.json("GET", "runs/get", {});
    const sent = server.requests.at(-1)?.headers.get("authorization");
    assertEquals(sent, `Basic ${btoa(`ada:${password}`)}`);
  }
  await Deno.remove(file);
  await assertRejects(() => client.json("GET", "runs/get", {}), Error, "MLFLOW_TRACKING_PASSWORD");
});

Deno.test("http: credentials come from ~/.mlflow/credentials where no variable is set", async () => {
  const home = await Deno.makeTempDir();
  await Deno.mkdir(`${home}/.mlflow`);
  await Deno.writeTextFile(
    `${home}/.mlflow/credentials`,
    "[other]\nmlflow_tracking_username = no\n[mlflow]\nmlflow_tracking_username = ada\n" +
      "mlflow_tracking_password = secret\n",
  );
  const settings = connectionSettings("http://host", (name) => name === "HOME" ? home : undefined);
  assertEquals(await settings.authorization(), `Basic ${btoa("ada:secret")}`);
  await Deno.remove(home, { recursive: true });
});
