/**
 * When something is due by a cron pattern in its time zone, and a clock to wait by.
 *
 * @module
 */

export { type Clock, sleepUntil, systemClock } from "./clock.ts";
export { type Due, Timetable } from "./due.ts";
export type { Alert, CommandLineValue, Schedule } from "./schedule.ts";
export { zonedPattern } from "./zoned_pattern.ts";
