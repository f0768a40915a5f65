/** A run of a pipeline as a cell shows it: its steps with bars, drawn in place. */

import { Html, html } from "../base/mod.ts";
import type { EventError, RunEvent, StepStatus } from "../pipeline/mod.ts";
import { LiveOutput } from "./live.ts";
import { barHtml } from "./progress.ts";
import type { RunSummary } from "./runs_table.ts";
import type { Media } from "./view.ts";

interface StepLine {
  done: number;
  status: StepStatus | "waiting" | "running";
  seconds: number;
}

/** Lines of a run that a cell keeps: an output must stay small. */
const MOST_LINES = 200;

/** Follows the events of a run and draws them. */
export class RunView {
  /** The run as far as it is known; undefined before it started. */
  summary: RunSummary | undefined;
  /** The error of the step that failed. */
  failure: EventError | undefined;
  readonly #output = new LiveOutput();
  readonly #steps = new Map<string, StepLine>();
  readonly #logs: string[] = [];
  #leftOut = 0;

  /** Takes the name of the pipeline and the project's folder, from where paths are told. */
  constructor(private readonly pipeline: string, private readonly root: string) {}

  /** Takes an event and draws what it changes. */
  take(event: RunEvent): void {
    switch (event.type) {
      case "run_started": {
        const { run: name, params, changed = Object.keys(params) } = event;
        const given = Object.fromEntries(changed.map((key) => [key, params[key]]));
        this.summary = { name, status: "running", seconds: 0, params: given, metrics: {} };
        for (const { name } of event.steps) {
          this.#steps.set(name, { done: 0, status: "waiting", seconds: 0 });
        }
        break;
      }
      case "step_started":
        this.#change(event.step, (line) => line.status = "running");
        break;
      case "step_progress":
        if (event.item === undefined) this.#change(event.step, (line) => line.done = event.done);
        break;
      case "step_finished":
        if (event.error !== undefined) this.failure ??= event.error;
        if (event.item !== undefined) break;
        this.#change(event.step, (line) => {
          const { status, seconds } = event;
          Object.assign(line, { done: 1, status, seconds });
        });
        break;
      case "metric":
        if (this.summary === undefined || event.item !== undefined) break;
        this.#update({ metrics: { ...this.summary.metrics, [event.name]: event.value } });
        break;
      case "log":
        this.#log(event.text);
        break;
      case "warning":
        this.#log(`warning: ${event.text}`);
        break;
      case "run_finished":
        this.#update({ status: event.status, seconds: event.seconds });
        break;
    }
    this.#output.draw(() => this.#media());
  }

  /** Draws the end and waits until it is on its way. */
  async end(): Promise<void> {
    if (this.summary !== undefined) this.#output.draw(() => this.#media(), true);
    await this.#output.settled();
  }

  /** Keeps a line; a saved notebook must not tell where on somebody's machine it ran. */
  #log(text: string): void {
    this.#logs.push(text.replaceAll(`${this.root}/`, "").replaceAll(this.root, "."));
    if (this.#logs.length > MOST_LINES) {
      this.#logs.shift();
      this.#leftOut++;
    }
  }

  #change(step: string, change: (line: StepLine) => void): void {
    const line = this.#steps.get(step);
    if (line !== undefined) change(line);
  }

  #update(change: Partial<RunSummary>): void {
    if (this.summary !== undefined) this.summary = { ...this.summary, ...change };
  }

  #media(): Media {
    const { status = "starting", seconds = 0 } = this.summary ?? {};
    const head = `${this.pipeline}: ${status}` +
      (seconds > 0 ? ` after ${seconds.toFixed(1)} s` : "");
    const lines = [...this.#steps].map(([name, line]) => [name, line, wordsOf(line)] as const);
    const logs = this.#leftOut === 0
      ? this.#logs
      : [`… ${this.#leftOut} earlier lines left out`, ...this.#logs];
    const width = Math.max(0, ...lines.map(([name]) => name.length));
    return {
      "text/plain": [
        head,
        ...lines.map(([name, , words]) => `  ${name.padEnd(width)}  ${words}`),
        ...logs,
      ].join("\n"),
      "text/html": html`<p><b>${head}</b></p>
<table>
${
        lines.map(([name, { done }, words]) =>
          html`
            <tr>
              <th style="text-align:left">${name}</th>
              <td style="text-align:left">${new Html(
                barHtml("", done, words),
              )}</td>
            </tr>
          `
        )
      }</table>
${logs.length === 0 ? [] : html`<pre>${logs.join("\n")}</pre>`}`.text,
    };
  }
}

function wordsOf({ status, done, seconds }: StepLine): string {
  if (status === "running") return `${Math.floor(100 * done)} %`;
  return status === "ran" ? `${seconds.toFixed(1)} s` : status;
}
