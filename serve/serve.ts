/** The life of a server: load, listen, follow the models, stop without losing anything. */

import type { Hono } from "hono";
import { secretTroubles, ServiceError } from "../src/base/mod.ts";
import { ServedAdvisor } from "./advice/open_advice.ts";
import { followKnowledge } from "./advice/open_knowledge.ts";
import { advicePage } from "./advice/page.ts";
import { adviceRoutes } from "./advice/routes.ts";
import { createApp } from "./app.ts";
import { openPredictionCache } from "./cache/open_cache.ts";
import { openRedis } from "./cache/open_redis.ts";
import type { Observer } from "./contract.ts";
import type { Config } from "./config/schema.ts";
import { certificateFollower, readCertificate } from "./config/certificate.ts";
import { type ChangingSecrets, secretFollower, useSecrets } from "./config/follow_secrets.ts";
import { neverRead } from "./config/redacted_columns.ts";
import { printable } from "./config/text.ts";
import { Access, rightOf } from "./http/access.ts";
import { type Certificate, freeAddress, Listener } from "./http/listener.ts";
import { ModelFeatures } from "./features/model_features.ts";
import { openFeatures } from "./features/open_features.ts";
import { Deadlines, slowLimits } from "./http/deadlines.ts";
import { rateTimes } from "./http/rate.ts";
import type { AppEnv } from "./http/admission.ts";
import type { GrpcOptions, GrpcServer } from "./grpc/server.ts";
import { openLooks, openTrainJobs, projectFolder, retrainWhenDue } from "./jobs/open_train_jobs.ts";
import { namedModels } from "../src/registry/mod.ts";
import { sharedStoreSettings } from "../src/retrieval/mod.ts";
import { Explainers } from "./model/explainers.ts";
import { LazyModels } from "./model/lazy_models.ts";
import { openSlots } from "./model/open_slots.ts";
import type { Observation } from "./observe/open_observer.ts";
import { monitoringPage } from "./monitoring/page.ts";
import { monitoringRoutes } from "./monitoring/routes.ts";
import { hashRouter } from "./rollout/router.ts";
import { explainRoute } from "./routes/explain.ts";
import { featureRoutes } from "./routes/features.ts";
import { informantOf, insightRoutes } from "./routes/insight.ts";
import { repositoryRoutes } from "./routes/v2_repository.ts";
import { statisticsRoutes } from "./routes/v2_statistics.ts";
import { retrainRoutes } from "./routes/retrain.ts";
import { trainRoutes } from "./routes/train.ts";
import { Workers } from "./workers/workers.ts";

/** Milliseconds for the last answers, those to requests that took too long, to leave. */
const GRACE = 1000;

/**
 * Serves until SIGTERM or SIGINT.
 *
 * @param reread Reads the settings anew, whose secrets may have changed.
 * @throws {ServiceError} if it cannot listen.
 */
export async function serve(
  config: Config,
  observation: Observation,
  reread: () => Promise<ChangingSecrets>,
): Promise<void> {
  const { observer } = observation;
  observer.log("info", "starting", { config: printable(config) });
  const underWay = new Int32Array(new SharedArrayBuffer(4));
  const times = rateTimes();
  const access = new Access(config, times);
  using deadlines = new Deadlines(
    config.concurrency,
    config.timeoutMs,
    underWay,
    slowLimits(config),
  );
  using workers = config.workers === 1
    ? undefined
    : await Workers.start({ config, underWay, times });
  await using redis = openRedis(config, observer);
  const cache = openPredictionCache(config, observation, redis);
  await using features = openFeatures(config, observation.metrics, redis);
  const stored = features && new ModelFeatures(features.reader, observation.metrics);
  const slots = openSlots(config, observer, {
    replicasOf: workers && ((place) => workers.replicas(place)),
    cache,
  });
  const lazy = new LazyModels({
    slots,
    observer,
    names: () => namedModels(config.modelsFolder),
    bytes: config.modelMemoryMegabytes * 2 ** 20,
    usedAt: async (place) => await workers?.usedAt(place) ?? 0,
  });
  slots.onMissing = (name) => lazy.ensure(name);
  const life = { startedAt: new Date(), draining: false, stopping: false };
  const router = hashRouter({ mode: config.challengerMode, share: config.challengerShare });
  using explainers = new Explainers();
  const jobs = openTrainJobs(observation);
  const looks = openLooks(config, observation);
  const shared = await sharedStoreSettings((name) => Deno.env.get(name));
  using advice = new ServedAdvisor(config, {
    observer,
    openKnowledge: () =>
      followKnowledge({
        ...{ folder: config.adviceKnowledge, pollMs: config.pollSeconds * 1000, observer, shared },
      }),
  });
  const schedule = new AbortController();
  const retraining = retrainWhenDue(config, observation, jobs, schedule.signal);
  const extensions = [
    explainRoute(explainers, config.batchLimit, stored),
    featureRoutes(features, config.batchLimit),
    insightRoutes({
      ...{ config, observation, others: workers?.all ?? [] },
      process: () => ({ startedAt: life.startedAt, inFlight: deadlines.open }),
    }),
    statisticsRoutes([informantOf(observation), ...workers?.all ?? []]),
    repositoryRoutes(config.modelsFolder),
    monitoringRoutes({
      log: config.predictionLog,
      looks,
      metricsRight: rightOf("metrics", config.protect),
    }),
    monitoringPage({ log: config.predictionLog, life }),
    adviceRoutes({ advice, config, observer, metrics: observation.metrics.advice }),
    advicePage(),
    retrainRoutes(jobs, config),
    trainRoutes(jobs, { folders: config.trainFolders, project: projectFolder }),
  ];
  const troubles = async () => {
    const away = redis?.trouble;
    const own = [
      ...observation.troubles(),
      ...secretTroubles(),
      ...away === undefined ? [] : [away],
      ...features?.reader.troubles() ?? [],
    ];
    const others = await Promise.all((workers?.all ?? []).map((worker) => worker.troubles()));
    // What all of them miss is told once.
    return [...new Set([...own, ...others.flat()])];
  };
  const app = createApp({
    config,
    slots,
    router,
    observer,
    deadlines,
    life,
    extensions,
    access,
    features: stored,
    troubles,
    caches: [explainers, ...[cache, workers?.predictionCache].filter((one) => one !== undefined)],
  });

  await redis?.tried;
  await Promise.all([slots.follow(), features?.reader.follow()]);
  const read = slots.all.flatMap(({ current }) => current?.metadata.input_schema ?? []);
  const unread = read.length === 0 ? [] : neverRead(config.redact, read.map(({ name }) => name));
  if (unread.length > 0) {
    observer.log("warn", "redacted columns that no model reads are never logged", { unread });
  }
  const certificate = readCertificate(config);
  const server = await listen(
    config,
    certificate,
    workers,
    app,
    observer,
    (name) => lazy.ensure(name),
  );
  const { hostname, port } = server.addr;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  observer.log("info", "listening", { url: `http${certificate ? "s" : ""}://${host}:${port}` });
  const followCertificate = certificateFollower(config, certificate, server.show, observer);
  const grpc = config.grpcPort === undefined
    ? undefined
    : await openGrpc({ ...config, port: config.grpcPort, certificate }, app, observer);
  const followSecrets = secretFollower(config, reread, async (secrets) => {
    useSecrets(secrets, { access, observation, redis });
    await workers?.useSecrets(secrets);
  }, observer);
  const stopFollowing = repeat(
    async () =>
      void await Promise.all([
        slots.follow().then(() => lazy.tidy()),
        ...[features?.reader.follow(), followSecrets(), followCertificate()],
      ]),
    config.pollSeconds * 1000,
  );

  const signal = await untilSignal();
  observer.log("info", "stopping", { signal, drain_seconds: config.drainSeconds });
  life.draining = true;
  schedule.abort();
  await workers?.drain();
  // Whoever sends callers here, as a balancer, hears of it before the door closes.
  await delay(config.drainSeconds * 1000);
  stopFollowing();
  const shutdown = async () => {
    const closed = Promise.all([server.shutdown(), grpc?.shutdown()]);
    life.stopping = true;
    await closed;
  };
  await Promise.all([
    // Whoever was let in has an answer by then; who never ends a request keeps nobody.
    Promise.race([shutdown(), delay(config.timeoutMs + GRACE)]),
    jobs.close(),
    looks.close(),
    retraining,
  ]);
  await slots.close();
  await workers?.close();
  observer.log("info", "stopped");
  await observer.close();
}

/** Does `work` again and again with a pause in between, however long it takes; the result ends it. */
function repeat(work: () => Promise<void>, pauseMs: number): () => void {
  let timer: ReturnType<typeof setTimeout>;
  let ended = false;
  const wait = () => {
    if (!ended) timer = setTimeout(() => work().then(wait), pauseMs);
  };
  wait();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

/** Reads gRPC, which takes a second, only where it is wanted. */
async function openGrpc(
  options: Omit<GrpcOptions, "hostname"> & Pick<Config, "host">,
  app: Hono<AppEnv>,
  observer: Observer,
): Promise<GrpcServer> {
  const { listenGrpc } = await import("./grpc/server.ts");
  const { host: hostname, port } = options;
  try {
    const server = await listenGrpc({ ...options, hostname }, app);
    observer.log("info", "listening for gRPC", { port: server.port });
    return server;
  } catch (cause) {
    throw new ServiceError(`Cannot listen for gRPC on ${hostname}:${port}: ${reasonOf(cause)}`, {
      cause,
      next: "choose another --grpc-port, or end what listens there",
    });
  }
}

const reasonOf = (cause: unknown) => cause instanceof Error ? cause.message : String(cause);

/** What listens, in this thread or in others. */
interface Door extends Pick<Listener, "addr" | "shutdown"> {
  /** Shows another certificate. */
  show(certificate: Certificate): Promise<void>;
}

async function listen(
  { host: hostname, port }: Config,
  certificate: Certificate | undefined,
  workers: Workers | undefined,
  app: Hono<AppEnv>,
  observer: Observer,
  load: (name: string) => Promise<void>,
): Promise<Door> {
  try {
    if (workers === undefined) {
      // A certificate changes by a second listener beside the first.
      const shared = certificate !== undefined && Deno.build.os === "linux";
      const addr = shared ? freeAddress(hostname, port) : { port };
      const listener = new Listener(
        { hostname, port: addr.port, certificate, ...(shared && { reusePort: true }) },
        (request, info) => app.fetch(request, info),
        (level, message, fields) => observer.log(level, message, fields),
      );
      return {
        addr: listener.addr,
        shutdown: () => listener.shutdown(),
        show: (certificate) => Promise.try(() => listener.useCertificate(certificate)),
      };
    }
    return {
      addr: await workers.listen(hostname, port, certificate, app, load),
      shutdown: () => workers.shutdown(),
      show: (certificate) => workers.useCertificate(certificate),
    };
  } catch (cause) {
    throw new ServiceError(`Cannot listen on ${hostname}:${port}: ${reasonOf(cause)}`, {
      cause,
      next: "choose another --port or --host, or end what listens there",
    });
  }
}

const delay = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** The first signal asks to stop, a second one ends the process at once. */
function untilSignal(): Promise<Deno.Signal> {
  const signals: Deno.Signal[] = ["SIGTERM", "SIGINT"];
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of signals) {
      Deno.addSignalListener(signal, () => {
        if (asked) Deno.exit(130);
        asked = true;
        resolve(signal);
      });
    }
  });
}
