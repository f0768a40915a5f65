/** A fixed number of worker threads that share a queue of tasks. */

import { ambientSignal } from "./ambient_signal.ts";
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
  /** Hears that the signal wants the job stopped. */
  readonly onAbort: () => void;
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
  /** Jobs under way, and how to give each of them up. */
  readonly #running = new Map<Job, (reason: unknown) => void>();
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
    given: TaskOptions = {},
  ): Promise<Result> {
    const options = { ...given, signal: given.signal ?? ambientSignal() };
    if (this.#closed) return Promise.reject(new Error("Cannot run a task in a closed pool"));
    if (options.signal?.aborted) return Promise.reject(options.signal.reason);
    return new Promise<Result>((resolve, reject) => {
      const message = { module: task.module, name: task.name, args };
      const onAbort = () => this.#stop(job);
      const job: Job = { message, options, resolve: resolve as Job["resolve"], reject, onAbort };
      this.#queue.push(job);
      options.signal?.addEventListener("abort", onAbort, { once: true });
      this.#next();
    });
  }

  /** Ends all workers. Tasks that have not finished are rejected. */
  close(): void {
    this.#closed = true;
    for (const worker of this.#idle.splice(0)) worker.terminate();
    for (const job of this.#queue.splice(0)) {
      job.options.signal?.removeEventListener("abort", job.onAbort);
      job.reject(new Error("Pool closed before the task ran"));
    }
    for (const giveUp of [...this.#running.values()]) {
      giveUp(new Error("Pool closed before the task finished"));
    }
  }

  /** Closes the pool at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #stop(job: Job): void {
    const { reason } = job.options.signal!;
    const giveUp = this.#running.get(job);
    if (giveUp) return giveUp(reason);
    this.#queue.splice(this.#queue.indexOf(job), 1);
    job.reject(reason);
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#running.size < this.size) {
      this.#start(this.#queue.shift()!, this.#idle.pop() ?? newWorker());
    }
  }

  #start(job: Job, worker: Worker): void {
    const { signal, onProgress } = job.options;
    const settle = (reuse: boolean, done: () => void) => {
      signal?.removeEventListener("abort", job.onAbort);
      worker.onmessage = worker.onerror = null;
      this.#running.delete(job);
      if (reuse && !this.#closed) this.#idle.push(worker);
      else worker.terminate();
      done();
      if (!this.#closed) this.#next();
    };
    const giveUp = (reason: unknown) => settle(false, () => job.reject(reason));
    this.#running.set(job, giveUp);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.type === "progress") onProgress?.(data.done);
      else if (data.type === "result") settle(true, () => job.resolve(data.result));
      else settle(true, () => job.reject(unpackError(data.error)));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      giveUp(event.error ?? new Error(`Worker failed: ${event.message}`));
    };
    try {
      worker.postMessage(job.message);
    } catch (error) {
      // Arguments that cannot be cloned: the worker has not heard of them.
      settle(true, () => job.reject(error));
    }
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
