/** Retraining by the clock: `RETRAIN_SCHEDULE`. */

import { sleepUntil, systemClock, Timetable, zonedPattern } from "../../src/timetable/mod.ts";

/** What is started, and who hears that it was not. */
export interface ScheduledRetrainingOptions {
  /** The setting; empty for none. */
  readonly schedule: string;
  readonly start: () => Promise<unknown>;
  /** Hears why one was left out, as while another training runs. */
  readonly onLeftOut: (reason: string) => void;
}

/**
 * Starts a retraining of all models whenever it is due, until the signal. One
 * that is due while another training runs is left out: the next one comes.
 *
 * @throws {UsageError} if the schedule has no meaning.
 */
export function retrainBySchedule(
  { schedule, start, onLeftOut }: ScheduledRetrainingOptions,
  signal: AbortSignal,
): Promise<void> {
  const given = zonedPattern(schedule);
  return given === undefined
    ? Promise.resolve()
    : repeat(new Timetable("retrain", given), start, onLeftOut, signal);
}

async function repeat(
  timetable: Timetable,
  start: () => Promise<unknown>,
  onLeftOut: (reason: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let at = systemClock.now(); !signal.aborted;) {
    const next = timetable.next(at);
    if (next === undefined) return;
    await sleepUntil(systemClock, next, signal);
    if (signal.aborted) return;
    // Times that passed while the machine slept count as one.
    at = systemClock.now();
    try {
      await start();
    } catch (error) {
      onLeftOut(error instanceof Error ? error.message : String(error));
    }
  }
}
