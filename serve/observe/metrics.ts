/** What Prometheus reads. */

import { Gauge, Registry } from "prom-client";
import type { PredictionRecord, Role, Timings } from "../contract.ts";
import { type HistogramCounts, LeanHistogram, type Observations } from "./lean_histogram.ts";
import { registerProcessMetrics } from "./process_metrics.ts";
import { type Count, LabelledCounter, type TallyCounts } from "./tally.ts";

/** Upper bounds in seconds, from 50 µs to 1 s: a small model answers within the first few. */
const latencyBuckets = [
  ...[5e-5, 1e-4, 1.5e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3],
  ...[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
];

/** Methods that are told apart; callers may invent others without end. */
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A model as metrics name it. */
export interface NamedModel {
  readonly name: string;
  readonly version: string;
}

/** A figure of a model's quality. */
export interface QualityFigure extends NamedModel {
  readonly role: Role;
  /** As `accuracy` or `rmse`. */
  readonly metric: string;
  readonly value: number;
}

/** What is true at the moment of a scrape. */
export interface ScrapeState {
  /** Start of the process. */
  readonly startedAt: Date;
  /** Requests that are being worked on. */
  readonly inFlight: number;
  /** The models in memory. */
  readonly models: readonly (NamedModel & { readonly role: Role; readonly source: string })[];
  /** Their quality by the feedback so far. */
  readonly quality: readonly QualityFigure[];
}

/** What one thread counted, as another one takes it. */
export interface MetricCounts {
  /** In the order in which {@linkcode Metrics} has them, as all threads do. */
  readonly tallies: readonly TallyCounts[];
  readonly histograms: readonly HistogramCounts[];
  /** When each model predicted last, ISO 8601, by its name and version. */
  readonly latest: readonly (readonly [name: string, version: string, time: string])[];
  /** Bytes of JavaScript memory in use. */
  readonly heapBytes: number;
}

/** How often something was done, and how long it took in all. */
export interface Duration {
  readonly count: number;
  readonly seconds: number;
}

/** What a model did in all roles and threads. */
export interface ModelStatistics extends NamedModel {
  /** When it predicted last, ISO 8601; undefined if it did not yet. */
  readonly latest?: string;
  /** By stage: queue, inference, serialise, total. */
  readonly stages: Readonly<Record<string, Duration>>;
  /** Predictions that did not come about. */
  readonly failed: number;
}

/** Everything that is counted for one model in one role. */
interface ModelMetrics {
  readonly name: string;
  readonly version: string;
  /** When it predicted last. */
  latest: string;
  readonly classes: Map<string, Count>;
  readonly queue: Observations;
  readonly inference: Observations;
  readonly serialise: Observations;
  readonly total: Observations;
}

/** What one thread counts. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #tallies: LabelledCounter[] = [];
  readonly #histograms: LeanHistogram[] = [];
  readonly #byModel = new Map<string, ModelMetrics>();
  readonly #requests = new Map<string, { readonly count: Count; readonly took: Observations }>();

  readonly #predictions = this.#tally(
    "predictions_total",
    "Predictions by class; status is ok, or why there was none",
    ["model", "version", "role", "class", "status"],
  );
  readonly #latency = this.#histogram(
    "prediction_latency_seconds",
    "Time of a prediction: waiting, inference of its batch, writing the answer, and all of it",
    ["model", "version", "role", "stage"],
    latencyBuckets,
  );
  readonly #http = this.#tally(
    "http_requests_total",
    "Answers to requests",
    ["method", "route", "status"],
  );
  readonly #httpTime = this.#histogram(
    "http_request_duration_seconds",
    "Time from a request's headers to its answer",
    ["method", "route"],
    latencyBuckets,
  );
  readonly #batch = this.#histogram(
    "dinoflow_inference_batch_size",
    "Records that one inference took",
    [],
    [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  ).of();
  /** Attempts to load a model, by role and status. */
  readonly modelLoads: LabelledCounter = this.#tally(
    "dinoflow_model_loads_total",
    "Attempts to load a model",
    ["role", "status"],
  );
  /** Predictions of both models for one request, by whether they agree. */
  readonly agreement: LabelledCounter = this.#tally(
    "dinoflow_challenger_agreement_total",
    "Records that champion and challenger both predicted, by whether they agree",
    ["agreed"],
  );
  /** Labels that came back, by how they were taken. */
  readonly feedback: LabelledCounter = this.#tally(
    "dinoflow_feedback_total",
    "Feedback: matched to a recent prediction, late, or refused as unknown",
    ["result"],
  );
  /** Lines that the prediction log had no room for. */
  readonly lostLines: LabelledCounter = this.#tally(
    "dinoflow_prediction_log_lost_lines_total",
    "Lines that were not logged because the disk did not keep up or failed",
    ["kind"],
  );
  /** Train jobs by how they ended. */
  readonly trainJobs: LabelledCounter = this.#tally(
    "dinoflow_train_jobs_total",
    "Train jobs that ended",
    ["status"],
  );

  /** Counts a prediction. */
  predicted(
    { model_name: name, model_version: version, role, prediction, latency_ms, time }:
      PredictionRecord,
    { queueMs, inferenceMs, serialiseMs }: Timings,
  ): void {
    const own = this.#of(name, version, role);
    own.latest = time;
    // Numbers are without end: they are counted, not told apart.
    const label = typeof prediction === "string" ? prediction : "";
    let count = own.classes.get(label);
    if (count === undefined) {
      count = this.#predictions.of(name, version, role, label, "ok");
      own.classes.set(label, count);
    }
    count.value++;
    own.queue.observe(queueMs / 1000);
    own.inference.observe(inferenceMs / 1000);
    own.serialise.observe(serialiseMs / 1000);
    own.total.observe((latency_ms + serialiseMs) / 1000);
  }

  /** Counts a prediction that did not come about. */
  unpredicted({ name, version }: NamedModel, role: Role, status: string): void {
    this.#predictions.of(name, version, role, "", status).value++;
  }

  /** Counts an answer. */
  httpRequest(method: string, route: string, status: number, ms: number): void {
    const key = `${method} ${status} ${route}`;
    let request = this.#requests.get(key);
    if (request === undefined) {
      const known = methods.has(method) ? method : "other";
      request = {
        count: this.#http.of(known, route, String(status)),
        took: this.#httpTime.of(known, route),
      };
      if (methods.has(method)) this.#requests.set(key, request);
    }
    request.count.value++;
    request.took.observe(ms / 1000);
  }

  /** Counts an inference. */
  batch(size: number): void {
    this.#batch.observe(size);
  }

  /** All that was counted. */
  counts(): MetricCounts {
    return {
      tallies: this.#tallies.map((tally) => tally.counts()),
      histograms: this.#histograms.map((histogram) => histogram.counts()),
      latest: [...this.#byModel.values()].map(({ name, version, latest }) =>
        [name, version, latest] as const
      ),
      heapBytes: Deno.memoryUsage().heapUsed,
    };
  }

  /** What each model did so far: the sum of what the threads counted. */
  static statistics(counts: readonly MetricCounts[]): ModelStatistics[] {
    const total = Metrics.#sum(counts);
    const all = new Map<string, { -readonly [K in keyof ModelStatistics]: ModelStatistics[K] }>();
    const of = (name: string, version: string) => {
      const key = `${version} ${name}`;
      const found = all.get(key) ?? { name, version, stages: {}, failed: 0 };
      all.set(key, found);
      return found;
    };
    for (const { labels: [name, version, _, stage], counts, sum } of total.#latency.counts()) {
      const own = of(name, version);
      const before = own.stages[stage] ?? { count: 0, seconds: 0 };
      const count = counts.reduce((sum, count) => sum + count, before.count);
      own.stages = { ...own.stages, [stage]: { count, seconds: before.seconds + sum } };
    }
    for (const [[name, version, _role, _class, status], count] of total.#predictions.counts()) {
      if (status !== "ok") of(name, version).failed += count;
    }
    for (const [name, version, time] of counts.flatMap(({ latest }) => latest)) {
      const own = of(name, version);
      if (time > (own.latest ?? "")) own.latest = time;
    }
    return [...all.values()];
  }

  /** All metrics in Prometheus' text format: the sum of what the threads counted. */
  static async text(counts: readonly MetricCounts[], moment: ScrapeState): Promise<string> {
    const total = Metrics.#sum(counts);
    registerModelMetrics(total.#registry, moment);
    const heapBytes = counts.reduce((sum, { heapBytes }) => sum + heapBytes, 0);
    registerProcessMetrics(total.#registry, { ...moment, heapBytes });
    return await total.#registry.metrics();
  }

  static #sum(counts: readonly MetricCounts[]): Metrics {
    const total = new Metrics();
    for (const { tallies, histograms } of counts) {
      tallies.forEach((tally, at) => total.#tallies[at].add(tally));
      histograms.forEach((histogram, at) => total.#histograms[at].add(histogram));
    }
    return total;
  }

  #of(name: string, version: string, role: Role): ModelMetrics {
    const key = `${role} ${version} ${name}`;
    let own = this.#byModel.get(key);
    if (own === undefined) {
      const stage = (stage: string) => this.#latency.of(name, version, role, stage);
      own = {
        ...{ name, version, latest: "" },
        classes: new Map(),
        queue: stage("queue"),
        inference: stage("inference"),
        serialise: stage("serialise"),
        total: stage("total"),
      };
      this.#byModel.set(key, own);
    }
    return own;
  }

  #tally(name: string, help: string, labels: readonly string[]): LabelledCounter {
    const tally = new LabelledCounter({ name, help, labels }, this.#registry);
    this.#tallies.push(tally);
    return tally;
  }

  #histogram(
    name: string,
    help: string,
    labels: readonly string[],
    buckets: readonly number[],
  ): LeanHistogram {
    const histogram = new LeanHistogram({ name, help, labels, buckets }, this.#registry);
    this.#histograms.push(histogram);
    return histogram;
  }
}

function registerModelMetrics(registry: Registry, { models, quality }: ScrapeState): void {
  const registers = [registry];
  const info = new Gauge({
    name: "model_info",
    help: "1 for each model in memory",
    labelNames: ["role", "model", "version", "source"],
    registers,
  });
  for (const { role, name: model, version, source } of models) {
    info.set({ role, model, version, source }, 1);
  }
  const figures = new Gauge({
    name: "dinoflow_model_quality",
    help: "Figures such as accuracy or rmse over the latest predictions with feedback",
    labelNames: ["role", "model", "version", "metric"],
    registers,
  });
  for (const { role, name: model, version, metric, value } of quality) {
    figures.set({ role, model, version, metric }, value);
  }
}

/** Media type of {@linkcode Metrics.text}. */
export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;
