/** One step or item at work: its context, its time limit, its retries. */

import {
  alarm,
  deriveSeed,
  type PackedError,
  packError,
  Random,
  UserError,
  wait,
} from "../base/mod.ts";
import type { RetryDelay, RunInfo, StepContext, StepOptions } from "./definition.ts";
import type { EventError, Unit, Untimed } from "./events.ts";
import { unitName } from "./graph.ts";

/** What an attempt needs of the run. */
export interface AttemptScope {
  readonly unit: Unit;
  readonly run: RunInfo;
  readonly signal: AbortSignal;
  readonly emit: (event: Untimed) => void;
}

/** What trying again needs of it. */
export interface RetryScope extends AttemptScope {
  /** Aborted when no further try is to start. */
  readonly halt: AbortSignal;
  /** Hears of an error that comes after the end; `false` if the run is over too. */
  readonly late: (error: unknown) => boolean;
  /** Takes the cores that a try needs, and gives them back until the next. */
  readonly cores: { take(): Promise<void>; giveBack(): void };
}

/** What hears of what steps do to their process; a run of which all is kept does without. */
let stepScope: typeof import("./process/step_scope.ts") | undefined;

/** Does something that is not a step's, though it comes from its work. */
export function outside(work: () => void): void {
  if (stepScope) stepScope.outside(work);
  else work();
}

/** The smallest step of progress that is told. */
const FINEST_PROGRESS = 0.001;

/** An error as an event carries it. */
export function eventError(thrown: unknown): EventError {
  return withoutGaps(packError(thrown));
}

function withoutGaps({ name, message, next, stack, cause, errors }: PackedError): EventError {
  return {
    name,
    message,
    ...next !== undefined && { next },
    ...stack !== undefined && { stack },
    ...cause && { cause: withoutGaps(cause) },
    ...errors && { errors: errors.map(withoutGaps) },
  };
}

/** What a step gets to work with. What it tells is made to fit an event, whatever it is. */
export function stepContext({ unit, run, signal, emit }: AttemptScope): StepContext {
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

/**
 * Runs `work` until it succeeds or its tries are used up. Between two tries it holds no cores.
 *
 * @throws what the last try threw; {@link UserError} where its time was up.
 */
export async function attempt(
  work: (context: StepContext) => unknown,
  options: StepOptions<unknown>,
  scope: RetryScope,
): Promise<unknown> {
  const { unit, signal, halt, emit } = scope;
  const tries = 1 + (options.retries ?? 0);
  for (let count = 1;; count++) {
    await scope.cores.take();
    emit({ type: "step_started", ...unit, attempt: count });
    let failure: unknown;
    try {
      const value = await withTimeout(work, options.timeout, scope);
      return options.output === undefined ? value : checked(value, options.output, unit);
    } catch (error) {
      if (signal.aborted || halt.aborted || count === tries) throw error;
      failure = error;
    }
    const delay = retryDelay(options.retryDelay, unit, count);
    const error = eventError(failure);
    emit({ type: "step_retried", ...unit, attempt: count, error, ...delay > 0 && { delay } });
    scope.cores.giveBack();
    if (delay > 0) await wait(delay, halt);
  }
}

/** Seconds before the next try: doubled each time, with a jitter that the unit's name seeds. */
export function retryDelay(
  given: number | RetryDelay | undefined,
  { step, item }: Unit,
  attempt: number,
): number {
  if (given === undefined) return 0;
  const { seconds, factor = 2, longest = Math.max(300, seconds), jitter = 0.1 }: RetryDelay =
    typeof given === "number" ? { seconds: given } : given;
  const letters = [...unitName(step, item)].map((letter) => letter.codePointAt(0)!);
  const share = new Random(deriveSeed(attempt, ...letters)).next();
  return Math.min(seconds * factor ** (attempt - 1), longest) * (1 + jitter * (2 * share - 1));
}

/** Runs `work`; after `seconds` its signal is aborted and the try counts as failed. */
async function withTimeout(
  work: (context: StepContext) => unknown,
  seconds: number | undefined,
  scope: RetryScope,
): Promise<unknown> {
  const { unit, emit } = scope;
  const { inStep } = stepScope ??= await import("./process/step_scope.ts");
  let over = false;
  const stop = new AbortController();
  const hooks = {
    print: (stream: "stdout" | "stderr", text: string) =>
      emit({ type: "output", ...unit, stream, text }),
    fail: (error: Error) => over ? scope.late(error) : stop.abort(error),
  };
  const { promise: timeUp, reject } = Promise.withResolvers<never>();
  using _alarm = seconds === undefined ? undefined : alarm(seconds, () => {
    const late = new UserError(
      `Cannot finish step ${unitName(unit.step, unit.item)} within ${seconds} s`,
      { next: "raise its timeout or give it less to do" },
    );
    stop.abort(late);
    reject(late);
  });
  const signal = AbortSignal.any([scope.signal, stop.signal]);
  const context = stepContext({ ...scope, signal });
  try {
    return await Promise.race([inStep(hooks, () => work(context)), timeUp]);
  } finally {
    over = true;
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
