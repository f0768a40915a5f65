/** One step or item at work: its context, its time limit, its retries. */

import { packError, UserError } from "../base/mod.ts";
import type { RunInfo, StepContext, StepOptions } from "./definition.ts";
import type { EventError, Unit, Untimed } from "./events.ts";
import { unitName } from "./graph.ts";

/** What an attempt needs of the run. */
export interface AttemptScope {
  readonly unit: Unit;
  readonly run: RunInfo;
  readonly signal: AbortSignal;
  readonly emit: (event: Untimed) => void;
}

/** The smallest step of progress that is told. */
const FINEST_PROGRESS = 0.001;

/** An error as an event carries it. */
export function eventError(thrown: unknown): EventError {
  const { name, message, next, stack } = packError(thrown);
  return { name, message, ...next !== undefined && { next }, ...stack !== undefined && { stack } };
}

/** What a step gets to work with. */
export function stepContext({ unit, run, signal, emit }: AttemptScope): StepContext {
  let told = -1;
  let toldLabel: string | undefined;
  return {
    signal,
    run,
    progress(done, label) {
      const share = Math.min(Math.max(done, 0), 1);
      if (label === toldLabel && share < 1 && share - told < FINEST_PROGRESS) return;
      told = share;
      toldLabel = label;
      emit({ type: "step_progress", ...unit, done: share, ...label !== undefined && { label } });
    },
    log: (text) => emit({ type: "log", ...unit, text }),
    warn: (text) => emit({ type: "warning", ...unit, text }),
    metric: (name, value) => emit({ type: "metric", ...unit, name, value }),
  };
}

/**
 * Runs `work` until it succeeds or its tries are used up.
 *
 * @throws what the last try threw; {@link UserError} where its time was up.
 */
export async function attempt(
  work: (context: StepContext) => unknown,
  options: StepOptions<unknown>,
  scope: AttemptScope,
): Promise<unknown> {
  const tries = 1 + (options.retries ?? 0);
  for (let count = 1;; count++) {
    scope.emit({ type: "step_started", ...scope.unit, attempt: count });
    try {
      const value = await withTimeout(work, options.timeout, scope);
      return options.output === undefined ? value : checked(value, options.output, scope.unit);
    } catch (error) {
      if (scope.signal.aborted || count === tries) throw error;
      scope.emit({ type: "step_retried", ...scope.unit, attempt: count, error: eventError(error) });
    }
  }
}

/** Runs `work`; after `seconds` its signal is aborted and the try counts as failed. */
async function withTimeout(
  work: (context: StepContext) => unknown,
  seconds: number | undefined,
  scope: AttemptScope,
): Promise<unknown> {
  if (seconds === undefined) return await work(stepContext(scope));
  const late = new UserError(
    `Cannot finish step ${unitName(scope.unit.step, scope.unit.item)} within ${seconds} s`,
    { next: "raise its timeout or give it less to do" },
  );
  const stop = new AbortController();
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    stop.abort(late);
    reject(late);
  }, seconds * 1000);
  try {
    const signal = AbortSignal.any([scope.signal, stop.signal]);
    return await Promise.race([work(stepContext({ ...scope, signal })), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

function checked(value: unknown, schema: NonNullable<StepOptions<unknown>["output"]>, unit: Unit) {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    `${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`
  );
  throw new UserError(
    `Cannot accept the output of step ${unitName(unit.step, unit.item)}: ${faults.join("; ")}`,
    { next: "correct the step or its output schema" },
  );
}
