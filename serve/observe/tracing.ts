/** Spans of what Deno's own OpenTelemetry does not see: what happens within a request. */

import { context, type HrTime, trace, type Tracer } from "@opentelemetry/api";
import type { PredictionRecord, StageEnded, Timings } from "../contract.ts";

/**
 * Adds spans to the one that Deno makes of each request. They are made after
 * the fact from times that are measured anyway, so a prediction waits for
 * nothing. Where `OTEL_DENO` is not set there is no `Tracing`.
 */
export class Tracing {
  readonly #tracer: Tracer = trace.getTracer("dinoflow");

  /** Adds the spans of a prediction that just ended, below the active span. */
  predicted(record: PredictionRecord, { queueMs, inferenceMs, serialiseMs }: Timings): void {
    const attributes = {
      "dinoflow.request_id": record.request_id,
      "dinoflow.model_name": record.model_name,
      "dinoflow.model_version": record.model_version,
      "dinoflow.role": record.role,
    };
    const now = Date.now();
    const inferred = now - serialiseMs;
    const dequeued = inferred - inferenceMs;
    const stages = [
      ["queue", dequeued - queueMs, dequeued],
      ["inference", dequeued, inferred],
      ["serialise", inferred, now],
    ] as const;
    for (const [name, from, to] of stages) {
      this.#tracer.startSpan(name, { startTime: timeOf(from), attributes }).end(timeOf(to));
    }
  }

  /**
   * Tells the stages of a request's work, each when it ends, below the span that is active now: what
   * is written as a stream goes on when its request is not active any more.
   */
  stages(requestId: string): StageEnded {
    const parent = context.active();
    let from = performance.timeOrigin + performance.now();
    return (name, attributes) => {
      const to = performance.timeOrigin + performance.now();
      const all = { "dinoflow.request_id": requestId, ...attributes };
      this.#tracer.startSpan(name, { startTime: timeOf(from), attributes: all }, parent)
        .end(timeOf(to));
      from = to;
    };
  }

  /** Names the request's span by its route, as Deno cannot know it. */
  answered(method: string, route: string, requestId: string): void {
    const span = trace.getActiveSpan();
    span?.updateName(`${method} ${route}`);
    span?.setAttributes({ "http.route": route, "dinoflow.request_id": requestId });
  }
}

/** Seconds and nanoseconds; a `Date` would round the short times of a prediction away. */
function timeOf(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), Math.round((milliseconds % 1000) * 1e6)];
}
