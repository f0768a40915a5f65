/**
 * Every setting of the server, once. The name of a field is its flag and its
 * environment variable: `bodyLimit` is `--body-limit` and `BODY_LIMIT`.
 */

import { z } from "zod";
import { isNetwork } from "../http/caller.ts";
import { parseKey } from "../http/keys.ts";
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
  extraModels: list.prefault("").describe("More models to serve beside it, the same way"),
  mlflowTrackingUri: z.url({ protocol: /^https?$/ }).optional().describe(
    "MLflow server that models:/… are fetched from",
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
    "Columns whose values the prediction log must not hold: NAME keeps digests, NAME:drop nothing",
  ),
  redactKey: keys.pipe(z.array(z.string()).max(1, "one key is enough")).prefault("").describe(
    "Key of these digests; without it whoever guesses a value can confirm it",
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

/** Settings that are never printed and may come from a file that `<VARIABLE>_FILE` names. */
export const secrets: ReadonlySet<SettingName> = new Set([
  "apiKeys",
  "adminKeys",
  "redactKey",
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
