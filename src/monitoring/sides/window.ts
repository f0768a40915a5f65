/** Which part of the prediction log is looked at. */

import { UsageError } from "../../base/mod.ts";
import { parseMoment } from "../../dataset/mod.ts";

/** From a moment on, before another. */
export interface Window {
  /** First moment that counts. */
  readonly from?: Date;
  /** First moment after it. */
  readonly to?: Date;
}

const units: Readonly<Record<string, number>> = { m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 };

/**
 * The window that the parameters name.
 *
 * @param now When the run started.
 * @throws {UsageError} if a text is no duration or moment, both ways to begin are given, or
 * the window ends before it begins.
 */
export function windowOf(
  { since, from, to }: { readonly since: string; readonly from: string; readonly to: string },
  now: Date,
): Window {
  if (since !== "" && from !== "") {
    throw new UsageError("Cannot choose a window: both since and from are given", {
      next: "give one of them",
    });
  }
  const begin = since !== "" ? new Date(now.getTime() - duration(since)) : moment("from", from);
  const end = moment("to", to);
  if (begin !== undefined && end !== undefined && begin >= end) {
    throw new UsageError(
      `Cannot choose a window: it ends (${end.toISOString()}) before it begins ` +
        `(${begin.toISOString()})`,
      { next: "give a later to" },
    );
  }
  return { from: begin, to: end };
}

/** The window in words. */
export function windowText({ from, to }: Window): string {
  const text = (date: Date) => `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (from === undefined && to === undefined) return "all of it";
  if (to === undefined) return `since ${text(from!)}`;
  return from === undefined ? `until ${text(to)}` : `${text(from)} to ${text(to)}`;
}

function duration(text: string): number {
  const [, count, unit] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  if (unit === undefined || Number(count) === 0) {
    throw new UsageError(`Cannot read since=${text}: it is no duration`, {
      next: "write a number with m, h, d or w, as 24h",
    });
  }
  return Number(count) * units[unit];
}

function moment(name: string, text: string): Date | undefined {
  if (text === "") return undefined;
  const found = new Date(parseMoment(text));
  if (Number.isNaN(found.getTime())) {
    throw new UsageError(`Cannot read ${name}=${text}: it is no moment`, {
      next: "write it as 2026-01-31 or 2026-01-31T12:00:00Z",
    });
  }
  return found;
}
