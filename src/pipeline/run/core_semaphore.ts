/** The cores of a run, handed out to steps in the order they ask. */

interface Waiting {
  readonly cores: number;
  readonly start: () => void;
}

/**
 * A number of cores that steps take and give back. First come, first served: a
 * step that needs many cores is not passed by later ones that need few.
 */
export class CoreSemaphore {
  /** How many cores there are. */
  readonly total: number;
  #free: number;
  readonly #queue: Waiting[] = [];

  /** Takes the number of cores. */
  constructor(total: number) {
    this.total = total;
    this.#free = total;
  }

  /**
   * Waits for `cores` cores (never more than there are) and gives what returns them.
   *
   * @throws the signal's reason when it is aborted while waiting.
   */
  async acquire(cores: number, signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    const wanted = Math.min(cores, this.total);
    if (this.#queue.length > 0 || this.#free < wanted) await this.#wait(wanted, signal);
    else this.#free -= wanted;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#release(wanted);
        held = false;
      },
    };
  }

  #wait(cores: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        cores,
        start: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(signal.reason);
        this.#release(0);
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.push(waiting);
    });
  }

  #release(cores: number): void {
    this.#free += cores;
    while (this.#queue.length > 0 && this.#queue[0].cores <= this.#free) {
      const next = this.#queue.shift()!;
      this.#free -= next.cores;
      next.start();
    }
  }
}
