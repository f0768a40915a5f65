/** A fixed number of worker threads that share a queue of tasks. */

import { unpackError } from "./errors.ts";
import type { Task, TaskContext } from "./task.ts";
import type { FromWorker, ToWorker } from "./worker_main.ts";

/** How one call of a task is watched and stopped. */
export interface TaskOptions {
  /** Stops the task: its worker is ended at once and replaced. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

interface Job {
  readonly message: ToWorker;
  readonly options: TaskOptions;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs tasks on worker threads, first come first served. Workers start when
 * there is work for them and end with {@link WorkerPool.close}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sumTask } from "../../tests/base/sum_task.ts";
 * await using pool = new WorkerPool(2);
 * assertEquals(await pool.run(sumTask, [1, 2, 3]), 6);
 * ```
 */
export class WorkerPool implements AsyncDisposable {
  /** How many workers run at the most. */
  readonly size: number;
  readonly #queue: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Set<Worker>();
  #closed = false;

  /** Takes the number of workers; by default one for each core. */
  constructor(size: number = navigator.hardwareConcurrency) {
    if (!Number.isInteger(size) || size < 1) {
      throw new RangeError(
        `Cannot start a pool of ${size} workers; give a whole number of 1 or more`,
      );
    }
    this.size = size;
  }

  /**
   * Runs `task` with `args` in a worker and gives its result.
   *
   * @throws what the task throws, or the signal's reason when it is stopped.
   */
  run<Args, Result>(
    task: Task<Args, Result>,
    args: Args,
    options: TaskOptions = {},
  ): Promise<Result> {
    if (this.#closed) return Promise.reject(new Error("Cannot run a task in a closed pool"));
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    return new Promise<Result>((resolve, reject) => {
      const message = { module: task.module, name: task.name, args };
      this.#queue.push({ message, options, resolve: resolve as Job["resolve"], reject });
      this.#next();
    });
  }

  /** Ends all workers. Tasks that have not finished are rejected. */
  close(): void {
    this.#closed = true;
    for (const worker of [...this.#idle, ...this.#busy]) worker.terminate();
    for (const job of this.#queue.splice(0)) {
      job.reject(new Error("Pool closed before the task ran"));
    }
    this.#idle.length = 0;
    this.#busy.clear();
  }

  /** Closes the pool at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#busy.size < this.size) {
      const job = this.#queue.shift()!;
      const { signal } = job.options;
      if (signal?.aborted) job.reject(signal.reason);
      else this.#start(job, this.#idle.pop() ?? newWorker());
    }
  }

  #start(job: Job, worker: Worker): void {
    const { signal, onProgress } = job.options;
    const settle = (reuse: boolean, done: () => void) => {
      signal?.removeEventListener("abort", stop);
      worker.onmessage = worker.onerror = worker.onmessageerror = null;
      this.#busy.delete(worker);
      if (reuse && !this.#closed) this.#idle.push(worker);
      else worker.terminate();
      done();
      if (!this.#closed) this.#next();
    };
    const stop = () => settle(false, () => job.reject(signal!.reason));
    this.#busy.add(worker);
    signal?.addEventListener("abort", stop, { once: true });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "progress") onProgress?.(data.done);
      else if (data.type === "result") settle(true, () => job.resolve(data.result));
      else settle(true, () => job.reject(unpackError(data.error)));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      settle(false, () => job.reject(event.error ?? new Error(`Worker failed: ${event.message}`)));
    };
    worker.postMessage(job.message);
  }
}

function newWorker(): Worker {
  return new Worker(new URL("./worker_main.ts", import.meta.url), { type: "module" });
}

/**
 * Runs `task` in `pool`, or right here where there is none: learners and
 * samplers work the same with and without workers.
 */
export async function runTask<Args, Result>(
  task: Task<Args, Result>,
  args: Args,
  pool: WorkerPool | undefined,
  options: TaskOptions = {},
): Promise<Result> {
  if (pool) return await pool.run(task, args, options);
  options.signal?.throwIfAborted();
  const context: TaskContext = { progress: (done) => options.onProgress?.(done) };
  return await task.run(args, context);
}
