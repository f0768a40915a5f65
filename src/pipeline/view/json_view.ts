/** One event per line as JSON, for programs. */

import type { RunEvent } from "../events/events.ts";
import type { RunSink, Sink } from "./sink.ts";

/** Writes each event as a line that `runEventSchema` (`event_schema.ts`) accepts. */
export class JsonView implements RunSink {
  readonly #out: Sink;
  readonly #trace: boolean;

  /** Takes the stream, and whether errors carry their stack. */
  constructor(out: Sink, trace: boolean) {
    this.#out = out;
    this.#trace = trace;
  }

  /** Writes an event. */
  show(event: RunEvent): void {
    const keep = (key: string, value: unknown) =>
      key === "stack" && !this.#trace ? undefined : value;
    this.#out.write(`${JSON.stringify(event, keep)}\n`);
  }

  /** Nothing to undo. */
  close(): void {}
}
