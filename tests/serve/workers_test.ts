/** A server whose predictions are shared out over threads: to its callers it is one. */

import { assert, assertAlmostEquals, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Connection, postRequest } from "../../bench/sides/http_load.ts";
import { Deadlines } from "../../serve/http/deadlines.ts";
import { Problem } from "../../serve/http/problem.ts";
import { problemSchema, slotSchema } from "../../serve/openapi/schemas.ts";
import { byLabel, type ClassAnswer, classAnswer } from "./answers.ts";
import { compareAnswer, feedbackAnswer } from "../../serve/routes/insight.ts";
import { readPredictions } from "../../src/prediction_log/mod.ts";
import { nativeAnswers, records, save, type Which } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";
import { waitUntil } from "../wait_until.ts";

const CONNECTIONS = 32;
const encoder = new TextEncoder();

/** A running server, and how to ask it. */
interface Running {
  readonly server: ServerProcess;
  readonly folder: string;
  readonly url: string;
  readonly port: number;
  /** Posts JSON, or asks with GET if there is no body. */
  call(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  /** One prediction on each of many connections, which the kernel shares out over the workers. */
  everywhere(): Promise<ClassAnswer[]>;
}

async function withWorkers(
  test: (running: Running) => Promise<void>,
  { flags = [], models = [0], errors = [] }: {
    flags?: readonly string[];
    models?: readonly Which[];
    /** What the log is expected to hold as errors. */
    errors?: readonly string[];
  } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const which of models) await save(folder, which);
    await using server = new ServerProcess(folder, ["--workers", "3", ...flags]);
    const { url } = await server.logged("listening") as { url: string };
    const port = Number(new URL(url).port);
    const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
      fetch(
        url + path,
        body === undefined ? { headers } : {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body: JSON.stringify(body),
        },
      );
    const everywhere = async () => {
      const asked = Array.from({ length: CONNECTIONS }, async (_, row) => {
        using connection = await Connection.open(port);
        const { text } = await connection.send(postRequest(port, "/predict", records[row]));
        return classAnswer.parse(JSON.parse(text()));
      });
      return await Promise.all(asked);
    };
    await test({ server, folder, url, port, call, everywhere });
    assertEquals(await server.stop(), 0);
    const told = server.lines.filter(({ level }) => level === "error");
    assertEquals(told.map(({ message }) => message), errors);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Ids begin with letters of the thread that gave them. */
const threadOf = (id: string) => id.split("-")[0];

for (const which of [0, 2] as const) {
  const by = which === 0 ? "trees" : "ONNX Runtime";
  Deno.test(`workers: metrics, comparison, feedback and the prediction log are those of one server (${by})`, () =>
    withWorkers(async ({ server, folder, call, everywhere }) => {
      assertEquals((await (await call("/model/info")).json()).runtime, by);
      const answers = await everywhere();
      const expected = await nativeAnswers(records.slice(0, CONNECTIONS), which);
      answers.forEach((answer, row) => {
        const { prediction } = answer;
        const probabilities = byLabel(answer);
        assertEquals(prediction, expected[row].prediction);
        for (const [label, probability] of Object.entries(expected[row].probabilities)) {
          // The parity that every export is checked for.
          assertAlmostEquals(probabilities[label], probability, 1e-5);
        }
      });
      assertEquals(new Set(answers.map(({ request_id }) => threadOf(request_id))).size, 3);
      assertEquals((await call("/predict", { Agee: 1 })).status, 422);

      for (const { request_id } of answers) {
        const response = await call("/feedback", { request_id, label: "Good" });
        assertEquals(feedbackAnswer.parse(await response.json()).status, "matched");
      }
      assertEquals((await call("/feedback", { request_id: "no", label: "Good" })).status, 404);
      const [{ request_id }] = answers;
      assertEquals((await call("/feedback", { request_id, label: "Best" })).status, 422);

      const { models } = compareAnswer.parse(await (await call("/models/compare")).json());
      assertEquals(models.map(({ predictions }) => predictions), [CONNECTIONS]);
      const good = answers.filter(({ prediction }) => prediction === "Good").length;
      assertEquals(models[0].class_shares.Good, good / CONNECTIONS);
      assertEquals(models[0].quality!.feedback, CONNECTIONS);
      assertAlmostEquals(models[0].quality!.accuracy, good / CONNECTIONS);
      const metrics = await (await call("/metrics")).text();
      const labels = `method="POST",route="/predict"`;
      for (
        const line of [
          `http_requests_total{${labels},status="200"} ${CONNECTIONS}`,
          `http_requests_total{${labels},status="422"} 1`,
          `http_request_duration_seconds_count{${labels}} ${CONNECTIONS + 1}`,
          `dinoflow_feedback_total{result="matched"} ${CONNECTIONS}`,
          `dinoflow_requests_in_flight 0`,
        ]
      ) assert(metrics.includes(line + "\n"), `${line}\n${metrics}`);

      assertEquals(await server.stop(), 0);
      const logged = await Array.fromAsync(readPredictions(join(folder, "log")));
      assertEquals(
        logged.map(({ request_id, label }) => [request_id, label]).sort(),
        answers.map(({ request_id }) => [request_id, "Good"]).sort(),
      );
    }, { models: [which] }));
}

Deno.test("workers: a model answers everywhere once it is loaded, or nowhere", () =>
  withWorkers(async ({ folder, call, everywhere }) => {
    const names = async () => new Set((await everywhere()).map(({ model_name }) => model_name));
    assertEquals(await names(), new Set(["Model0"]));
    const { metadata: { version } } = await save(folder, 1);
    const loaded = await call("/model/load", { version });
    assertEquals(slotSchema.parse(await loaded.json()).loaded!.name, "Model1");
    assertEquals(await names(), new Set(["Model1"]));
    assertEquals((await call("/model/load", { version: "Model0" })).status, 200);
    assertEquals(await names(), new Set(["Model0"]));

    const broken = await save(folder, 1);
    await Deno.writeTextFile(broken.modelPath, "no model");
    assertEquals((await call("/model/load", { version: "latest" })).status, 409);
    assertEquals(await names(), new Set(["Model0"]));
    const health = await (await call("/health")).json();
    assertEquals([health.status, health.models[0].loaded.name], ["degraded", "Model0"]);
  }, { errors: ["model not loaded"] }));

Deno.test("workers: what is no prediction is answered as without them", () =>
  withWorkers(async ({ url, port, call }) => {
    const head = await fetch(url, { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
    for (
      const [request, status] of [
        ["TRACE /predict HTTP/1.1\r\nHost: localhost\r\n\r\n", 405],
        ["GET /livez HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}", 200],
        ["GET /livez HTTP/1.1\r\nHost: [no host\r\n\r\n", 200],
        ["GET /livez HTTP/1.1\r\nHost: a?b\r\n\r\n", 200],
        ["POST /predict/../model/reload HTTP/1.1\r\nHost: localhost\r\n\r\n", 404],
        ["POST /predict\\..\\..\\model/reload HTTP/1.1\r\nHost: localhost\r\n\r\n", 404],
      ] as const
    ) {
      using connection = await Connection.open(port);
      const answer = await connection.send(encoder.encode(request));
      assertEquals(answer.status, status, request);
    }
    assertEquals((await fetch(`${url}/predict`)).headers.get("allow"), "POST");
    assertEquals((await call("/nothing/here")).status, 404);
    assertMatch(await (await call("/docs")).text(), /<html/);
    const preflight = await fetch(`${url}/predict`, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "POST" },
    });
    await preflight.body?.cancel();
    assertEquals(preflight.status, 204);
    const origins = [
      preflight,
      await call("/predict", records[0], { origin: "https://app.example" }),
    ].map(({ headers }) => headers.get("access-control-allow-origin"));
    assertEquals(origins, ["https://app.example", "https://app.example"]);

    const large = await call("/feedback", { label: "x".repeat(10_000) });
    assertEquals(large.status, 413);
    problemSchema.parse(await large.json());
    const streamed = await fetch(`${url}/feedback`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new Blob([" ".repeat(10_000)]).stream(),
    });
    assertEquals(streamed.status, 413);
    await streamed.body?.cancel();

    // Bodies that never come are called off, those of callers that hang up disturb nobody.
    const begun = encoder.encode(
      "POST /feedback HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
        "Content-Length: 100\r\n\r\n{",
    );
    for (let n = 0; n < 20; n++) {
      using socket = await Deno.connect({ port });
      await socket.write(begun);
      await new Promise((done) => setTimeout(done, n));
    }
    using socket = await Deno.connect({ port });
    await socket.write(begun);
    const answer = new Uint8Array(1000);
    const read = await socket.read(answer);
    assertMatch(new TextDecoder().decode(answer.subarray(0, read!)), /^HTTP\/1.1 408 /);
    const metrics = await (await call("/metrics")).text();
    assertMatch(metrics, /^dinoflow_requests_in_flight 0$/m);
  }, {
    flags: [
      ...["--body-limit", "5000", "--timeout-ms", "300"],
      ...["--cors-origins", "https://app.example"],
    ],
  }));

Deno.test("workers: together they take no more requests at once than one would", () => {
  const underWay = new Int32Array(new SharedArrayBuffer(4));
  using one = new Deadlines(5, 60_000, underWay);
  using other = new Deadlines(5, 60_000, underWay);
  // Bodies under way take no place; whoever has the whole body first gets one.
  const tickets = Array.from({ length: 24 }, (_, at) => {
    const by = at % 2 === 0 ? one : other;
    return { by, ticket: by.enter() };
  });
  assertEquals(one.open, 0);
  const admitted = tickets.filter(({ by, ticket }) => {
    try {
      by.admit(ticket);
      by.admit(ticket); // of a body that is read twice
      return true;
    } catch (error) {
      assertEquals((error as Problem).status, 429);
      return false;
    }
  });
  assertEquals([admitted.length, other.open], [5, 5]);
  assertThrows(() => one.enter(), Problem);
  for (const { by, ticket } of tickets) by.leave(ticket);
  assertEquals(one.open, 0);
});

Deno.test("workers: a shadow's agreement is that of all", () =>
  withWorkers(async ({ call, everywhere }) => {
    await everywhere();
    const compare = async () => compareAnswer.parse(await (await call("/models/compare")).json());
    await waitUntil(
      async () => (await compare()).agreement!.compared >= CONNECTIONS,
      "all predictions are compared",
    );
    const { agreement, models } = await compare();
    assertEquals(agreement!.compared, CONNECTIONS);
    assertEquals(models.map(({ role, predictions }) => `${role} ${predictions}`).sort(), [
      `champion ${CONNECTIONS}`,
      `shadow ${CONNECTIONS}`,
    ]);
  }, {
    models: [0, 1],
    flags: [
      ...["--model", "Model0", "--challenger", "Model1"],
      ...["--challenger-mode", "shadow", "--challenger-share", "1"],
    ],
  }));
