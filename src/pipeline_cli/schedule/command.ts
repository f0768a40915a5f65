/** `deno task pipeline schedule`: what it does with the pipelines of a folder. */

import { EXIT_INTERRUPTED, join, packError, UsageError } from "../../base/mod.ts";
import { listPipelines, loadPipeline } from "../../pipeline/mod.ts";
import { systemClock, Timetable } from "../../timetable/mod.ts";
import type { Scheduled } from "./job.ts";
import { type RunnerOptions, runScheduled } from "./run_scheduled.ts";
import { type ScheduleEvent, scheduleText, type UntimedScheduleEvent } from "./schedule_event.ts";
import { ScheduleState } from "./schedule_state.ts";
import { schedule, scheduleOnce } from "./scheduler.ts";

/** What is asked of the scheduler. */
export interface ScheduleRequest {
  /** Names of the pipelines; all that have a schedule if there is none. */
  readonly pipelines: readonly string[];
  /** Runs what is due and ends. */
  readonly once: boolean;
  /** Only shows the next times. */
  readonly list: boolean;
  /** Writes JSON. */
  readonly json: boolean;
}

/** Where the scheduler works. */
export interface ScheduleOptions extends RunnerOptions {
  /** Folder of the pipeline files. */
  readonly folder: string;
  /** Folder where times and log are kept. */
  readonly home: string;
  /** Ends the scheduler. */
  readonly signal?: AbortSignal;
}

const EXIT_DONE = 0;
const EXIT_FAILED = 1;

/** Times that the list shows for each pipeline. */
const LISTED = 3;

/**
 * Lists the next times, runs what is due, or stays and runs pipelines when their times
 * come. Schedules are read at the start; each run loads its pipeline anew.
 *
 * @throws {UsageError} if nothing is scheduled, or a schedule has no meaning.
 */
export async function runSchedule(
  request: ScheduleRequest,
  options: ScheduleOptions,
): Promise<number> {
  const { home, stdout, stderr } = options;
  const pipelines = await scheduledPipelines(request.pipelines, options);
  if (request.list) {
    for (const pipeline of pipelines) stdout.write(listLine(pipeline, request.json));
    return EXIT_DONE;
  }
  const folder = join(home, "schedule");
  using state = await ScheduleState.open(folder);
  const log = join(folder, "log.jsonl");
  const emit = (untimed: UntimedScheduleEvent) => {
    const event: ScheduleEvent = { at: systemClock.now().toISOString(), ...untimed };
    Deno.writeTextFileSync(log, `${JSON.stringify(event)}\n`, { append: true });
    if (request.json) stdout.write(`${JSON.stringify(event)}\n`);
    else stderr.write(`${scheduleText(event)}\n`);
  };
  const signal = options.signal ?? new AbortController().signal;
  const silent = { write: () => {}, size: () => undefined };
  const runner = request.json ? { ...options, stdout: silent } : options;
  const scheduler = {
    pipelines,
    clock: systemClock,
    state,
    emit,
    signal,
    run: (job: Scheduled, signal: AbortSignal) => runScheduled(job, signal, runner),
  };
  if (!request.once) await schedule(scheduler);
  else if (!await scheduleOnce(scheduler) && !signal.aborted) return EXIT_FAILED;
  return signal.aborted ? EXIT_INTERRUPTED : EXIT_DONE;
}

/** The pipelines that have a schedule; one that is asked for by name must have one. */
async function scheduledPipelines(
  wanted: readonly string[],
  { folder, stderr }: ScheduleOptions,
): Promise<Scheduled[]> {
  const found: Scheduled[] = [];
  for (const name of wanted.length > 0 ? wanted : await listPipelines(folder)) {
    try {
      const pipeline = await loadPipeline(folder, name);
      const given = typeof pipeline.schedule === "string"
        ? { cron: pipeline.schedule }
        : pipeline.schedule;
      if (given) found.push({ name, schedule: given, timetable: new Timetable(name, given) });
      else if (wanted.length > 0) throw notScheduled(`pipeline "${name}"`);
    } catch (error) {
      if (wanted.length > 0) throw error;
      stderr.write(`warning: ${packError(error).message}\n`);
    }
  }
  if (found.length === 0) throw notScheduled(`any pipeline of ${folder}`);
  return found;
}

function notScheduled(what: string): UsageError {
  return new UsageError(`Cannot schedule ${what}: it says no time`, {
    next: 'give it one beside its description, as schedule: "0 2 * * 0"',
  });
}

function listLine({ name, schedule, timetable }: Scheduled, json: boolean): string {
  const times: Date[] = [];
  for (let at = new Date(); times.length < LISTED;) {
    const next = timetable.next(at);
    if (next === undefined) break;
    times.push(at = next);
  }
  const { pattern: cron, timeZone } = timetable;
  const { overlap = "skip", missed = "skip" } = schedule;
  if (json) {
    const next = times.map((time) => time.toISOString());
    return `${JSON.stringify({ pipeline: name, cron, timeZone, overlap, missed, next })}\n`;
  }
  const format = Intl.DateTimeFormat("sv-SE", {
    dateStyle: "short",
    timeStyle: "medium",
    timeZone,
  });
  const shown = times.map((time) => `  ${format.format(time)} ${timeZone}\n`);
  return `${name}  ${cron}  (overlap ${overlap}, missed ${missed})\n${shown.join("")}`;
}
