/** What a step or a resource gets to work with. */

import type { RunInfo, Unit, Untimed } from "../../run_events/mod.ts";
import type { StepContext } from "./step.ts";

/** What a context needs of the run. */
export interface ContextScope {
  readonly unit: Unit;
  readonly run: RunInfo;
  readonly signal: AbortSignal;
  readonly emit: (event: Untimed) => void;
  /** Hears that the output is not to be kept. */
  readonly forget?: () => void;
}

/** The smallest step of progress that is told. */
const FINEST_PROGRESS = 0.001;

/** What a step gets to work with. What it tells is made to fit an event, whatever it is. */
export function stepContext(
  { unit, run, signal, emit, forget = () => {} }: ContextScope,
): StepContext {
  let told = -1;
  let toldLabel: string | undefined;
  const warn = (text: unknown) => emit({ type: "warning", ...unit, text: textOf(text) });
  return {
    signal,
    run,
    progress(done, given) {
      const label = given === undefined ? undefined : textOf(given);
      const share = Number.isNaN(Number(done)) ? Math.max(told, 0) : Number(done);
      const bounded = Math.min(Math.max(share, 0), 1);
      if (label === toldLabel && bounded < 1 && bounded - told < FINEST_PROGRESS) return;
      told = bounded;
      toldLabel = label;
      emit({ type: "step_progress", ...unit, done: bounded, ...label !== undefined && { label } });
    },
    log: (text) => emit({ type: "log", ...unit, text: textOf(text) }),
    warn,
    forget,
    metric(name, value) {
      if (Number.isFinite(value)) emit({ type: "metric", ...unit, name: textOf(name), value });
      else {warn(
          `Cannot record the metric ${textOf(name)}: it is ${textOf(value)}, no finite number`,
        );}
    },
  };
}

function textOf(given: unknown): string {
  return typeof given === "string" ? given : Deno.inspect(given);
}
