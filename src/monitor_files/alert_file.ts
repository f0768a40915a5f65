/** The file of alerts, and who asked not to be told. */

import { join } from "@std/path";
import { z } from "zod";
import {
  appendJsonLines,
  DataError,
  endOfFile,
  ifPresent,
  jsonLines,
  parsedJson,
} from "../base/mod.ts";
import type { AlertRecord } from "./alert.ts";

/** A wish not to be told of alerts for a time. */
export interface Silence {
  /** Alerts of this kind; of any if it is left out. */
  readonly alert_type?: string;
  /** Alerts of this model, as `model_name` or `<model_name>_v_<version>`; of any if left out. */
  readonly model?: string;
  /** Until when, ISO 8601. */
  readonly until: string;
  /** Who asked for it. */
  readonly by?: string;
  /** The reason that was given. */
  readonly why?: string;
}

const silences: z.ZodType<readonly Silence[]> = z.array(z.object({
  alert_type: z.string().optional(),
  model: z.string().optional(),
  until: z.iso.datetime({ offset: true }),
  by: z.string().optional(),
  why: z.string().optional(),
}));

/** Bytes at the end of the file in which a line that was written before a kill is looked for. */
const TAIL = 1 << 18;
/** Bytes from which on a new file is begun. */
const MOST_BYTES = 16 << 20;

/** Folder of what monitoring keeps, below that of the log. */
export const monitoringFolder = (log: string): string => join(log, "monitoring");

/** Path of the alerts of a log. */
export const alertFile = (log: string): string => join(log, "alerts.jsonl");

/**
 * Appends alerts that are not there yet, so that what a killed process had
 * written is written once.
 */
export async function appendAlerts(log: string, alerts: readonly AlertRecord[]): Promise<void> {
  if (alerts.length === 0) return;
  const path = alertFile(log);
  await Deno.mkdir(log, { recursive: true });
  const known = new Set(alertsIn(await endOfFile(path, TAIL)).map(({ id }) => id));
  const fresh = alerts.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return;
  await appendJsonLines(path, fresh);
  if ((await Deno.stat(path)).size > MOST_BYTES) await Deno.rename(path, `${path}.old`);
}

/** Puts the alerts of a log aside, in a file beside theirs; how many of the latest there were. */
export async function clearAlerts(log: string): Promise<number> {
  const { length } = await readAlerts(log);
  await ifPresent(Deno.rename(alertFile(log), `${alertFile(log)}.old`));
  return length;
}

/** The alerts of a log, oldest first; of a long file the latest. */
export async function readAlerts(log: string): Promise<AlertRecord[]> {
  return alertsIn(await endOfFile(alertFile(log), 4 * TAIL));
}

/** The first line may be cut where the end of the file begins. */
function alertsIn(text: string): AlertRecord[] {
  return jsonLines(text) as AlertRecord[];
}

/**
 * The silences that are in force.
 *
 * @throws {DataError} if the file is not what it should be.
 */
export async function readSilences(log: string, now: Date): Promise<readonly Silence[]> {
  const path = join(monitoringFolder(log), "silences.json");
  const text = await ifPresent(Deno.readTextFile(path));
  if (text === undefined) return [];
  const found = silences.safeParse(parsedJson(text));
  if (found.success) return found.data.filter(({ until }) => Date.parse(until) > now.getTime());
  throw new DataError(`Cannot read ${path}: it is no list of silences`, {
    next: 'write [{"alert_type": "data_drift", "until": "2026-12-31T00:00:00Z"}], or remove it',
  });
}

/** Whether nobody wants to be told of an alert. */
export function isSilenced(
  { alert_type, model_name, model_version }: AlertRecord,
  silenced: readonly Silence[],
): boolean {
  return silenced.some((one) =>
    (one.alert_type ?? alert_type) === alert_type &&
    [undefined, model_name, `${model_name}_v_${model_version}`].includes(one.model)
  );
}
