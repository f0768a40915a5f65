/**
 * Every setting of the server, once. The name of a field is its flag and its
 * environment variable: `bodyLimit` is `--body-limit` and `BODY_LIMIT`.
 */

import { z } from "zod";
import { parseKey } from "../../src/base/mod.ts";
import { defaultProject, defaultStorePath } from "../../src/feature_store/mod.ts";
import { isNetwork } from "../http/caller.ts";
import { extraModel } from "./extra_models.ts";
import { mostKeys } from "../http/rate.ts";

const list = z.string().transform((text) =>
  text.split(",").map((item) => item.trim()).filter((item) => item !== "")
);

const whole = (least: number, most: number) =>
  z.string().regex(/^\d+$/, "wanted a whole number").transform(Number)
    .pipe(z.number().min(least).max(most));

const share = z.string().regex(/^\d*\.?\d+$/, "wanted a number").transform(Number)
  .pipe(z.number().min(0).max(1));

const keys = list.pipe(
  z.array(z.string().min(16, "a key has 16 characters or more")),
);

const secretText = z.string().trim().min(1);

const named = keys.pipe(
  z.array(
    z.string().refine(
      (text) => parseKey(text).secret.length >= 16,
      "a key has 16 characters or more",
    ),
  ).max(mostKeys),
);

/** The settings; each takes the text that a flag or a variable holds. */
export const configSchema = z.object({
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on"),
  port: whole(0, 65535).prefault("5000").describe("Port to listen on; 0 takes a free one"),
  grpcPort: whole(0, 65535).optional().describe(
    "Port for the Open Inference Protocol over gRPC, in TLS where --cert is set; none without it",
  ),
  cert: z.string().min(1).optional().describe(
    "File of a TLS certificate with its chain, PEM; read again when it changes (Linux)",
  ),
  key: z.string().min(1).optional().describe("File of its private key, PEM"),
  // Only there does the kernel share connections out over all who listen.
  workers: whole(1, 256).refine(
    (count) => count === 1 || Deno.build.os === "linux",
    "more than one need Linux",
  ).prefault("1").describe("Threads that predict, one for each core at the most; Linux only"),

  modelsFolder: z.string().min(1).default("models").describe("Folder of exported models"),
  model: z.string().min(1).default("latest").describe(
    "What answers: latest, a name, a version, or models:/NAME@ALIAS of an MLflow registry",
  ),
  extraModels: list.pipe(z.array(extraModel)).prefault("").describe(
    "More models for those who name them, the same way; * for every name of the folder, loaded " +
      "when it is asked for. After a ? as in NAME?timeout_ms=500&concurrency=8: timeout_ms, " +
      "concurrency, queue_limit, challenger, challenger_mode, challenger_share, pinned=false",
  ),
  modelMemoryMegabytes: whole(1, 1_000_000).prefault("1024").describe(
    "Size of the files of models that are not pinned, from which those unused for the longest are " +
      "unloaded",
  ),
  mlflowTrackingUri: z.url({ protocol: /^https?$/ }).optional().describe(
    "MLflow server that models:/… are fetched from",
  ),
  predictionCache: z.enum(["auto", "off", "memory", "redis"]).default("auto").describe(
    "Whether what models said is kept for the same record: auto, in memory for models that ONNX " +
      "Runtime runs, since trees take no longer than to look; off; memory or redis, for all models",
  ),
  predictionCacheMegabytes: whole(1, 100_000).prefault("64").describe(
    "Memory for what models said, in each worker",
  ),
  predictionCacheSeconds: whole(1, 31_536_000).prefault("300").describe(
    "Seconds for which it is kept",
  ),
  redisUrl: z.url({ protocol: /^rediss?$/ }).optional().describe(
    "Redis that servers share: for redis as the prediction cache, and for features",
  ),
  featureStore: z.string().min(1).default(defaultStorePath)
    .transform((path) => path === "off" ? "" : path)
    .describe("SQLite file of stored features where REDIS_URL is not set; off for none"),
  featureProject: z.string().min(1).default(defaultProject).describe(
    "Project of the features in Redis, as Feast names it",
  ),
  pollSeconds: whole(1, 86_400).prefault("5").describe("How often a changed model is looked for"),

  challenger: z.string().min(1).optional().describe("A second model, named as --model names one"),
  challengerMode: z.enum(["live", "shadow"]).default("live").describe(
    "live: it answers its share; shadow: it runs beside the champion, unseen",
  ),
  challengerShare: share.prefault("0.1").describe("Its share of the requests, 0 to 1"),
  routingKey: z.string().min(1).optional().describe(
    "Field that keeps a customer with one model, the group that the model declares where it is " +
      "not set; the header X-Routing-Key goes before it",
  ),

  threshold: share.optional().describe(
    "Probability from which the business acts; echoed, before the one that the model brings",
  ),
  thresholdClass: z.string().min(1).optional().describe(
    "Class whose probability is compared; of two classes the positive one where it is not set, " +
      "else the predicted one",
  ),
  unknownFields: z.enum(["refuse", "ignore"]).default("refuse").describe(
    "refuse or ignore fields that the model does not read",
  ),

  bodyLimit: whole(1024, 1 << 30).prefault("1048576").describe("Bytes of a request's body"),
  batchLimit: whole(1, 100_000).prefault("1000").describe("Records of a batch request"),
  concurrency: whole(1, 100_000).prefault("256").describe("Requests at once; more get a 429"),
  queueLimit: whole(1, 1_000_000).prefault("4096").describe(
    "Records that may wait for the model, in each worker",
  ),
  timeoutMs: whole(10, 600_000).prefault("5000").describe("Milliseconds for a request"),
  bodyTimeoutMs: whole(10, 600_000).prefault("5000").describe(
    "Milliseconds of these in which the whole body has to come",
  ),
  bodyRate: whole(0, 1 << 30).prefault("500").describe(
    "Bytes a second that a body has to come with after its first second; 0 for any",
  ),
  addressLimit: whole(0, 100_000).prefault("64").describe(
    "Requests of one address that may take over a second at once, in each worker; 0 for any number",
  ),
  loadSeconds: whole(1, 3600).prefault("60").describe(
    "Seconds for a model to load and predict once; one that takes longer is refused",
  ),
  drainSeconds: whole(0, 3600).prefault("0").describe(
    "Seconds from SIGTERM on in which /readyz is 503 and requests are still taken",
  ),
  microBatch: whole(1, 1024).prefault("64").describe("Records that one inference may take"),

  apiKeys: named.prefault("").describe(
    "Keys that may predict, each as KEY or NAME=KEY; all may where there are none",
  ),
  adminKeys: named.prefault("").describe("Keys that may load, reload and train"),
  rateLimit: whole(0, 1_000_000).prefault("0").describe(
    "Requests a second that each key may send, and without a key each address, a second's worth " +
      "at once; 0 for any number",
  ),
  trustProxy: list.pipe(
    z.array(z.string().refine(isNetwork, "wanted addresses or networks such as 10.0.0.0/8")),
  ).prefault("").describe(
    "Proxies whose X-Forwarded-For or Forwarded tells where a request comes from; nobody else's does",
  ),
  protect: list.pipe(z.array(z.enum(["metrics", "health", "version", "openapi"]))).prefault("")
    .describe("Of metrics, health, version and openapi those that ask for a key too"),
  trainFolders: list.prefault("data,models,reports,mlruns").describe(
    "Folders that parameters of POST /train may name",
  ),
  corsOrigins: list.prefault("").describe("Origins whose pages may call the server; or *"),

  predictionLog: z.string().min(1).prefault("data/predictions")
    .transform((folder) => folder === "off" ? "" : folder)
    .describe("Folder of the prediction log; off for none"),
  predictionLogMegabytes: whole(1, 10_000).prefault("64").describe(
    "Size at which a new file of the prediction log begins",
  ),
  predictionLogDays: whole(1, 36_500).prefault("30").describe(
    "Days after which a file of the prediction log is removed",
  ),
  predictionLogTotalMegabytes: whole(1, 10_000_000).prefault("4096").describe(
    "Size of all its predictions, and of all feedback, from which the oldest files are removed",
  ),
  redact: list.prefault("").describe(
    "Columns whose values the prediction log must not hold: NAME keeps digests, NAME:drop nothing, " +
      "NAME:mask a text without digits and addresses",
  ),
  redactKey: keys.pipe(z.array(z.string()).max(1, "one key is enough")).prefault("").describe(
    "Key of these digests, without which whoever guesses a value can confirm it; with it the log " +
      "tells rows of one customer from those of another, by digests too",
  ),
  monitorEvery: whole(0, 86_400).prefault("0").describe(
    "Seconds between two looks at the prediction log for drift and quality, each in a process of " +
      "its own; 0 for none",
  ),
  retrainSchedule: z.string().prefault("").describe(
    'When all models are judged, and trained again where their rules ask for it, as "0 3 * * 0" ' +
      'or "TZ=Europe/Berlin 0 3 * * 0"; never where it is left out',
  ),
  adviceModel: z.string().regex(
    /^(?:off|extractive|(?:gemini|openai):[\w.:\/@-]{1,120})$/,
    "wanted extractive, off, gemini:MODEL or openai:MODEL",
  ).default("extractive").describe(
    "What writes the advice of /predict/advice: extractive, its passages alone, which needs no key; " +
      "gemini:MODEL or openai:MODEL, a language model; off, nothing",
  ),
  geminiApiKey: secretText.optional().describe("Key for gemini:MODEL"),
  geminiBaseUrl: z.url({ protocol: /^https?$/ }).optional().describe(
    "Address of Gemini's API, where it is not Google's own",
  ),
  openaiApiKey: secretText.optional().describe("Key for openai:MODEL; not all services want one"),
  openaiBaseUrl: z.url({ protocol: /^https?$/ }).optional().describe(
    "Address of any service that speaks OpenAI's API, as http://localhost:8000/v1",
  ),
  adviceKnowledge: z.string().min(1).default("models/knowledge").describe(
    "Folder of the passages that advice rests on, as deno task pipeline advisor publishes them",
  ),
  adviceConversations: z.string().min(1).default("data/advice/conversations.sqlite")
    .transform((path) => path === "off" ? "" : path)
    .describe("SQLite file of conversations and of what keys used; off keeps none"),
  adviceDays: whole(1, 36_500).prefault("30").describe(
    "Days after which a conversation that nobody went on with is removed",
  ),
  adviceRate: whole(0, 100_000).prefault("20").describe(
    "Questions a minute of each key, and without a key of each address; 0 for any number",
  ),
  adviceDailyTokens: whole(0, 1_000_000_000_000).prefault("200000").describe(
    "Tokens a day of each key, or of each address without one; 0 for any number",
  ),
  adviceDailyCost: z.string().regex(/^\d+(?:\.\d+)?$/, "wanted dollars as 2.50").transform(Number)
    .prefault("0").describe("Dollars a day of each key or address, by --advice-prices; 0 for any"),
  advicePrices: list.prefault("").describe(
    "What models cost, MODEL=INPUT/OUTPUT in dollars for a million tokens",
  ),
  adviceDisclaimer: z.string().min(1).max(1000).optional().describe(
    "What is said beside answers about choosing securities; such questions are refused without it",
  ),
  adviceTools: list.prefault("credit-risk,spending,anomaly,ner").describe(
    "Served models that a language model may ask while it answers, by their names",
  ),
  adviceScopeModel: z.string().min(1).default("intent").describe(
    "Served model of texts whose out_of_scope has a say about what is a question on money; words " +
      "decide alone where it is not loaded",
  ),
  adviceScopeLimit: share.prefault("0.7").describe("Its out_of_scope from which on that is so"),
  adviceTimeoutMs: whole(100, 600_000).prefault("60000").describe(
    "Milliseconds for a whole answer of /predict/advice, in the place of --timeout-ms",
  ),
  adviceSilenceMs: whole(100, 600_000).prefault("20000").describe(
    "Milliseconds for which a language model may say nothing",
  ),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe(
    "debug, info, warn or error: least severity that is logged",
  ),
  accessLog: z.enum(["off", "debug", "info"]).default("debug").describe(
    "off, or the severity of a line for each request: debug or info",
  ),
});

/** The validated settings. */
export type Config = z.output<typeof configSchema>;

/** Name of a setting. */
export type SettingName = keyof Config;

/**
 * Settings that are never printed, and may come from a file that `<VARIABLE>_FILE` names or be
 * references to secrets.
 */
export const secrets: ReadonlySet<SettingName> = new Set([
  "apiKeys",
  "adminKeys",
  "redactKey",
  "redisUrl",
  "geminiApiKey",
  "openaiApiKey",
]);

/** Names of all settings, in the order of the help page. */
export const settingNames = Object.keys(configSchema.shape) as SettingName[];

/** The flag of a setting: `body-limit` for `bodyLimit`. */
export function flagOf(name: SettingName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The environment variable of a setting: `BODY_LIMIT` for `bodyLimit`. */
export function settingVariable(name: SettingName): string {
  return flagOf(name).replaceAll("-", "_").toUpperCase();
}
