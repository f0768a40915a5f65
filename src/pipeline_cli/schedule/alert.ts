/** Tells of scheduled runs that failed. */

import { ServiceError, UserError } from "../../base/mod.ts";
import type { Alert } from "../../timetable/mod.ts";

/** Milliseconds that a webhook or command has. */
const PATIENCE = 10_000;

/** What a webhook or command gets. */
export interface FailureReport {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** The time for which it ran, in ISO 8601. */
  readonly due: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** Exit code of the last try. */
  readonly exitCode: number;
  /** Id of the last try's run, for `deno task pipeline show`. */
  readonly run?: string;
  /** What failed first. */
  readonly error?: string;
}

/** Sends a report to a webhook. @throws {ServiceError} for an answer that is no success. */
async function tellWebhook(url: string, report: FailureReport): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(report),
    signal: AbortSignal.timeout(PATIENCE),
  });
  await response.body?.cancel();
  if (!response.ok) {
    throw new ServiceError(`Cannot post to ${new URL(url).host}: it answered ${response.status}`);
  }
}

/** Gives a report to a program. @throws {UserError} for one that fails. */
async function tellCommand(
  [program, ...args]: readonly string[],
  report: FailureReport,
): Promise<void> {
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "null",
    stderr: "inherit",
    signal: AbortSignal.timeout(PATIENCE),
  }).spawn();
  const writer = child.stdin.getWriter();
  // A program that does not read its input is no failure.
  await writer.write(new TextEncoder().encode(JSON.stringify(report))).catch(() => {});
  await writer.close().catch(() => {});
  const { success, code } = await child.status;
  if (!success) throw new UserError(`Cannot alert with ${program}: it ended with ${code}`);
}

/** The ways of telling that an alert names. */
export function channelsOf({ webhook, command }: Alert): {
  readonly channel: "webhook" | "command";
  readonly tell: (report: FailureReport) => Promise<void>;
}[] {
  return [
    ...webhook === undefined ? [] : [{
      channel: "webhook" as const,
      tell: (report: FailureReport) => tellWebhook(webhook, report),
    }],
    ...command === undefined || command.length === 0 ? [] : [{
      channel: "command" as const,
      tell: (report: FailureReport) => tellCommand(command, report),
    }],
  ];
}
