/** The server's log: one line of JSON an event. */

import type { Level } from "../contract.ts";

const severity: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** How a log is written. */
export interface LoggerOptions {
  /** Least severity that is written. */
  readonly level: Level;
  /** Texts that never appear, whatever is logged. */
  readonly secrets?: readonly string[];
  /** Takes a line with its newline. */
  readonly write: (line: string) => void;
  /** The clock. */
  readonly now?: () => Date;
}

/** Writes lines of the form `{"time":…,"level":…,"message":…, fields…}`. */
export class Logger {
  readonly #secrets: readonly string[];

  /** Takes the options. */
  constructor(private readonly options: LoggerOptions) {
    // As they would stand in a line.
    this.#secrets = (options.secrets ?? []).map((text) => JSON.stringify(text).slice(1, -1));
  }

  /** Whether events of this severity are written. */
  hears(level: Level): boolean {
    return severity[level] >= severity[this.options.level];
  }

  /** Writes an event. Errors among the fields become their message. */
  log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (!this.hears(level)) return;
    const { now = () => new Date(), write } = this.options;
    let line = JSON.stringify(
      { time: now().toISOString(), level, message, ...fields },
      (_, value) => value instanceof Error ? value.message : value,
    );
    for (const secret of this.#secrets) line = line.replaceAll(secret, "[secret]");
    write(line + "\n");
  }
}
