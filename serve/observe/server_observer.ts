/** Everything that hears what the server does, behind one ear. */

import type { LogShipper } from "../../src/log_shipping/mod.ts";
import type { FeedbackRecord, Redactor, RotatedLog } from "../../src/prediction_log/mod.ts";
import type {
  AnswerParts,
  Level,
  Observer,
  PredictionRecord,
  Role,
  ServedModel,
  StageEnded,
  Timings,
  Unpredicted,
} from "../contract.ts";
import type { Scoreboard } from "../rollout/scoreboard.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import type { Tracing } from "./tracing.ts";

/** Who hears of what. */
export interface Listeners {
  readonly logger: Logger;
  /** Severity of a line for each request, undefined for none. */
  readonly accessLevel?: Level;
  readonly metrics: Metrics;
  readonly scoreboard: Scoreboard;
  /** Undefined if traces are off. */
  readonly tracing?: Tracing;
  /** Undefined if predictions are not logged. */
  readonly predictionLog?: {
    readonly predictions: RotatedLog;
    readonly feedback: RotatedLog;
    readonly redact: Redactor;
    /** Digest of a group's key; undefined without a secret, as it could be guessed then. */
    readonly digest?: (key: string) => string;
  };
  /** Undefined if the log stays here. */
  readonly shipper?: Pick<LogShipper, "close">;
}

/** Milliseconds in which what requests leave is gathered: a turn of the event loop has its price. */
const GATHER = 1;

/**
 * Tells metrics, scoreboard, traces, the log and the prediction log. What a request leaves there is
 * an eighth of its time: who waits for an answer gets it before.
 */
export class ServerObserver implements Observer {
  #waiting: (() => void)[] = [];
  #timer?: ReturnType<typeof setTimeout>;

  /** Takes who hears of what. */
  constructor(private readonly to: Listeners) {}

  predicted(
    record: PredictionRecord,
    timings: Timings,
    model: ServedModel,
    group: string,
    parts: Partial<AnswerParts> = {},
  ): void {
    this.to.tracing?.predicted(record, timings);
    this.#later(() => this.#predicted(record, timings, model, group, parts));
  }

  #later(work: () => void): void {
    this.#waiting.push(work);
    this.#timer ??= setTimeout(this.settle, GATHER);
  }

  /** Lets all hear what they have not heard yet. */
  readonly settle = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const work of waiting) work();
  };

  #predicted(
    record: PredictionRecord,
    timings: Timings,
    { metadata }: ServedModel,
    group: string,
    { first, later }: Partial<AnswerParts>,
  ): void {
    const { metrics, scoreboard, predictionLog } = this.to;
    metrics.predicted(record, timings);
    scoreboard.predicted(record, metadata.task.kind, first);
    later?.forEach((part) => scoreboard.awaits(part, metadata.task.kind));
    if (predictionLog === undefined) return;
    const { predictions, redact, digest } = predictionLog;
    for (const part of [record, ...later ?? []]) {
      predictions.write({
        ...part,
        ...digest !== undefined && group !== "" && { group: digest(group) },
        inputs: redact(part.inputs),
      });
    }
  }

  unpredicted(model: ServedModel, role: Role, status: Unpredicted): void {
    this.to.metrics.unpredicted(model, role, status);
  }

  /** Logs what turned out to be true of an earlier prediction. */
  feedback(record: FeedbackRecord): void {
    this.to.predictionLog?.feedback.write(record);
  }

  httpRequest(
    method: string,
    route: string,
    status: number,
    ms: number,
    requestId: string,
    caller: { readonly address: string; readonly key?: string },
  ): void {
    const { metrics, tracing, logger, accessLevel } = this.to;
    tracing?.answered(method, route, requestId);
    const level = accessLevel !== undefined && logger.hears(accessLevel) ? accessLevel : undefined;
    // Who asks is not told any more once the request is answered.
    const { address, key } = level === undefined ? {} as Partial<typeof caller> : caller;
    this.#later(() => {
      metrics.httpRequest(method, route, status, ms);
      if (level === undefined) return;
      logger.log(level, "request", {
        request_id: requestId,
        method,
        route,
        status,
        ms: Math.round(ms * 1000) / 1000,
        address,
        ...(key !== undefined && { key }),
      });
    });
  }

  stages(requestId: string): StageEnded {
    return this.to.tracing?.stages(requestId) ?? (() => {});
  }

  /** Another thread answered a request of this one, and counted it. */
  forwarded(method: string, route: string, requestId: string): void {
    this.to.tracing?.answered(method, route, requestId);
  }

  batch(size: number): void {
    this.to.metrics.batch(size);
  }

  modelLoaded(role: Role, { name, version, source }: ServedModel): void {
    this.to.metrics.modelLoads.of(role, "loaded").value++;
    this.log("info", "model loaded", { role, model: name, version, source });
  }

  modelFailed(role: Role, reference: string, reason: string): void {
    this.to.metrics.modelLoads.of(role, "failed").value++;
    this.log("error", "model not loaded", { role, reference, reason });
  }

  log(level: Level, message: string, fields?: Readonly<Record<string, unknown>>): void {
    this.to.logger.log(level, message, fields);
  }

  /** These texts appear in no line of the log from now on. */
  hide(secrets: readonly string[]): void {
    this.to.logger.hide(secrets);
  }

  async close(): Promise<void> {
    this.settle();
    const { predictionLog, shipper } = this.to;
    await Promise.all([
      predictionLog?.predictions.close(),
      predictionLog?.feedback.close(),
      shipper?.close(),
    ]);
  }
}
