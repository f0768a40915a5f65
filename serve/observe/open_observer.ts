/** From settings to everything that hears what the server does. */

import { parseRedaction, redactor, RotatedLog } from "../../src/prediction_log/mod.ts";
import type { Config } from "../config/schema.ts";
import { parseKey } from "../http/keys.ts";
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
 * @throws {UsageError} if the redaction says something unknown.
 */
export function openObserver(
  config: Config,
  { write }: ObserverOptions,
): Observation {
  const keys = [...config.apiKeys, ...config.adminKeys].map((text) => parseKey(text).secret);
  const secrets = [...keys, ...config.redactKey];
  const logger = new Logger({ level: config.logLevel, secrets, write });
  const metrics = new Metrics();
  const agreed = metrics.agreement.of("true");
  const differed = metrics.agreement.of("false");
  const scoreboard = new Scoreboard((agrees) => void (agrees ? agreed : differed).value++);
  const troubles = new Map<string, string>();
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
  const redact = redactor(parseRedaction(config.redact), config.redactKey[0]);
  const observer = new ServerObserver({
    logger,
    accessLevel: config.accessLog === "off" ? undefined : config.accessLog,
    metrics,
    scoreboard,
    tracing: Deno.env.get("OTEL_DENO") === "true" ? new Tracing() : undefined,
    predictionLog: config.predictionLog === ""
      ? undefined
      : { predictions: open("predictions"), feedback: open("feedback"), redact },
  });
  return { observer, metrics, scoreboard, troubles: () => [...troubles.values()] };
}
