/** The server's log: one line of JSON an event. */

import type { Level } from "../contract.ts";
import { isoTime } from "./timestamp.ts";

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
    const { now, write } = this.options;
    const rest = JSON.stringify(withMessages(fields));
    let line = `{"time":"${isoTime(now?.().getTime())}","level":"${level}","message":${
      JSON.stringify(message)
    }${rest === "{}" ? "" : ","}${rest.slice(1)}`;
    for (const secret of this.#secrets) line = line.replaceAll(secret, "[secret]");
    write(line + "\n", severity[level] >= severity.warn);
  }
}

/** Errors as their messages; each request has a line, so that fields without one are not copied. */
function withMessages(fields: Readonly<Record<string, unknown>>): object {
  for (const name in fields) {
    if (!(fields[name] instanceof Error)) continue;
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        value instanceof Error ? value.message : value,
      ]),
    );
  }
  return fields;
}
