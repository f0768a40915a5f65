/** What is kept of each run. */

import type { EventOf, RunEvent, RunStatus, StepStatus, Unit } from "../../run_events/mod.ts";
import type { WiredNode } from "../define/wiring.ts";
import { StepLogs } from "./step_log.ts";
import { type ArtifactStore, writeJson } from "../../artifact_store/mod.ts";

/** A step or item of a run. */
export interface UnitRecord extends Unit {
  /** How it ended. */
  readonly status: StepStatus;
  /** Seconds after the run's start at which it started. */
  readonly startedAfter: number;
  /** Seconds that it took. */
  readonly seconds: number;
  /** Why it ran. */
  readonly reasons?: readonly string[];
  /** Its output. */
  readonly artifact?: { readonly digest: string; readonly bytes: number };
  /** Digest of all that its output depends on. */
  readonly fingerprint?: string;
  /** The numbers that it recorded. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why it failed. */
  readonly error?: string;
}

/** One run. */
export interface RunRecord extends Omit<EventOf<"run_started">, "type" | "at" | "steps"> {
  /** When it started, in ISO 8601. */
  readonly startedAt: string;
  /** How it ended; `running` also for one that was killed before it could tell. */
  readonly status: RunStatus | "running";
  /** Seconds that it took. */
  readonly seconds: number;
  /** What the command line ended with. */
  readonly exitCode?: number;
  /**
   * The commit of the project, with `+` if files differ from it. Git is not asked again
   * while the commit, the index and all that the pipeline reaches are as they were.
   */
  readonly git?: string;
  /** Version of Deno. */
  readonly deno: string;
  /** How it was wired; not known of runs before this was kept. */
  readonly wiring?: readonly WiredNode[];
  /** Whether it is kept whatever is cleaned up; told where runs are listed. */
  readonly pinned?: true;
  /** Its steps and items in the order in which they ended; no fan-outs as a whole. */
  readonly units: readonly UnitRecord[];
}

/** Keeps a run as its events tell it. */
export class RunRecorder {
  readonly #logs: StepLogs;
  #git: Promise<string | undefined> | undefined;
  readonly #open = new Map<string, { startedAfter: number; reasons?: readonly string[] }>();
  readonly #metrics = new Map<string, Record<string, number>>();
  readonly #units: UnitRecord[] = [];
  readonly #fanOuts = new Set<string>();
  #record: RunRecord | undefined;
  #startedAt = 0;

  /** Takes the store, how the pipeline is wired and who tells what commit the project is at. */
  constructor(
    private readonly store: ArtifactStore,
    private readonly wiring: readonly WiredNode[],
    private readonly commit: () => Promise<string | undefined>,
  ) {
    this.#logs = new StepLogs(store);
  }

  take(event: RunEvent): void {
    if (event.type === "run_started") {
      const { run, pipeline, params, given, changed, partial, partOf, sweep, at, steps } = event;
      this.#startedAt = Date.parse(at);
      for (const { name, items } of steps) if (items !== undefined) this.#fanOuts.add(name);
      this.#record = {
        run,
        pipeline,
        params,
        given,
        changed,
        ...partial !== undefined && { partial },
        ...partOf !== undefined && { partOf },
        ...sweep && { sweep },
        startedAt: at,
        status: "running",
        seconds: 0,
        deno: Deno.version.deno,
        wiring: this.wiring,
        units: this.#units,
      };
    } else if (event.type === "run_finished") {
      const { status, seconds, exitCode } = event;
      this.#record = { ...this.#record!, status, seconds, exitCode };
    } else if ("step" in event) {
      this.#logs.take(this.#logged, event);
      this.#takeUnit(event);
    }
  }

  /** Writes what is known so far. */
  async write(): Promise<void> {
    if (!this.#record) return;
    if (this.#record.status !== "running") await this.#logs.end(this.#logged);
    const git = await (this.#git ??= this.commit());
    await writeJson(this.store, `runs/${this.#record.run}.json`, {
      ...this.#record,
      ...git !== undefined && { git },
    });
  }

  /** The run that logs are kept with. */
  get #logged(): string {
    return this.#record!.partOf ?? this.#record!.run;
  }

  #takeUnit(event: RunEvent & Unit): void {
    const key = JSON.stringify([event.step, event.item]);
    const after = (Date.parse(event.at) - this.#startedAt) / 1000;
    if (event.type === "step_started" && event.attempt === 1) {
      this.#open.set(key, { startedAfter: after, reasons: event.reasons });
    } else if (event.type === "metric") {
      const metrics = this.#metrics.get(key) ?? {};
      metrics[event.name] = event.value;
      this.#metrics.set(key, metrics);
    } else if (event.type === "step_finished") {
      if (event.item === undefined && this.#fanOuts.has(event.step)) return;
      const { step, item, status, seconds, artifact, fingerprint, error } = event;
      const opened = this.#open.get(key);
      this.#units.push({
        step,
        ...item !== undefined && { item },
        status,
        startedAfter: opened?.startedAfter ?? Math.max(0, after - seconds),
        seconds,
        ...opened?.reasons && { reasons: opened.reasons },
        ...artifact && { artifact },
        ...fingerprint !== undefined && { fingerprint },
        metrics: this.#metrics.get(key) ?? {},
        ...error && { error: error.message },
      });
      this.#open.delete(key);
      this.#metrics.delete(key);
    }
  }
}
