/// <reference lib="deno.worker" />
/**
 * A thread that predicts. It listens on the server's port beside others; what
 * is no prediction is answered by the main thread, which also chooses the
 * models.
 */

import { expose } from "comlink";
import { createPredictionApp } from "../app.ts";
import { openPredictionCache } from "../cache/open_cache.ts";
import { openRedis } from "../cache/open_redis.ts";
import type { PredictionCache } from "../cache/prediction_cache.ts";
import type { Config } from "../config/schema.ts";
import { ModelFeatures } from "../features/model_features.ts";
import { type Features, openFeatures } from "../features/open_features.ts";
import type { RedisLink } from "../../src/redis/mod.ts";
import { Access } from "../http/access.ts";
import { Problem } from "../http/problem.ts";
import { type ChangingSecrets, useSecrets } from "../config/follow_secrets.ts";
import type { RateTimes } from "../http/rate.ts";
import { type Certificate, Listener, type ListenOptions } from "../http/listener.ts";
import { Deadlines, slowLimits } from "../http/deadlines.ts";
import { modelOptions } from "../model/open_slots.ts";
import { type ModelPlace, Places } from "../model/model_directory.ts";
import { type ModelCopy, type ModelOptions, RunningModel } from "../model/running_model.ts";
import { LineBuffer } from "../observe/line_buffer.ts";
import type { MetricCounts } from "../observe/metrics.ts";
import { type Observation, openObserver } from "../observe/open_observer.ts";
import { hashRouter } from "../rollout/router.ts";
import type { Judgement, SideFacts } from "../rollout/scoreboard.ts";
import { type Answer, forward } from "./forward.ts";

/** Lets the main thread load a model if it may be; tells why it cannot. */
export type LoadNamed = (
  name: string,
) => Promise<{ readonly status: number; readonly detail: string } | undefined>;

/** What a worker is made of. */
export interface Setup {
  readonly config: Config;
  /** Counts the requests under way in all threads. */
  readonly underWay: Int32Array<SharedArrayBuffer>;
  /** When each key and address may ask next. */
  readonly times: RateTimes;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What the main thread asks of a worker. */
export class ServingWorker {
  readonly #setup: Setup;
  readonly #log = new LineBuffer(Deno.stderr);
  readonly #observation: Observation;
  readonly #deadlines: Deadlines;
  readonly #redis?: RedisLink;
  readonly #cache?: PredictionCache;
  readonly #features?: Features;
  #timer?: ReturnType<typeof setTimeout>;
  readonly #options: ModelOptions;
  readonly #places: Places<Writable<ModelPlace>>;
  readonly #models = new Map<number, RunningModel>();
  readonly #access: Access;
  readonly #life = { draining: false, stopping: false };
  #server?: Listener;

  /** Takes the settings. */
  constructor(setup: Setup) {
    const { config, underWay, times } = this.#setup = setup;
    this.#access = new Access(config, times);
    const write = (line: string, urgent: boolean) => this.#log.write(line, urgent);
    this.#observation = openObserver(config, { write });
    this.#deadlines = new Deadlines(
      config.concurrency,
      config.timeoutMs,
      underWay,
      slowLimits(config),
    );
    const { observer } = this.#observation;
    this.#redis = openRedis(config, observer);
    this.#cache = openPredictionCache(config, this.#observation, this.#redis);
    this.#features = openFeatures(config, this.#observation.metrics, this.#redis);
    this.#follow();
    // The main thread has tried the model, and told why ONNX Runtime runs it.
    const options = modelOptions(config, observer, this.#cache);
    this.#options = { ...options, loadSeconds: undefined, onDoubt() {} };
    this.#places = new Places(config, (_, reference) => ({ reference, current: undefined }));
  }

  /** Makes a model ready, known by a number. */
  async copy(id: number, copy: ModelCopy): Promise<void> {
    this.#models.set(id, await RunningModel.open(copy, this.#options));
  }

  /** Lets a model answer in the place of that number. */
  assign(place: number, reference: string, id: number): void {
    const known = this.#places.all[place] ?? this.#places.add(reference);
    Object.assign(known, { reference, current: this.#models.get(id) });
  }

  /** When the model of a place was last asked for, milliseconds since 1970. */
  usedAt(place: number): number {
    const known = this.#places.all[place];
    return known === undefined ? 0 : this.#places.termsOf(known).usedAt;
  }

  /** Lets no model answer in the place of that number. */
  unassign(place: number): void {
    const known = this.#places.all[place];
    if (known !== undefined) known.current = undefined;
  }

  /** Frees a model once its last prediction is done. */
  async retire(id: number): Promise<void> {
    const model = this.#models.get(id);
    this.#models.delete(id);
    await model?.retire();
  }

  /** Answers requests; what is no prediction goes to `answer`. */
  listen(options: ListenOptions, answer: Answer, load: LoadNamed): void {
    this.#places.onMissing = async (name) => {
      const refused = await load(name);
      if (refused !== undefined) throw new Problem(refused.status, refused.detail);
    };
    const { config } = this.#setup;
    const { observer } = this.#observation;
    const app = createPredictionApp({
      ...{ config, places: this.#places, deadlines: this.#deadlines, life: this.#life },
      ...{ observer, access: this.#access },
      features: this.#features &&
        new ModelFeatures(this.#features.reader, this.#observation.metrics),
      featureStore: this.#features,
      router: hashRouter({ mode: config.challengerMode, share: config.challengerShare }),
    }, async (request, env) => {
      const { response, route, id } = await forward(request, env?.remoteAddr, answer);
      observer.forwarded(request.method, route, id);
      return response;
    });
    this.#server = new Listener(
      options,
      (request, info) => app.fetch(request, info),
      (level, message, fields) => observer.log(level, message, fields),
    );
  }

  /** Shows another certificate. */
  useCertificate(certificate: Certificate): void {
    this.#server?.useCertificate(certificate);
  }

  /** Uses other secrets, as keys of callers. */
  useSecrets(secrets: ChangingSecrets): void {
    const users = { access: this.#access, observation: this.#observation, redis: this.#redis };
    useSecrets(secrets, users);
  }

  /** Looks at the views that are declared, again and again. */
  async #follow(): Promise<void> {
    await this.#redis?.tried;
    await this.#features?.reader.follow();
    const pause = this.#setup.config.pollSeconds * 1000;
    this.#timer = setTimeout(() => this.#follow(), pause);
  }

  counts(): MetricCounts {
    this.#observation.observer.settle();
    return this.#observation.metrics.counts();
  }

  /** Why lines of its prediction log wait, and what else it misses. */
  troubles(): string[] {
    const away = this.#redis?.trouble;
    return [
      ...this.#observation.troubles(),
      ...away === undefined ? [] : [away],
      ...this.#features?.reader.troubles() ?? [],
    ];
  }

  /** Forgets what models said, and tells how much that was. */
  async clearPredictions(): Promise<number> {
    return await this.#cache?.clear() ?? 0;
  }

  /** What it knows of each model. */
  sides(): SideFacts[] {
    this.#observation.observer.settle();
    return this.#observation.scoreboard.sides();
  }

  /** Takes what turned out to be true of one of its predictions. */
  judge(id: string, label: string | number, part?: string): Judgement {
    this.#observation.observer.settle();
    return this.#observation.scoreboard.judge(id, label, part);
  }

  /** Tells callers that keep connections to look for another server. */
  drain(): void {
    this.#life.draining = true;
  }

  /** Takes no more requests; ends when all have their answers. */
  async stop(): Promise<void> {
    this.#life.stopping = true;
    await this.#server?.shutdown();
  }

  /** Writes out what is still in memory. */
  async close(): Promise<void> {
    this.#deadlines[Symbol.dispose]();
    clearTimeout(this.#timer);
    await this.#features?.[Symbol.asyncDispose]();
    await this.#redis?.[Symbol.asyncDispose]();
    await this.#observation.observer.close();
    this.#log.flush();
  }
}

expose(ServingWorker);
