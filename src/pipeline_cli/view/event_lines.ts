/** Events of a run in the words that all views share. */

import { unitName } from "../../pipeline/mod.ts";
import type { EventOf, SweepPoint } from "../../run_events/mod.ts";
import { assignments, duration } from "../../terminal/mod.ts";

/** The first line of a run; within a sweep with what varies. */
export function startedLine({ run, sweep }: EventOf<"run_started">): string {
  return `run ${run} started${sweep ? `: ${pointText(sweep)}` : ""}`;
}

/** A combination of a sweep: `rounds=50 seed=1 (1 of 4)`. */
export function pointText({ params, index, count }: Omit<SweepPoint, "id">): string {
  return `${assignments(params)} (${index + 1} of ${count})`;
}

/** One line that tells how a step ended. */
export function finishedLine({ step, item, status, seconds }: EventOf<"step_finished">): string {
  const word = { ran: "done", cached: "CACHED", failed: "FAILED", cancelled: "stopped" }[status];
  return `${unitName(step, item)}: ${word}${status === "cached" ? "" : ` (${duration(seconds)})`}`;
}

/** The last line of a run. */
export function summaryLine(event: EventOf<"run_finished">): string {
  const word = { succeeded: "finished", failed: "failed", cancelled: "interrupted" }[event.status];
  return `run ${event.run} ${word} after ${duration(event.seconds)}`;
}
