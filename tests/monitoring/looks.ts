/** Looks at made-up logs. */

import { join } from "@std/path";
import { monitorPass, type PassOptions } from "../../src/monitoring/watch/pass.ts";
import type { MonitorStatus } from "../../src/monitor_files/mod.ts";
import { type LoggedRow, modelsIn } from "./models.ts";

/** Milliseconds of an hour. */
export const HOUR = 3_600_000;
/** The hour after the last row of so many. */
export const after = (rows: number) => new Date(Date.UTC(2026, 10, 2) + 60_000 * rows + HOUR);

/** Looks at the log of a folder. */
export function look(folder: string, now: Date, more: Partial<PassOptions> = {}) {
  return monitorPass({
    ...{ log: join(folder, "log"), models: modelsIn(folder), now, windowMs: HOUR },
    ...{ recentRows: 1000, channels: [], warn: () => {}, signal: new AbortController().signal },
    limits: { maxLatencyMs: 1000, minRows: 0 },
    ...more,
  });
}

/** What a classifier of homes might say, right or wrong by the label. */
export const said = (label: unknown, right = true): LoggedRow => {
  const yes = (label === "yes") === right ? 0.8 : 0.2;
  return {
    prediction: yes > 0.5 ? "yes" : "no",
    probabilities: { no: 1 - yes, yes },
    label: String(label),
  };
};

/** What a look left behind. */
export const status = async (folder: string): Promise<MonitorStatus> =>
  JSON.parse(await Deno.readTextFile(join(folder, "log", "monitoring", "status.json")));
