/** Events of pipeline runs as log lines. */

import type { EventError, RunEvent } from "../run_events/mod.ts";
import { maskedText } from "../base/mod.ts";

/**
 * A line for an event; undefined for one that says too little to be kept, as how far a step is.
 *
 * @param run Id and pipeline of the run that it belongs to.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const at = "2026-11-29T10:00:00.000Z";
 * const line = runEventLine({ at, type: "warning", step: "load", text: "3 rows are cut" });
 * assertEquals(JSON.parse(line!), {
 *   ...{ time: at, level: "warn", message: "3 rows are cut", event: "warning", step: "load" },
 * });
 * ```
 */
export function runEventLine(
  event: RunEvent,
  run: { readonly run?: string; readonly pipeline?: string } = {},
): string | undefined {
  const told = tell(event);
  if (told === undefined) return undefined;
  const { at, type } = event;
  const unit = "step" in event ? { step: event.step, item: event.item } : {};
  const { level, message, ...fields } = told;
  const line = { time: at, level, message, event: type, ...run, ...unit, ...fields };
  // Events are masked before they are told; what was kept secret since is masked here.
  return maskedText(JSON.stringify(line));
}

interface Told {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly [field: string]: unknown;
}

function tell(event: RunEvent): Told | undefined {
  switch (event.type) {
    case "run_started":
      return { level: "info", message: `run ${event.run} started`, params: event.params };
    case "run_finished": {
      const { run, status, seconds } = event;
      const level = status === "failed" ? "error" : "info";
      return { level, message: `run ${run} ${status}`, status, ms: seconds * 1000 };
    }
    case "step_retried":
      return { level: "warn", message: "step failed and is tried again", ...reasons(event.error) };
    case "step_finished": {
      const { status, seconds, error, fingerprint } = event;
      const level = status === "failed" ? "error" : "info";
      const more = error === undefined ? {} : reasons(error);
      return { level, message: `step ${status}`, status, ms: seconds * 1000, fingerprint, ...more };
    }
    case "log":
    case "output":
      return { level: "info", message: event.text };
    case "warning":
      return { level: "warn", message: event.text };
    case "metric":
      return { level: "info", message: "metric", metric: event.name, value: event.value };
    case "error":
      return { level: "error", message: event.error.message, ...reasons(event.error) };
    default:
      return undefined;
  }
}

function reasons({ message, next, stack }: EventError): Record<string, unknown> {
  return { reason: message, next, stack };
}
