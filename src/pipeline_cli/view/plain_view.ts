/** One plain line per event, for logs, pipes and small terminals. */

import type { EventOf, RunEvent } from "../../run_events/mod.ts";
import { unitName } from "../../pipeline/mod.ts";
import { errorLines, type Sink } from "../../terminal/mod.ts";
import { finishedLine, startedLine, summaryLine } from "./event_lines.ts";

/** What a plain view writes where. */
export interface PlainViewOptions {
  /** Result lines of steps. */
  readonly results: Sink;
  /** Everything else. */
  readonly notes: Sink;
  /** Only results, warnings and errors. */
  readonly quiet: boolean;
  /** Shows stack traces. */
  readonly trace: boolean;
  /** Milliseconds since some start. */
  readonly now: () => number;
}

/** Least time between two progress lines of one step, in milliseconds. */
const PROGRESS_EVERY = 10_000;

/** A stream that tells of a run as it goes on. */
export interface RunSink {
  show(event: RunEvent): void;
  /** Leaves the terminal as it found it. */
  close(): void;
}

/** Writes a line for each event; progress only now and then. */
export class PlainView implements RunSink {
  readonly #told = new Map<string, number>();
  /** Lines of steps that were taken from the cache, many of them at once: one write for all. */
  #held = "";

  /** Takes the streams and how much to tell. */
  constructor(private readonly options: PlainViewOptions) {}

  /** Writes the line of an event. */
  show(event: RunEvent): void {
    const { results, quiet, trace } = this.options;
    if (event.type === "step_finished" && event.status === "cached") {
      if (!quiet) this.#held += `${finishedLine(event)}\n`;
      return;
    }
    this.#release();
    switch (event.type) {
      case "log":
        return results.write(`${event.text}\n`);
      case "output":
        return (event.stream === "stdout" ? results : this.options.notes).write(`${event.text}\n`);
      case "warning":
        return this.#note(`warning: ${event.text}`);
      case "step_finished":
        if (!quiet) this.#note(finishedLine(event));
        if (event.error) { for (const line of errorLines(event.error, trace)) this.#note(line); }
        return;
      case "step_retried":
        return this.#note(
          `warning: ${
            unitName(event.step, event.item)
          } failed, trying again: ${event.error.message}`,
        );
      case "metric":
        return;
    }
    if (quiet) return;
    switch (event.type) {
      case "run_started":
        return this.#note(startedLine(event));
      case "step_started":
        this.#told.set(unitName(event.step, event.item), this.options.now());
        return this.#note(`${unitName(event.step, event.item)}: started`);
      case "step_progress":
        return this.#progress(event);
      case "run_finished":
        return this.#note(summaryLine(event));
    }
  }

  /** Writes what is held. */
  close(): void {
    this.#release();
  }

  #release(): void {
    if (this.#held === "") return;
    this.options.notes.write(this.#held);
    this.#held = "";
  }

  #note(line: string): void {
    this.options.notes.write(`${line}\n`);
  }

  #progress({ step, item, done, label }: EventOf<"step_progress">): void {
    const unit = unitName(step, item);
    const now = this.options.now();
    if (now - (this.#told.get(unit) ?? 0) < PROGRESS_EVERY) return;
    this.#told.set(unit, now);
    this.#note(`${unit}: ${Math.floor(done * 100)} %${label === undefined ? "" : ` ${label}`}`);
  }
}
