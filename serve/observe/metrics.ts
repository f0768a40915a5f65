/** What Prometheus reads. */

import type { PredictionRecord, Role, Timings } from "../contract.ts";
import { type FeatureSkew, featureSkew, type ReadValues } from "../features/skew.ts";
import { AdviceMetrics } from "./advice_metrics.ts";
import { expositionText, type MetricFamily } from "./exposition.ts";
import { type Count, LabelledCounter, type LabelledCounts } from "./labelled_counter.ts";
import {
  type HistogramCounts,
  LabelledHistogram,
  type Observations,
} from "./labelled_histogram.ts";
import { processMetrics } from "./process_metrics.ts";

/** Upper bounds in seconds, from 50 µs to 10 s: a small model answers within the first few. */
const latencyBuckets = [
  ...[5e-5, 1e-4, 1.5e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3],
  ...[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
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
  /** What is known of the models in memory, to hold what is read against what they were taught. */
  readonly metadata?: Parameters<typeof featureSkew>[1];
}

/** What one thread counted, as another one takes it. */
export interface MetricCounts {
  /** In the order in which {@linkcode Metrics} has them, as all threads do. */
  readonly counters: readonly LabelledCounts[];
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
  readonly #counters: LabelledCounter[] = [];
  readonly #histograms: LabelledHistogram[] = [];
  readonly #byModel = new Map<string, ModelMetrics>();
  readonly #requests = new Map<string, { readonly count: Count; readonly took: Observations }>();

  readonly #predictions = this.#counter(
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
  readonly #http = this.#counter(
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
  readonly modelLoads: LabelledCounter = this.#counter(
    "dinoflow_model_loads_total",
    "Attempts to load a model",
    ["role", "status"],
  );
  /** Predictions of both models for one request, by whether they agree. */
  readonly agreement: LabelledCounter = this.#counter(
    "dinoflow_challenger_agreement_total",
    "Records that champion and challenger both predicted, by whether they agree",
    ["agreed"],
  );
  /** Labels that came back, by how they were taken. */
  readonly feedback: LabelledCounter = this.#counter(
    "dinoflow_feedback_total",
    "Feedback: matched to a recent prediction, late, or refused as unknown",
    ["result"],
  );
  /** Predictions that were kept from an earlier one, or shared with one under way. */
  readonly cacheHits: LabelledCounter = this.#counter(
    "dinoflow_prediction_cache_hits_total",
    "Predictions that took no inference of their own: kept, or shared with one under way",
    ["model"],
  );
  /** Predictions that were looked for and not kept. */
  readonly cacheMisses: LabelledCounter = this.#counter(
    "dinoflow_prediction_cache_misses_total",
    "Predictions that were looked for in the cache and not found",
    ["model"],
  );
  /** Entities that were read from the feature store. */
  readonly featureReads: LabelledCounter = this.#counter(
    "dinoflow_feature_reads_total",
    "Entities read from the feature store: fresh, expired, missing, or failed",
    ["view", "result"],
  );
  /** Age of what was read, by view. */
  readonly featureAge: LabelledHistogram = this.#histogram(
    "dinoflow_feature_age_seconds",
    "Age of the stored values that were read",
    ["view"],
    [1, 10, 60, 600, 3600, 21_600, 86_400, 604_800, 2_592_000],
  );
  /** Stored values that models were given. */
  readonly featureValues: LabelledCounter = this.#counter(
    "dinoflow_feature_values_total",
    "Stored values that a model was given, by the bins of its training: deciles, categories",
    ["model", "version", "feature", "bin"],
  );
  /** Lines that the prediction log had no room for. */
  readonly lostLines: LabelledCounter = this.#counter(
    "dinoflow_prediction_log_lost_lines_total",
    "Lines that were not logged because the disk did not keep up or failed",
    ["kind"],
  );
  /** Log lines that were not shipped, by where to. */
  readonly unshippedLines: LabelledCounter = this.#counter(
    "dinoflow_log_lost_lines_total",
    "Lines of the log that memory or disk did not hold until they could be shipped, or were refused",
    ["destination"],
  );
  /** Train jobs by how they ended. */
  readonly trainJobs: LabelledCounter = this.#counter(
    "dinoflow_train_jobs_total",
    "Train jobs that ended",
    ["status"],
  );

  /** What the advisor does. */
  readonly advice: AdviceMetrics = new AdviceMetrics({
    counter: (...name) => this.#counter(...name),
    histogram: (...name) => this.#histogram(...name),
  });

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
      counters: this.#counters.map((counter) => counter.counts()),
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
  static text(counts: readonly MetricCounts[], moment: ScrapeState): string {
    const total = Metrics.#sum(counts);
    const skew = featureSkew(total.#readValues(), moment.metadata ?? []);
    const heapBytes = counts.reduce((sum, { heapBytes }) => sum + heapBytes, 0);
    return expositionText([
      ...[...total.#counters, ...total.#histograms].map((metric) => metric.family()),
      ...modelMetrics(moment),
      skewMetric(skew),
      ...processMetrics({ ...moment, heapBytes }),
    ]);
  }

  static #sum(counts: readonly MetricCounts[]): Metrics {
    const total = new Metrics();
    for (const { counters, histograms } of counts) {
      counters.forEach((counter, at) => total.#counters[at].add(counter));
      histograms.forEach((histogram, at) => total.#histograms[at].add(histogram));
    }
    return total;
  }

  /** Stored values that models were given, by model and feature. */
  #readValues(): ReadValues[] {
    const all = new Map<string, ReadValues & { readonly bins: Map<string, number> }>();
    for (const [[model, version, feature, bin], count] of this.featureValues.counts()) {
      const key = JSON.stringify([model, version, feature]);
      const own = all.get(key) ?? { model, version, feature, bins: new Map() };
      own.bins.set(bin, count);
      all.set(key, own);
    }
    return [...all.values()];
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

  #counter(name: string, help: string, labels: readonly string[]): LabelledCounter {
    const counter = new LabelledCounter({ name, help, labels });
    this.#counters.push(counter);
    return counter;
  }

  #histogram(
    name: string,
    help: string,
    labels: readonly string[],
    buckets: readonly number[],
  ): LabelledHistogram {
    const histogram = new LabelledHistogram({ name, help, labels, buckets });
    this.#histograms.push(histogram);
    return histogram;
  }
}

function skewMetric(all: readonly FeatureSkew[]): MetricFamily {
  return {
    name: "dinoflow_feature_skew",
    help: "Population stability index of the stored values that a model was given, against " +
      "those that its training joined",
    type: "gauge",
    labels: ["model", "version", "feature"],
    samples: all.map(({ model, version, feature, value }) => ({
      ...{ labels: [model, version, feature], value },
    })),
  };
}

function modelMetrics({ models, quality }: ScrapeState): MetricFamily[] {
  return [{
    name: "model_info",
    help: "1 for each model in memory",
    type: "gauge",
    labels: ["role", "model", "version", "source"],
    samples: models.map(({ role, name, version, source }) => ({
      ...{ labels: [role, name, version, source], value: 1 },
    })),
  }, {
    name: "dinoflow_model_quality",
    help: "Figures such as accuracy or rmse over the latest predictions with feedback",
    type: "gauge",
    labels: ["role", "model", "version", "metric"],
    samples: quality.map(({ role, name, version, metric, value }) => ({
      ...{ labels: [role, name, version, metric], value },
    })),
  }];
}
