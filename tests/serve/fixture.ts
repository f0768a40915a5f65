/** A small trained model in a folder of its own, and the application that serves it. */

import type { Hono } from "hono";
import { type Cell, clean, inputSchema, transform } from "../../src/features/mod.ts";
import {
  gradientBoosting,
  logisticRegression,
  predict,
  predictProba,
} from "../../src/learners/mod.ts";
import { exportOnnx } from "../../src/onnx/mod.ts";
import { type Bundle, namedModels, saveBundle, taskOfLabels } from "../../src/registry/mod.ts";
import { createApp } from "../../serve/app.ts";
import { readServerConfig } from "../../serve/config/read.ts";
import type { Config } from "../../serve/config/schema.ts";
import type { Level, Observer, PredictionRecord, Role, Router } from "../../serve/contract.ts";
import { Deadlines } from "../../serve/http/deadlines.ts";
import type { Extension } from "../../serve/http/extension.ts";
import type { AppEnv } from "../../serve/http/admission.ts";
import { openPredictionCache } from "../../serve/cache/open_cache.ts";
import type { Metrics } from "../../serve/observe/metrics.ts";
import { LazyModels } from "../../serve/model/lazy_models.ts";
import { openSlots } from "../../serve/model/open_slots.ts";
import type { StoredFeatures } from "../../serve/predict/predictor.ts";
import type { Slots } from "../../serve/model/slots.ts";
import { classes, creditSample, set } from "../onnx/credit_sample.ts";

const sample = creditSample(200);
const y = sample.data.labels!.slice(0, sample.train.length);

/** Models of the same columns that answer differently: two of trees, one that ONNX Runtime runs. */
const classifiers = await Promise.all(
  [gradientBoosting({ nEstimators: 1 }), gradientBoosting({ nEstimators: 5 }), logisticRegression()]
    .map((learner) => learner.fit(sample.XTrain, y, { classes: 3, seed: 1 })),
);

/** Which of the models. */
export type Which = 0 | 1 | 2;

const onnx = classifiers.map((classifier) =>
  exportOnnx({
    state: sample.state,
    classifier,
    labels: classes,
    name: "test",
    producerVersion: "0",
  })
);

/** Saves a model version; each call is a second later than the one before. */
let seconds = 0;
export function save(
  folder: string,
  which: Which = 0,
  file: Uint8Array = onnx[which],
  name?: string,
): Promise<Bundle> {
  const moment = new Date(2026, 10, 21, 3, 0, seconds++);
  return saveBundle(folder, file, moment, (version, digest) => ({
    model_name: name ?? `Model${which}`,
    ...name !== undefined && { name },
    version,
    timestamp: moment.toISOString(),
    model_digest: digest,
    metrics: { f1_macro: 0.8 },
    feature_columns: sample.state.features,
    task: taskOfLabels(classes),
    class_labels: classes,
    input_schema: inputSchema(sample.state),
    feature_state: sample.state,
    data_digest: "00",
    run_id: null,
    git_commit: null,
    package_versions: {},
    reference_statistics: {},
  }));
}

/** Saves a model whose file has 2 MiB more, or so many, in its description. */
export function saveBig(
  folder: string,
  which: Which,
  name?: string,
  mebibytes?: number,
): Promise<Bundle> {
  return save(folder, which, enlarged(onnx[which], mebibytes), name);
}

/** A model's file with 2 MiB more, or so many, in its description. */
export function enlarged(file: Uint8Array, mebibytes = 2): Uint8Array {
  const bytes = mebibytes << 20;
  // Field 6 of a model in ONNX, with the length of what follows.
  const head = [6 << 3 | 2, bytes & 127 | 128, bytes >> 7 & 127 | 128, bytes >> 14 & 127 | 128];
  const big = new Uint8Array(file.length + 5 + bytes).fill("x".charCodeAt(0));
  big.set(file);
  big.set([...head, bytes >> 21], file.length);
  return big;
}

/** Raw records as the table has them, without label and customer. */
export const records: Record<string, unknown>[] = Array.from({ length: 200 }, (_, row) => {
  const { Customer: _customer, Score: _score, ...columns } = sample.table.columns;
  return Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[row]]));
});

/** What the native model says about raw records, cleaned as training cleans; absent is missing. */
export async function nativeAnswers(raw: readonly Record<string, unknown>[], which: Which = 0) {
  const columns = Object.keys(set.columns).map((name) =>
    [name, raw.map((record) => (record[name] ?? null) as Cell)] as const
  );
  const table = { rows: raw.length, columns: Object.fromEntries(columns) };
  const X = transform(sample.state, clean(set, table, { target: "none" }));
  const probabilities = await predictProba(classifiers[which], X);
  const labels = await predict(classifiers[which], X);
  return raw.map((_, row) => ({
    prediction: classes[labels[row]],
    probabilities: Object.fromEntries(
      classes.map((label, k) => [label, probabilities[k * raw.length + row]]),
    ),
  }));
}

/** An observer that remembers. */
export class Remembering implements Observer {
  readonly predictions: PredictionRecord[] = [];
  readonly requests: { method: string; route: string; status: number }[] = [];
  readonly batches: number[] = [];
  readonly events: string[] = [];
  readonly stagesEnded: string[] = [];
  predicted(record: PredictionRecord): void {
    this.predictions.push(record);
  }
  httpRequest(method: string, route: string, status: number): void {
    this.requests.push({ method, route, status });
  }
  stages(): (name: string) => void {
    return (name) => this.stagesEnded.push(name);
  }

  unpredicted({ name }: { name: string }, role: Role, status: string): void {
    this.events.push(`${role} ${name} ${status}`);
  }
  batch(size: number): void {
    this.batches.push(size);
  }
  modelLoaded(role: Role, { name }: { name: string }): void {
    this.events.push(`${role} loaded ${name}`);
  }
  modelFailed(role: Role, reference: string, reason: string): void {
    this.events.push(`${role} failed ${reference}: ${reason}`);
  }
  log(level: Level, message: string): void {
    this.events.push(`${level} ${message}`);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A running application without a socket. */
export interface Served {
  readonly app: Hono<AppEnv>;
  readonly slots: Slots;
  readonly folder: string;
  readonly observer: Remembering;
  readonly config: Config;
  /** Sends JSON, or asks with GET if there is no body. */
  call(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Serves a folder with one model (by default the first), or none, with the given flags. */
export async function withApp(
  test: (served: Served) => Promise<void>,
  {
    flags = [],
    which = 0,
    empty = false,
    router = { choose: () => "champion" },
    extensions = [],
    metrics,
    features,
  }: {
    flags?: readonly string[];
    which?: Which;
    empty?: boolean;
    router?: Router;
    extensions?: readonly Extension[];
    /** Where a cache of predictions counts; there is none without. */
    metrics?: Metrics;
    /** What is stored of entities. */
    features?: StoredFeatures;
  } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const args = ["--models-folder", folder, ...flags];
  const config = readServerConfig({ args, env: () => undefined, readFile: () => "" }) as Config;
  const observer = new Remembering();
  const cache = metrics && openPredictionCache(config, {
    ...{ metrics, observer, redactKey: () => config.redactKey[0] },
  });
  const slots = openSlots(config, observer, { cache });
  const lazy = new LazyModels({
    ...{ slots, observer },
    names: () => namedModels(folder),
    bytes: config.modelMemoryMegabytes * 2 ** 20,
    usedAt: () => Promise.resolve(0),
  });
  slots.onMissing = (name) => lazy.ensure(name);
  using deadlines = new Deadlines(config.concurrency, config.timeoutMs);
  const life = { startedAt: new Date(), draining: false, stopping: false };
  const app = createApp({
    ...{ config, slots, router, observer, deadlines, life, extensions, features },
    caches: cache && [cache],
  });
  const call = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    Promise.resolve(app.request(
      path,
      body === undefined ? { headers } : {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      },
    ));
  try {
    if (!empty) await save(folder, which);
    await slots.follow();
    await test({ app, slots, folder, observer, config, call });
  } finally {
    await slots.close();
    await Deno.remove(folder, { recursive: true });
  }
}
