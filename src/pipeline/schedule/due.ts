/** Which times of a schedule have come. */

import { UsageError } from "../../base/mod.ts";
import { Cron } from "croner";
import type { Schedule } from "./schedule.ts";

/** A time that has come by less than this is on time; scheduler and machine may be busy. */
const ON_TIME = 60_000;

/** A time of a schedule that has come. */
export interface Due {
  /** The time. */
  readonly at: Date;
  /** Whether it came while nobody looked. */
  readonly missed: boolean;
}

/** The times of a schedule. */
export class Timetable {
  /** The pattern. */
  readonly pattern: string;
  /** The zone in which it is read. */
  readonly timeZone: string;
  readonly #cron: Cron;

  /**
   * Reads a pattern.
   *
   * @throws {UsageError} for one that has no meaning or never comes, or a zone that does not exist.
   */
  constructor(pipeline: string, { cron, timeZone }: Schedule) {
    this.pattern = cron;
    this.timeZone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const wrong = (what: string, next: string, cause?: unknown) =>
      new UsageError(`Cannot schedule pipeline "${pipeline}": ${what}`, { next, cause });
    try {
      Intl.DateTimeFormat("en", { timeZone });
    } catch (cause) {
      throw wrong(`there is no time zone "${timeZone}"`, "write it as Europe/Berlin or UTC", cause);
    }
    try {
      this.#cron = new Cron(cron, { timezone: this.timeZone, paused: true });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, "") : "";
      throw wrong(
        `its pattern "${cron}" has no meaning (${reason})`,
        'write minute, hour, day, month, weekday, as "0 2 * * 0"',
        cause,
      );
    }
    if (this.#cron.nextRun() === null) {
      throw wrong(`its pattern "${cron}" never comes again`, "correct its day and month");
    }
  }

  /** The first time after `from`. */
  next(from: Date): Date | undefined {
    return this.#cron.nextRun(from) ?? undefined;
  }

  /** The time to run for in the span after `since` up to `now`; several count as one. */
  due(since: Date, now: Date): Due | undefined {
    const recent = new Date(Math.max(since.getTime(), now.getTime() - ON_TIME));
    const onTime = this.next(recent);
    if (onTime !== undefined && onTime <= now) return { at: onTime, missed: false };
    const first = this.next(since);
    if (first !== undefined && first <= now) return { at: first, missed: true };
  }
}
