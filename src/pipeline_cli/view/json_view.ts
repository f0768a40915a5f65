/** One event per line as JSON, for programs. */

import type { RunEvent } from "../../run_events/mod.ts";
import type { RunSink } from "./plain_view.ts";
import type { Sink } from "../../terminal/mod.ts";

/** Writes each event as a line that `runEventSchema` (`event_schema.ts`) accepts. */
export class JsonView implements RunSink {
  /** Takes the stream, and whether errors carry their stack. */
  constructor(private readonly out: Sink, private readonly trace: boolean) {}

  /** Writes an event. */
  show(event: RunEvent): void {
    const keep = (key: string, value: unknown) =>
      key === "stack" && !this.trace ? undefined : value;
    this.out.write(`${JSON.stringify(event, keep)}\n`);
  }

  /** Nothing to undo. */
  close(): void {}
}
