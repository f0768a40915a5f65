/** Runs pipelines when their times come. */

import { sleepUntil } from "../../timetable/mod.ts";
import { type JobScope, type Scheduled, ScheduledPipeline } from "./job.ts";

/** What is scheduled and how. */
export interface SchedulerOptions extends JobScope {
  readonly pipelines: readonly Scheduled[];
}

/**
 * Runs pipelines when their times come, until the signal is aborted; then interrupts
 * the runs that are under way and waits for them.
 */
export async function schedule({ pipelines, ...scope }: SchedulerOptions): Promise<void> {
  const { clock, signal, emit } = scope;
  const jobs = pipelines.map((pipeline) => new ScheduledPipeline(pipeline, scope));
  emit({ type: "scheduler_started", pipelines: pipelines.map(({ name }) => name) });
  for (const job of jobs) await job.begin();
  while (!signal.aborted) {
    for (const job of jobs) await job.look(false);
    const times = jobs.flatMap(({ next }) => next?.getTime() ?? []);
    if (times.length === 0) break;
    await sleepUntil(clock, new Date(Math.min(...times)), signal);
  }
  await Promise.all(jobs.map((job) => job.done()));
  emit({ type: "scheduler_stopped" });
}

/**
 * Runs the pipelines whose time has come since they were last looked after, late or
 * not, and ends. For a cron or a scheduler of the system that calls it now and then.
 *
 * @returns Whether all succeeded.
 */
export async function scheduleOnce({ pipelines, ...scope }: SchedulerOptions): Promise<boolean> {
  const jobs = pipelines.map((pipeline) => new ScheduledPipeline(pipeline, scope));
  for (const job of jobs) {
    await job.begin();
    await job.look(true);
  }
  const succeeded = await Promise.all(jobs.map((job) => job.done()));
  return succeeded.every(Boolean);
}
