/** Functions that can run in a worker, called by name and typed as themselves. */

/** What a running task may do besides its work. */
export interface TaskContext {
  /** Tells the caller how much is done: a share in [0, 1]. */
  progress(done: number): void;
}

/** A function of a module that a {@link WorkerPool} can run in any of its workers. */
export interface Task<Args, Result> {
  /** URL of the module that exports the task. */
  readonly module: string;
  /** Name under which the module exports it. */
  readonly name: string;
  /** The work itself, as a worker calls it. */
  readonly run: (args: Args, context: TaskContext) => Result | Promise<Result>;
}

/**
 * Declares a task. The module must export it under `name`; whoever calls it
 * imports it, so that a reader (and the cache) can see what code it reaches.
 *
 * Arguments and results are cloned between threads, so they are plain data.
 * Arrays over a SharedArrayBuffer are shared, not copied.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const double = task(import.meta.url, "double", (n: number) => 2 * n);
 * assertEquals(await double.run(21, { progress() {} }), 42);
 * ```
 */
export function task<Args, Result>(
  module: string,
  name: string,
  run: Task<Args, Result>["run"],
): Task<Args, Result> {
  return { module, name, run };
}
