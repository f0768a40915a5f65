/** How much work the alerts are. */

import { type StepContext, stepFunction } from "../../src/pipeline/mod.ts";
import type { Concluded, TrainingData } from "../../src/training/mod.ts";

/** What it is counted from. */
interface HeldOutAlerts {
  readonly source: TrainingData;
  readonly concluded: Concluded;
}

/** Tells the mean number of alerts a day among the rows held out, and the most of a day. */
export const alertsPerDay = stepFunction(
  import.meta.url,
  "alertsPerDay",
  (
    { time }: { readonly time: string },
    { source, concluded: { held, conclusion } }: HeldOutAlerts,
    { metric, log }: StepContext,
  ): { readonly mean: number; readonly most: number } => {
    const days = new Map<string, number>();
    const { threshold } = conclusion.alert!;
    held.rows.forEach((row, i) => {
      const day = String(source.table.columns[time][row]).slice(0, 10);
      days.set(day, (days.get(day) ?? 0) + Number(held.predictions[i] >= threshold));
    });
    const counts = [...days.values()];
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    const most = Math.max(...counts);
    metric("alerts_per_day", mean);
    log(`Alerts: ${mean.toFixed(1)} a day, ${most} on the busiest of ${counts.length} days`);
    return { mean, most };
  },
);
