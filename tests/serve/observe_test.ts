import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { Gauge, Histogram, Registry } from "prom-client";
import type { PredictionRecord } from "../../serve/contract.ts";
import { expositionText } from "../../serve/observe/exposition.ts";
import { LabelledCounter } from "../../serve/observe/labelled_counter.ts";
import { LabelledHistogram } from "../../serve/observe/labelled_histogram.ts";
import { Logger } from "../../serve/observe/logger.ts";
import { Metrics } from "../../serve/observe/metrics.ts";
import { recordOf } from "../prediction_log/records.ts";

const timings = { queueMs: 0.04, inferenceMs: 0.09, serialiseMs: 0.01 };
const nothing = { startedAt: new Date(1000), inFlight: 7, models: [], quality: [] };

/** Lines of the metrics text that start with a name. */
function linesOf(metrics: Metrics, name: string): string[] {
  const text = Metrics.text([metrics.counts()], nothing);
  return text.split("\n").filter((line) => line.startsWith(name));
}

Deno.test("metrics: histograms are written as prom-client writes them", async () => {
  const values = fc.array(fc.oneof(
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.constantFrom(0.1, 0.5, 1),
  ));
  await fc.assert(
    fc.asyncProperty(values, values, async (ofA, ofB) => {
      const options = { name: "h", help: "what it is", buckets: [0.1, 0.5, 1] };
      const own = new LabelledHistogram({ ...options, labels: ["who", "what"] });
      const registry = new Registry();
      const theirs = new Histogram({
        ...options,
        labelNames: ["who", "what"],
        registers: [registry],
      });
      for (const [who, seen] of [["a", ofA], ['"b"\n', ofB]] as const) {
        for (const value of seen) {
          own.of(who, "x").observe(value);
          theirs.observe({ who, what: "x" }, value);
        }
      }
      assertEquals(expositionText([own.family()]), await registry.metrics());
    }),
    { numRuns: 50 },
  );
});

Deno.test("metrics: values and labels are written as prom-client writes them", async () => {
  // prom-client writes "Nan" for what the format calls NaN.
  const number = fc.oneof(fc.double({ noNaN: true }), fc.integer());
  const nothing = { name: "up", help: "h", type: "gauge", labels: [] } as const;
  assertStringIncludes(
    expositionText([{ ...nothing, samples: [{ labels: [], value: NaN }] }]),
    "\nup NaN\n",
  );
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.string(), fc.string(), number, async (help, a, b, value) => {
      const registry = new Registry();
      const name = { name: "up", help: `h${help}`, labelNames: ["a", "b"] };
      new Gauge({ ...name, registers: [registry] }).set({ a, b }, value);
      const family = { name: "up", help: `h${help}`, type: "gauge", labels: ["a", "b"] } as const;
      assertEquals(
        expositionText([{ ...family, samples: [{ labels: [a, b], value }] }]),
        await registry.metrics(),
      );
    }),
  );
});

Deno.test("metrics: a counter counts by labels, and twice as much is not told twice", () => {
  const counter = new LabelledCounter({ name: "t_total", help: "t", labels: ["a", "b"] });
  counter.of("1", "2").value += 3;
  counter.of("1", "2").value++;
  counter.of("2", "1").value++;
  const wanted = [
    "# HELP t_total t",
    "# TYPE t_total counter",
    't_total{a="1",b="2"} 4',
    't_total{a="2",b="1"} 1',
  ];
  for (let i = 0; i < 2; i++) {
    assertEquals(expositionText([counter.family()]).trim().split("\n"), wanted);
  }
});

Deno.test("metrics: predictions by model, role, class and status, with their stages", () => {
  const metrics = new Metrics();
  metrics.predicted(recordOf({ latency_ms: 0.15 }), timings);
  metrics.predicted(recordOf({ latency_ms: 0.4, role: "shadow" }), timings);
  metrics.predicted(recordOf({ prediction: "Poor" }), timings);
  metrics.unpredicted(
    { name: "Over_RandomForest", version: "20261121_101500" },
    "champion",
    "shed",
  );
  const labels = 'model="Over_RandomForest",version="20261121_101500"';
  assertEquals(linesOf(metrics, "predictions_total"), [
    `predictions_total{${labels},role="champion",class="Good",status="ok"} 1`,
    `predictions_total{${labels},role="shadow",class="Good",status="ok"} 1`,
    `predictions_total{${labels},role="champion",class="Poor",status="ok"} 1`,
    `predictions_total{${labels},role="champion",class="",status="shed"} 1`,
  ]);
  const stage = (stage: string, le: string) =>
    `prediction_latency_seconds_bucket{le="${le}",${labels},role="champion",stage="${stage}"}`;
  const latencies = linesOf(metrics, "prediction_latency_seconds_bucket");
  // 40 µs in the queue; 0.15 and 0.25 ms and the writing in all.
  assert(latencies.includes(`${stage("queue", "0.00005")} 2`), latencies.join("\n"));
  assert(latencies.includes(`${stage("total", "0.00015")} 0`));
  assert(latencies.includes(`${stage("total", "0.00025")} 1`));
  assert(latencies.includes(`${stage("total", "0.0005")} 2`));
  assert(latencies.includes(`${stage("total", "1")} 2`));
});

Deno.test("metrics: requests, batches, models, quality and the process", () => {
  const metrics = new Metrics();
  metrics.httpRequest("POST", "/predict", 200, 0.3);
  metrics.httpRequest("BREW", "/predict", 405, 0.3);
  metrics.httpRequest("WHEN", "/predict", 405, 0.3);
  metrics.batch(3);
  const text = Metrics.text([metrics.counts()], {
    ...nothing,
    models: [{ role: "champion", name: "M", version: "1", source: "m.onnx" }],
    quality: [{ role: "champion", name: "M", version: "1", metric: "accuracy", value: 0.5 }],
  });
  for (
    const line of [
      'http_requests_total{method="POST",route="/predict",status="200"} 1',
      'http_requests_total{method="other",route="/predict",status="405"} 2',
      'http_request_duration_seconds_bucket{le="0.0005",method="POST",route="/predict"} 1',
      'dinoflow_inference_batch_size_bucket{le="2"} 0',
      'dinoflow_inference_batch_size_bucket{le="4"} 1',
      "dinoflow_requests_in_flight 7",
      'model_info{role="champion",model="M",version="1",source="m.onnx"} 1',
      'dinoflow_model_quality{role="champion",model="M",version="1",metric="accuracy"} 0.5',
      "process_start_time_seconds 1",
    ]
  ) assert(text.split("\n").includes(line), `${line}\n${text}`);
  for (
    const name of [
      "process_cpu_seconds_total",
      "process_resident_memory_bytes",
      "process_heap_bytes",
    ]
  ) assert(Number(new RegExp(`^${name} (.+)$`, "m").exec(text)![1]) > 0, name);
});

Deno.test("logger: one line of JSON an event, from its level on, never with a secret", () => {
  const lines: string[] = [];
  const secrets = ['top"secret"key-0123', "other-secret-key-4567"];
  const logger = new Logger({
    level: "info",
    secrets,
    write: (line) => lines.push(line),
    now: () => new Date(0),
  });
  logger.log("debug", "not heard");
  logger.log("info", "started", { port: 5000, config: { keys: secrets } });
  logger.log("error", `failed with ${secrets[1]}`, { cause: new Error(`bad ${secrets[0]}`) });
  assertEquals(lines.map((line) => JSON.parse(line)), [
    {
      time: "1970-01-01T00:00:00.000Z",
      level: "info",
      message: "started",
      port: 5000,
      config: { keys: ["[secret]", "[secret]"] },
    },
    {
      time: "1970-01-01T00:00:00.000Z",
      level: "error",
      message: "failed with [secret]",
      cause: "bad [secret]",
    },
  ]);
  assert(lines.every((line) => line.endsWith("\n") && line.split("\n").length === 2));
  assertEquals([logger.hears("debug"), logger.hears("warn")], [false, true]);
});

Deno.test("metrics: any class, model and route gives text that parses back", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (prediction, route) => {
      const metrics = new Metrics();
      const record: PredictionRecord = recordOf({ prediction });
      metrics.predicted(record, timings);
      metrics.httpRequest("GET", route, 200, 1);
      const line = /^[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})? [-+.\deE]+$|^# |^$/;
      for (const text of Metrics.text([metrics.counts()], nothing).split("\n")) {
        assert(line.test(text), text);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("metrics: what threads counted apart adds up to what one would have counted", () => {
  const event = fc.record({
    thread: fc.nat(2),
    prediction: fc.constantFrom("Good", "Poor"),
    // Sums of these in seconds are exact in whatever order.
    latency_ms: fc.constantFrom(31.25, 125, 1000, 4000),
    status: fc.constantFrom(200, 422),
  });
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const one = new Metrics();
      const threads = [new Metrics(), new Metrics(), new Metrics()];
      for (const { thread, prediction, latency_ms, status } of events) {
        for (const metrics of [one, threads[thread]]) {
          const times = { queueMs: latency_ms, inferenceMs: 0, serialiseMs: 0 };
          metrics.predicted(recordOf({ prediction, latency_ms }), times);
          metrics.httpRequest("POST", "/predict", status, latency_ms);
          metrics.batch(1);
        }
      }
      const lines = (counts: ReturnType<Metrics["counts"]>[]) => {
        // As they come from another thread.
        const text = Metrics.text(structuredClone(counts), nothing);
        return text.split("\n").filter((line) => !line.startsWith("process_")).sort();
      };
      assertEquals(
        lines(threads.map((metrics) => metrics.counts())),
        lines([one.counts()]),
      );
    }),
    { numRuns: 50 },
  );
});
