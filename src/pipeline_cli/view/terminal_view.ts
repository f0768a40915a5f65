/** Live bars on a terminal: one line per running step, redrawn in place. */

import type { EventOf, RunEvent } from "../../run_events/mod.ts";
import { unitName } from "../../pipeline/mod.ts";
import {
  bold,
  cyan,
  dim,
  duration,
  errorLines,
  green,
  red,
  type Sink,
  yellow,
} from "../../terminal/mod.ts";
import type { RunSink } from "./plain_view.ts";
import { finishedLine, startedLine, summaryLine } from "./event_lines.ts";

/** What a terminal view writes where. */
export interface TerminalViewOptions {
  /** Result lines of steps; may be the same terminal. */
  readonly results: Sink;
  /** The terminal with the bars. */
  readonly notes: Sink;
  /** Only results, warnings, errors and bars. */
  readonly quiet: boolean;
  /** Shows stack traces. */
  readonly trace: boolean;
  /** Milliseconds since some start. */
  readonly now: () => number;
}

interface Bar {
  readonly name: string;
  readonly startedAt: number;
  readonly fanOut: boolean;
  done: number;
  label: string;
  /** Share that each running item of a fan-out has done. */
  readonly items: Map<string, number>;
  readonly total: number;
}

/** Least time between two drawings, in milliseconds. */
const FRAME = 80;
const BAR_WIDTH = 24;
const FALLBACK_SIZE = { columns: 80, rows: 24 };

/** Draws bars below the lines that steps write; every frame is one write. */
export class TerminalView implements RunSink {
  readonly #bars = new Map<string, Bar>();
  readonly #itemCounts = new Map<string, number>();
  readonly #tick: ReturnType<typeof setInterval> | undefined;
  #drawnLines = 0;
  #drawnAt = -Infinity;
  #pending: string[] = [];

  /** Takes the streams; `tick` false leaves out the clock that keeps times moving. */
  constructor(private readonly options: TerminalViewOptions, tick = true) {
    if (tick) this.#tick = setInterval(() => this.#draw(), 500);
  }

  /** Takes an event and redraws if the last frame is old enough. */
  show(event: RunEvent): void {
    this.#take(event);
    const due = this.#pending.length > 0 || this.options.now() - this.#drawnAt >= FRAME;
    if (due) this.#draw();
  }

  /** Takes the bars away. */
  close(): void {
    clearInterval(this.#tick);
    this.#bars.clear();
    this.#draw();
  }

  #take(event: RunEvent): void {
    const { results, quiet, trace, now } = this.options;
    switch (event.type) {
      case "run_started":
        for (const { name, items } of event.steps) {
          if (items !== undefined) this.#itemCounts.set(name, items);
        }
        if (event.sweep && !quiet) this.#line(bold(startedLine(event)));
        return;
      case "log":
        this.#erase();
        return results.write(`${event.text}\n`);
      case "output":
        if (event.stream === "stderr") return this.#line(event.text);
        this.#erase();
        return results.write(`${event.text}\n`);
      case "warning":
        return this.#line(yellow(`warning: ${event.text}`));
      case "step_retried":
        return this.#line(
          yellow(`warning: ${unitName(event.step, event.item)} failed, trying again: `) +
            event.error.message,
        );
      case "step_started":
        return this.#start(event.step, event.item, now());
      case "step_progress": {
        const bar = this.#bars.get(event.step);
        if (!bar) return;
        if (event.item !== undefined) bar.items.set(event.item, event.done);
        else bar.done = event.done;
        bar.label = event.label ?? (event.item === undefined ? bar.label : event.item);
        return;
      }
      case "step_finished":
        if (event.item === undefined) this.#bars.delete(event.step);
        else this.#bars.get(event.step)?.items.delete(event.item);
        if (event.error) {
          this.#line(red(finishedLine(event)));
          for (const line of errorLines(event.error, trace)) this.#line(bold(line));
        } else if (!quiet && event.item === undefined) this.#line(this.#finished(event));
        return;
      case "run_finished":
        if (!quiet) this.#line(dim(summaryLine(event)));
        return;
      case "metric":
        return;
    }
  }

  #finished(event: EventOf<"step_finished">): string {
    const mark = { ran: green("✓"), cached: dim("="), failed: red("✗"), cancelled: yellow("-") };
    return `${mark[event.status]} ${finishedLine(event)}`;
  }

  #start(step: string, item: string | undefined, startedAt: number): void {
    const bar = this.#bars.get(step);
    if (bar && item !== undefined) return void bar.items.set(item, 0);
    if (bar) return;
    const total = this.#itemCounts.get(step) ?? 1;
    const fanOut = this.#itemCounts.has(step);
    const items = new Map<string, number>();
    this.#bars.set(step, { name: step, startedAt, fanOut, done: 0, label: "", items, total });
  }

  #line(text: string): void {
    this.#pending.push(text);
  }

  #erase(): void {
    if (this.#drawnLines === 0) return;
    this.options.notes.write(`\x1b[${this.#drawnLines}A\r\x1b[J`);
    this.#drawnLines = 0;
    this.#drawnAt = -Infinity;
  }

  #draw(): void {
    const { columns, rows } = this.options.notes.size() ?? FALLBACK_SIZE;
    const bars = [...this.#bars.values()];
    const room = Math.max(1, rows - 2);
    const lines = bars.slice(0, bars.length > room ? room - 1 : room).map((bar) =>
      this.#barLine(bar, columns)
    );
    if (bars.length > lines.length) {
      lines.push(cut(`and ${bars.length - lines.length} more`, columns));
    }
    const up = this.#drawnLines > 0 ? `\x1b[${this.#drawnLines}A\r` : "";
    const body = [...this.#pending, ...lines].map((line) => `${line}\x1b[K\n`).join("");
    if (up + body !== "") this.options.notes.write(`${up}${body}\x1b[J`);
    this.#pending = [];
    this.#drawnLines = lines.length;
    this.#drawnAt = this.options.now();
  }

  #barLine(bar: Bar, columns: number): string {
    const seconds = (this.options.now() - bar.startedAt) / 1000;
    let partial = 0;
    for (const share of bar.items.values()) partial += share;
    const done = Math.min(1, bar.done + (bar.fanOut ? partial / bar.total : 0));
    const left = done > 0 && done < 1
      ? `${duration(seconds / done * (1 - done))} left`
      : duration(seconds);
    const count = bar.fanOut ? ` ${Math.round(bar.done * bar.total)}/${bar.total}` : "";
    const percent = `${String(Math.floor(done * 100)).padStart(3)} %`;
    const head = `${bar.name}${count} `;
    const tail = ` ${percent}  ${left}${bar.label === "" ? "" : `  ${bar.label}`}`;
    const width = Math.min(BAR_WIDTH, columns - 1 - head.length - percent.length - 2);
    if (width < 4) return cut(`${head}${percent}`, columns);
    const full = Math.round(done * width);
    const rest = cut(tail, columns - head.length - width);
    return `${head}${cyan("█".repeat(full))}${dim("░".repeat(width - full))}${rest}`;
  }
}

/** The part of `text` that fits on a line of the terminal without wrapping. */
function cut(text: string, columns: number): string {
  return [...text].slice(0, Math.max(0, columns - 1)).join("");
}
