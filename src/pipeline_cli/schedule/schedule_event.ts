/** What the scheduler tells, one JSON line each in its log. */

/** What all lines about a run time have. */
export interface AboutRun {
  /** Name of the pipeline. */
  readonly pipeline: string;
  /** The time for which it runs, in ISO 8601. */
  readonly due: string;
}

/** How a scheduled run ended. */
export interface RunOutcome {
  /** How; `cancelled` is one that was interrupted by the scheduler. */
  readonly status: "succeeded" | "failed" | "cancelled";
  /** Exit code of its process. */
  readonly exitCode: number;
  /** Id of the run, where it came to one. */
  readonly run?: string;
  /** What failed first. */
  readonly error?: string;
}

/** An event without its time. */
export type UntimedScheduleEvent =
  | { readonly type: "scheduler_started"; readonly pipelines: readonly string[] }
  | { readonly type: "scheduler_stopped" }
  | ({ readonly type: "run_started"; readonly attempt: number } & AboutRun)
  | ({ readonly type: "run_finished"; readonly attempt: number } & RunOutcome & AboutRun)
  /** It is tried again at the time `next`. */
  | ({ readonly type: "retry_planned"; readonly next: string } & AboutRun)
  /** The run before is under way: it waits, is left out, or takes the place of that one. */
  | ({ readonly type: "queued" | "skipped" | "superseding" } & AboutRun)
  /** Nobody looked when its time came. */
  | ({ readonly type: "missed"; readonly action: "skip" | "run-once" } & AboutRun)
  | ({ readonly type: "alerted"; readonly channel: "webhook" | "command" } & AboutRun)
  | ({
    readonly type: "alert_failed";
    readonly channel: "webhook" | "command";
    readonly error: string;
  } & AboutRun);

/** A line of the log, `.dinoflow/schedule/log.jsonl`. */
export type ScheduleEvent = UntimedScheduleEvent & {
  /** When it happened, in ISO 8601. */
  readonly at: string;
};

/** An event in one line for people. */
export function scheduleText(event: ScheduleEvent): string {
  switch (event.type) {
    case "scheduler_started":
      return `scheduling ${event.pipelines.join(", ")}; Ctrl-C ends`;
    case "scheduler_stopped":
      return "the scheduler has stopped";
    case "run_started":
      return `${event.pipeline}: run for ${event.due} started` +
        (event.attempt > 1 ? ` (attempt ${event.attempt})` : "");
    case "run_finished":
      return `${event.pipeline}: run for ${event.due} ${event.status}` +
        (event.error === undefined ? "" : `: ${event.error}`);
    case "retry_planned":
      return `${event.pipeline}: trying again at ${event.next}`;
    case "queued":
      return `${event.pipeline}: run for ${event.due} waits for the one before`;
    case "skipped":
      return `${event.pipeline}: run for ${event.due} left out, the one before is under way`;
    case "superseding":
      return `${event.pipeline}: run for ${event.due} takes the place of the one before`;
    case "missed":
      return `${event.pipeline}: run for ${event.due} was missed, ` +
        (event.action === "skip" ? "waiting for the next" : "running now");
    case "alerted":
      return `${event.pipeline}: failure told by ${event.channel}`;
    case "alert_failed":
      return `warning: ${event.pipeline}: cannot tell the failure by ${event.channel}: ${event.error}`;
  }
}
