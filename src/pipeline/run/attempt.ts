/** One step or item at work: its context, its time limit, its retries. */

import { alarm, deriveSeed, eventError, Random, UserError, wait } from "../../base/mod.ts";
import type { RetryDelay, StepContext, StepOptions } from "../define/step.ts";
import type { Unit } from "../../run_events/mod.ts";
import { unitName } from "../define/graph.ts";
import { loadStepScope } from "../process/outside.ts";
import { type ContextScope, stepContext } from "../define/step_context.ts";

/** What trying again needs of the run. */
export interface RetryScope extends ContextScope {
  /** Aborted when no further try is to start. */
  readonly halt: AbortSignal;
  /** Hears of an error that comes after the end; `false` if the run is over too. */
  readonly late: (error: unknown) => boolean;
  /** Takes the cores that a try needs, and gives them back until the next. */
  readonly cores: { take(): Promise<void>; giveBack(): void };
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
  const { inStep } = await loadStepScope();
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
