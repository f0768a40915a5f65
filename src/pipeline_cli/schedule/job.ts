/** One scheduled pipeline: its runs, their retries, and what to do when they overlap. */

import { packError } from "../../base/mod.ts";
import { channelsOf } from "./alert.ts";
import {
  type Clock,
  type Due,
  type Schedule,
  sleepUntil,
  type Timetable,
} from "../../timetable/mod.ts";
import type { RunOutcome, UntimedScheduleEvent } from "./schedule_event.ts";
import type { ScheduleState } from "./schedule_state.ts";

/** A pipeline with its schedule. */
export interface Scheduled {
  /** Name of the pipeline. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly timetable: Timetable;
}

/** What a job needs of the scheduler. */
export interface JobScope {
  readonly clock: Clock;
  readonly state: ScheduleState;
  /** Runs a pipeline once; an abort of the signal interrupts it. */
  readonly run: (job: Scheduled, signal: AbortSignal) => Promise<RunOutcome>;
  readonly emit: (event: UntimedScheduleEvent) => void;
  /** Ends all runs. */
  readonly signal: AbortSignal;
}

/** Exit code of a step's failure; others say that trying again does not help. */
const EXIT_FAILED = 1;

const DEFAULT_BACKOFF = 60;

/** A run that could not even be started: told as one that failed, the scheduler goes on. */
function startFailure(error: unknown): RunOutcome {
  return { status: "failed", exitCode: EXIT_FAILED, error: packError(error).message };
}

/** The runs of one pipeline. */
export class ScheduledPipeline {
  #current: { readonly stop: AbortController; readonly done: Promise<boolean> } | undefined;
  #waiting: Date | undefined;
  #cursor: Date;

  /** Takes the pipeline; times up to the kept one, or to now, are dealt with. */
  constructor(private readonly job: Scheduled, private readonly scope: JobScope) {
    this.#cursor = scope.state.handled(job.name) ?? scope.clock.now();
  }

  /** When it runs next. */
  get next(): Date | undefined {
    return this.job.timetable.next(this.#cursor);
  }

  /** Keeps where the job starts from, the first time that it is seen. */
  async begin(): Promise<void> {
    const { state } = this.scope;
    if (state.handled(this.job.name) === undefined) await state.handle(this.job.name, this.#cursor);
  }

  /** Starts what is due now; `late` takes missed times as well. */
  async look(late: boolean): Promise<void> {
    const { name, schedule, timetable } = this.job;
    const now = this.scope.clock.now();
    const due = timetable.due(this.#cursor, now);
    this.#cursor = now;
    if (due === undefined) return;
    if (!due.missed || late) return this.#take(due);
    const { missed: action = "skip" } = schedule;
    this.scope.emit({ type: "missed", action, ...this.#about(due.at) });
    if (action === "run-once") this.#take(due);
    else await this.scope.state.handle(name, now);
  }

  /** Whether its runs succeeded, once all are done. */
  async done(): Promise<boolean> {
    let succeeded = true;
    for (let current = this.#current; current; current = this.#current) {
      succeeded = await current.done && succeeded;
    }
    return succeeded;
  }

  #about(due: Date) {
    return { pipeline: this.job.name, due: due.toISOString() };
  }

  #take({ at }: Due): void {
    const { emit } = this.scope;
    if (this.#current === undefined) return this.#start(at);
    const { overlap = "skip" } = this.job.schedule;
    if (overlap === "skip" || overlap === "queue" && this.#waiting !== undefined) {
      return emit({ type: "skipped", ...this.#about(at) });
    }
    this.#waiting = at;
    emit({ type: overlap === "queue" ? "queued" : "superseding", ...this.#about(at) });
    if (overlap === "cancel-previous") this.#current.stop.abort();
  }

  #start(due: Date): void {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.scope.signal]);
    const done = this.#run(due, signal).finally(() => {
      this.#current = undefined;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting !== undefined && !this.scope.signal.aborted) this.#start(waiting);
    });
    this.#current = { stop, done };
  }

  /** Runs until it succeeds or its tries are used up. */
  async #run(due: Date, signal: AbortSignal): Promise<boolean> {
    const { clock, emit, state } = this.scope;
    const { retries = 0, backoff = DEFAULT_BACKOFF } = this.job.schedule;
    const about = this.#about(due);
    for (let attempt = 1;; attempt++) {
      emit({ type: "run_started", attempt, ...about });
      const outcome = await this.scope.run(this.job, signal).catch(startFailure);
      const { status, exitCode } = outcome;
      const again = exitCode === EXIT_FAILED && attempt <= retries && !signal.aborted;
      // What the scheduler's end has interrupted is not dealt with: it counts as missed.
      const interrupted = this.scope.signal.aborted && status !== "succeeded";
      // Times that were left out meanwhile are dealt with too, one that waits is not.
      const until = this.#waiting === undefined ? this.#cursor : due;
      if (!again && !interrupted) await state.handle(this.job.name, until);
      emit({ type: "run_finished", attempt, ...outcome, ...about });
      if (!again) {
        if (status === "failed" && !interrupted) await this.#alert(about, attempt, outcome);
        return status === "succeeded";
      }
      const next = new Date(clock.now().getTime() + backoff * 1000 * 2 ** (attempt - 1));
      emit({ type: "retry_planned", next: next.toISOString(), ...about });
      await sleepUntil(clock, next, signal);
      if (signal.aborted) return false;
    }
  }

  async #alert(
    about: { readonly pipeline: string; readonly due: string },
    attempts: number,
    { exitCode, run, error }: RunOutcome,
  ): Promise<void> {
    const report = {
      ...about,
      attempts,
      exitCode,
      ...run !== undefined && { run },
      ...error !== undefined && { error },
    };
    for (const { channel, tell } of channelsOf(this.job.schedule.onFailure ?? {})) {
      try {
        await tell(report);
        this.scope.emit({ type: "alerted", channel, ...about });
      } catch (error) {
        const { message } = packError(error);
        this.scope.emit({ type: "alert_failed", channel, error: message, ...about });
      }
    }
  }
}
