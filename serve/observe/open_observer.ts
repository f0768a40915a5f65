/** From settings to everything that hears what the server does. */

import project from "../../deno.json" with { type: "json" };
import { parseKey } from "../../src/base/mod.ts";
import { logSettings, LogShipper } from "../../src/log_shipping/mod.ts";
import { keyedDigest, parseRedaction, redactor, RotatedLog } from "../../src/prediction_log/mod.ts";
import type { Config } from "../config/schema.ts";
import { Scoreboard } from "../rollout/scoreboard.ts";
import { Logger } from "./logger.ts";
import { Metrics } from "./metrics.ts";
import { ServerObserver } from "./server_observer.ts";
import { Tracing } from "./tracing.ts";

/** The observer, and what its parts know. */
export interface Observation {
  readonly observer: ServerObserver;
  readonly metrics: Metrics;
  readonly scoreboard: Scoreboard;
  /** Why lines of the prediction log wait, if the disk does not take them. */
  troubles(): string[];
  /** Key of the digests of what may not be kept, as it is now. */
  redactKey(): string | undefined;
  /** Takes another one, for the digests from now on. */
  useRedactKey(key: string | undefined): void;
}

/** What {@linkcode openObserver} takes beside the settings. */
export interface ObserverOptions {
  /** Takes the lines of the log, and whether a line should not wait for others. */
  readonly write: (line: string, urgent: boolean) => void;
}

/** Seconds in which lost lines are told once. */
const TELL_SECONDS = 10;

const megabyte = 1 << 20;

/**
 * Makes the observer.
 *
 * @throws {UsageError} if the redaction says something unknown, or where logs are shipped to.
 */
export function openObserver(
  config: Config,
  { write }: ObserverOptions,
): Observation {
  const keys = [...config.apiKeys, ...config.adminKeys].map((text) => parseKey(text).secret);
  const models = [config.geminiApiKey, config.openaiApiKey].filter((key) => key !== undefined);
  const secrets = [...keys, ...config.redactKey, ...models];
  const metrics = new Metrics();
  const troubles = new Map<string, string>();
  const shipper = openShipper(metrics, troubles, write);
  const logger = new Logger({
    ...{ level: config.logLevel, secrets },
    write(line, urgent) {
      write(line, urgent);
      shipper?.add(line);
    },
  });
  const agreed = metrics.agreement.of("true");
  const differed = metrics.agreement.of("false");
  const scoreboard = new Scoreboard((agrees) => void (agrees ? agreed : differed).value++);
  const open = (kind: string) => {
    let told = -Infinity;
    const lost = metrics.lostLines.of(kind);
    return new RotatedLog({
      folder: config.predictionLog,
      kind,
      maxFileBytes: config.predictionLogMegabytes * megabyte,
      maxAgeDays: config.predictionLogDays,
      maxTotalBytes: config.predictionLogTotalMegabytes * megabyte,
      onTrouble(reason) {
        const before = troubles.get(kind);
        if (reason === undefined) troubles.delete(kind);
        else troubles.set(kind, `${kind}: ${reason}`);
        if ((before === undefined) === (reason === undefined)) return;
        if (reason === undefined) {
          logger.log("info", "the prediction log is written again", { kind });
        } else {logger.log("error", "the prediction log cannot be written; lines wait", {
            kind,
            reason,
          });}
      },
      onLost(lines, reason) {
        lost.value += lines;
        if (performance.now() < told + TELL_SECONDS * 1000) return;
        told = performance.now();
        logger.log("error", "lines of the prediction log are lost", { kind, reason });
      },
    });
  };
  const columns = parseRedaction(config.redact);
  let key: string | undefined = config.redactKey[0];
  const digests = () => ({
    redact: redactor(columns, key),
    digest: key === undefined ? undefined : keyedDigest(key),
  });
  let now = digests();
  const observer = new ServerObserver({
    logger,
    accessLevel: config.accessLog === "off" ? undefined : config.accessLog,
    metrics,
    scoreboard,
    tracing: Deno.env.get("OTEL_DENO") === "true" ? new Tracing() : undefined,
    predictionLog: config.predictionLog === "" ? undefined : {
      predictions: open("predictions"),
      feedback: open("feedback"),
      redact: (inputs) => now.redact(inputs),
      digest: now.digest && ((group) => now.digest!(group)),
    },
    shipper,
  });
  return {
    ...{ observer, metrics, scoreboard, troubles: () => [...troubles.values()] },
    redactKey: () => key,
    useRedactKey(other) {
      if (other === key) return;
      key = other;
      now = digests();
    },
  };
}

/** Ships the log where `ELASTICSEARCH_URL` says; trouble with it is told by the log itself. */
function openShipper(
  metrics: Metrics,
  troubles: Map<string, string>,
  write: ObserverOptions["write"],
): LogShipper | undefined {
  const settings = logSettings((name) => Deno.env.get(name));
  if (settings === undefined) return undefined;
  const source = {
    service: "dinoflow-server",
    dataset: "dinoflow.server",
    version: project.version,
  };
  // Not shipped itself: a log that tells of its own loss would never end.
  const own = new Logger({ level: "info", write });
  const lost = metrics.unshippedLines.of("elasticsearch");
  let told = -Infinity;
  return new LogShipper(settings, source, {
    onLost(lines, reason) {
      lost.value += lines;
      if (performance.now() < told + TELL_SECONDS * 1000) return;
      told = performance.now();
      own.log("error", "lines of the log are not shipped", { reason });
    },
    onTrouble(trouble) {
      if (trouble === undefined) {
        troubles.delete("log");
        own.log("info", "the log is shipped again");
      } else {
        if (!troubles.has("log")) own.log("error", "the log is not shipped", { reason: trouble });
        troubles.set("log", trouble);
      }
    },
  });
}
