/** The server's log: one line of JSON an event. */

import type { Level } from "../contract.ts";

const severity: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** How a log is written. */
export interface LoggerOptions {
  /** Least severity that is written. */
  readonly level: Level;
  /** Texts that never appear, whatever is logged. */
  readonly secrets?: readonly string[];
  /** Takes a line with its newline, and whether it should not wait for others. */
  readonly write: (line: string, urgent: boolean) => void;
  /** The clock. */
  readonly now?: () => Date;
}

/** Writes lines of the form `{"time":…,"level":…,"message":…, fields…}`. */
export class Logger {
  #secrets: readonly string[] = [];

  /** Takes the options. */
  constructor(private readonly options: LoggerOptions) {
    this.hide(options.secrets ?? []);
  }

  /** More texts that appear no more. */
  hide(secrets: readonly string[]): void {
    // As they would stand in a line.
    const texts = secrets.map((text) => JSON.stringify(text).slice(1, -1));
    this.#secrets = [...new Set([...this.#secrets, ...texts])];
  }

  /** Whether events of this severity are written. */
  hears(level: Level): boolean {
    return severity[level] >= severity[this.options.level];
  }

  /** Writes an event. Errors among the fields become their message. */
  log(level: Level, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
    if (!this.hears(level)) return;
    const { now = () => new Date(), write } = this.options;
    const event: Record<string, unknown> = { time: now().toISOString(), level, message };
    for (const name in fields) {
      const value = fields[name];
      event[name] = value instanceof Error ? value.message : value;
    }
    let line = JSON.stringify(event);
    for (const secret of this.#secrets) line = line.replaceAll(secret, "[secret]");
    write(line + "\n", severity[level] >= severity.warn);
  }
}
