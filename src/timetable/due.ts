/** Which times of a schedule have come. */

import { UsageError } from "../base/mod.ts";
import { Cron } from "croner";
import { offsetAt, transitionIn } from "./zone.ts";
import type { Schedule } from "./schedule.ts";

/** A time that has come by less than this is on time; scheduler and machine may be busy. */
const ON_TIME = 60_000;

/** By how much a clock is put back at most, in milliseconds, and how often until a pattern comes. */
const LONGEST_CHANGE = 26 * 3600_000;
const MOST_CHANGES = 1000;

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
  /** The pattern on a clock that never changes. */
  readonly #cron: Cron;
  /** Whether it runs at every so many minutes or hours, and not at a time of the day. */
  readonly #everySo: boolean;

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
      this.#cron = new Cron(cron, { timezone: "UTC", paused: true });
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.replace(/^CronPattern: /, "") : "";
      throw wrong(
        `its pattern "${cron}" has no meaning (${reason})`,
        'write minute, hour, day, month, weekday, as "0 2 * * 0"',
        cause,
      );
    }
    const [minute, hour] = cron.trim().split(/\s+/).slice(-5);
    this.#everySo = [minute, hour ?? "*"].some((field) =>
      field.startsWith("*") || field === "@hourly"
    );
    if (this.#cron.nextRun() === null) {
      throw wrong(`its pattern "${cron}" never comes again`, "correct its day and month");
    }
  }

  /**
   * The first time after `from`, by cron's rules if the clock is changed: a time of the day
   * that is left out has come when the clock is put forward, one that is there twice comes once;
   * what runs every so many minutes or hours follows the clock as it is.
   *
   * Reference: crontab(5) and cron(8) of Vixie cron, "daylight saving time".
   */
  next(from: Date): Date | undefined {
    let at = from.getTime();
    let offset = offsetAt(this.timeZone, at);
    // A start in an hour that is there twice: its times of the day came the first time.
    const back = transitionIn(this.timeZone, at - LONGEST_CHANGE, at);
    let clock = at + offset;
    if (back !== undefined && !this.#everySo) {
      const before = offsetAt(this.timeZone, back - 1);
      clock = Math.max(clock, back + before - 1000);
    }
    for (let change = 0; change < MOST_CHANGES; change++) {
      const found = this.#cron.nextRun(new Date(clock))?.getTime();
      if (found === undefined) return undefined;
      const time = found - offset;
      const transition = transitionIn(this.timeZone, at, time);
      if (transition === undefined) return new Date(time);
      const after = offsetAt(this.timeZone, transition);
      const leftOut = found < transition + after;
      if (leftOut && !this.#everySo) return new Date(transition);
      const since = this.#everySo ? after : Math.max(offset, after);
      [at, offset, clock] = [transition, after, transition + since - 1000];
    }
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
