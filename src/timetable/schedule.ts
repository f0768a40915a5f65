/** When a pipeline runs by itself, and what happens when it cannot. */

/** Who hears of a scheduled run that failed for good. */
export interface Alert {
  /** Address that the failure is sent to with POST, as JSON: a `FailureReport`. */
  readonly webhook?: string;
  /**
   * Program with its arguments that gets the same JSON on its standard input. The task
   * must be allowed to run it: add it to `--allow-run`.
   */
  readonly command?: readonly string[];
}

/** A value that a parameter can have on the command line. */
export type CommandLineValue = string | number | boolean | null;

/** When a pipeline runs by itself. */
export interface Schedule {
  /**
   * A cron pattern: minute, hour, day of the month, month, day of the week; with six
   * fields the first is the second. `0 2 * * 0` is Sunday at two in the morning.
   */
  readonly cron: string;
  /** Time zone of the pattern, as `Europe/Berlin`; that of the machine by default. */
  readonly timeZone?: string;
  /**
   * When a run is due while the one before is under way: `skip` (the default) leaves the
   * new one out, `queue` runs it afterwards (one waits at most), `cancel-previous`
   * interrupts the old one; its finished steps are kept.
   */
  readonly overlap?: "skip" | "queue" | "cancel-previous";
  /**
   * When run times have passed while the scheduler or the machine was down: `skip` (the
   * default) waits for the next, `run-once` runs at once, one time for all of them. A run
   * that the scheduler's end has interrupted counts as passed.
   */
  readonly missed?: "skip" | "run-once";
  /** Parameters of its runs; those left out take their defaults. */
  readonly params?: Readonly<Record<string, CommandLineValue | readonly CommandLineValue[]>>;
  /** How often a run that failed is tried again; 0 by default. Finished steps are kept. */
  readonly retries?: number;
  /** Seconds before the first retry, doubled for each further; 60 by default. */
  readonly backoff?: number;
  /** Who hears of a run that failed for good: all that end with another exit code than 0. */
  readonly onFailure?: Alert;
}
