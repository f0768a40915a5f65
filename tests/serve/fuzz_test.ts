/** Bodies of every kind: whatever is sent, the server answers, and never with a defect. */

import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { TrainJobs } from "../../serve/jobs/train_jobs.ts";
import { problemSchema, v2ErrorSchema } from "../../serve/openapi/schemas.ts";
import { trainRoutes } from "../../serve/routes/train.ts";
import { records, save } from "./fixture.ts";
import { withObserved } from "./observed.ts";
import { ServerProcess } from "./server_process.ts";

const full = Deno.args.includes("--full");
const RUNS = full ? 18_000 : 1800;
const SOCKET_RUNS = full ? 2000 : 200;
/** A hang, not a time to be measured. */
const MOST_SECONDS = 60;

const infer = "/v2/models/Model0/infer";
/** What each path takes when nothing is wrong. */
const valid: Record<string, unknown> = {
  "/predict": records[0],
  "/predict/batch": { records: records.slice(0, 3) },
  "/explain": records[1],
  "/explain/batch": { records: records.slice(0, 2) },
  "/invocations": { dataframe_records: records.slice(0, 2) },
  "/v2/repository/index": { ready: true },
  "/v2/repository/models/Model0/load": {},
  "/cache/clear": {},
  "/feedback": { request_id: "a-1", label: "Good" },
  "/model/load": { version: "latest", role: "champion" },
  "/model/reload": {},
  "/train": { params: { trees: 10, data: "none.csv" } },
  [infer]: {
    id: "one",
    inputs: Object.entries(records[2]).map(([name, value]) => ({
      name,
      shape: [1],
      datatype: typeof value === "number" ? "FP32" : "BYTES",
      data: [value],
    })),
    outputs: [{ name: "label" }],
  },
};

/** Values that somebody or something could send. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, -0, 1e308, -1e308, 1e-320, 2 ** 53 + 2, "", "NaN", "-Infinity", "0x10", "35_"],
    ...["\0", "\ud800", "__proto__", "constructor", "999 Years and 99 Months", "a,b, and c"],
    ...["x".repeat(3000), "9".repeat(400), [], {}, [[]], [null], { __proto__: 1 }],
  ),
  fc.jsonValue({ maxDepth: 4, noUnicodeString: false }),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.double(),
  fc.integer(),
);

/** The valid body with some of its values, at any depth, replaced, added or left out. */
function mutated(body: unknown): fc.Arbitrary<unknown> {
  const steps = fc.array(fc.tuple(fc.nat(), fc.nat(), odd, fc.string({ maxLength: 12 })), {
    maxLength: 4,
  });
  return steps.map((steps) => {
    let changed = structuredClone(body);
    for (const [where, how, value, name] of steps) {
      changed = mutate(changed, where, how, value, name);
    }
    return changed;
  });
}

function mutate(body: unknown, where: number, how: number, value: unknown, name: string): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(body);
  if (places.length === 0 || how % 8 === 0) return value;
  const [parent, key] = places[where % places.length];
  if (how % 4 === 1) delete parent[key];
  // No value of JSON is the length of a list.
  else if (how % 4 === 2 && !(Array.isArray(parent) && name === "length")) parent[name] = value;
  else parent[key] = value;
  return body;
}

const encoder = new TextEncoder();

/** A body as bytes: JSON of some kind, torn, damaged, deep, or no JSON at all. */
function bytesFor(path: string): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const json = fc.oneof({ weight: 4, arbitrary: mutated(valid[path]) }, odd)
    .map((value) => encoder.encode(JSON.stringify(value) ?? ""));
  return fc.oneof(
    { weight: 6, arbitrary: json },
    fc.tuple(json, fc.nat()).map(([bytes, at]) => bytes.slice(0, at % (bytes.length + 1))),
    fc.tuple(json, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, byte]) => {
      if (bytes.length > 0) bytes[at % bytes.length] = byte;
      return bytes;
    }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => bytes.slice()),
    fc.nat({ max: 100_000 }).map((deep) => encoder.encode("[".repeat(deep) + "]".repeat(deep))),
    fc.nat({ max: 100_000 }).map((deep) => encoder.encode('{"Age":'.repeat(deep) + "1")),
    fc.constantFrom("1e999", '{"Age":1e999}', '{"Age":1,"Age":2}', "\ufeff{}", "NaN", "[1,]")
      .map((text) => encoder.encode(text)),
    fc.nat({ max: 2_000_000 }).map((length) => encoder.encode(`{"Age":"${"9".repeat(length)}"}`)),
  );
}

const requests = fc.constantFrom(...Object.keys(valid)).chain((path) =>
  fc.record({
    path: fc.constant(path),
    body: bytesFor(path),
    type: fc.oneof(
      { weight: 12, arbitrary: fc.constant("application/json") },
      fc.constantFrom("application/json; charset=utf-8", "text/plain", "application/json; x"),
    ),
  })
);

/** Sees that an answer is one of those that are documented. */
async function checkAnswer(path: string, response: Response): Promise<void> {
  const text = await response.text();
  assert(response.status < 500, `${response.status}: ${text}`);
  const type = response.headers.get("content-type") ?? "";
  if (response.ok) return void assert(/^application\/json\b/.test(type) && JSON.parse(text), type);
  assert(response.status >= 400, String(response.status));
  if (path.startsWith("/v2")) return void v2ErrorSchema.parse(JSON.parse(text));
  assertEquals(type, "application/problem+json");
  assertEquals(problemSchema.parse(JSON.parse(text)).status, response.status);
}

/** The answer, unless it takes so long that nobody would wait for it. */
async function soon(answer: Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it hangs")), MOST_SECONDS * 1000);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

Deno.test(`serve: ${RUNS} bodies of every kind, never a defect, never a hang`, () => {
  // What is wrong with parameters, the pipeline tells by its exit code.
  const jobs = new TrainJobs({ folder: ".", command: ["sh", "-c", "exit 2"] });
  return withObserved(async ({ send, lines }) => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ path, body, type }) => {
        const headers = { "content-type": type };
        await checkAnswer(path, await soon(send(path, { method: "POST", headers, body })));
      }),
      {
        numRuns: RUNS,
        examples: [[{
          path: "/train",
          body: encoder.encode('{"params":{"data":"\\u0000"}}'),
          type: "application/json",
        }]],
      },
    );
    assertEquals(lines.filter((line) => line.includes("defect")), []);
    await checkAnswer("/predict", await send("/predict", jsonOf(records[0])));
  }, { more: [trainRoutes(jobs, { folders: [], project: "." })] });
});

for (const workers of ["1", "2"]) {
  Deno.test(`serve: ${SOCKET_RUNS} bodies of every kind over the wire, also torn off in the middle (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      const env = { ADMIN_KEYS: "a key of nobody who asks" };
      await using server = new ServerProcess(folder, [
        "--body-limit",
        "100000",
        "--workers",
        workers,
      ], env);
      const { url } = await server.logged("listening") as { url: string };
      const { hostname, port } = new URL(url);
      await fc.assert(
        fc.asyncProperty(requests, fc.nat(), async ({ path, body, type }, at) => {
          const headers = { "content-type": type };
          await checkAnswer(path, await soon(fetch(url + path, { method: "POST", headers, body })));
          using torn = await Deno.connect({ hostname, port: Number(port) });
          await torn.write(encoder.encode(
            `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 300\r\n\r\n`,
          ));
          await torn.write(body.slice(0, at % 300));
        }),
        { numRuns: SOCKET_RUNS },
      );
      assertEquals(server.lines.filter(({ level }) => level === "error"), []);
      await checkAnswer("/predict", await fetch(`${url}/predict`, jsonOf(records[0])));
      assertEquals(await server.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

function jsonOf(value: unknown): RequestInit {
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(value) };
}
