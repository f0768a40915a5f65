/** Work that several requests wait for. */

import type { Cancellation } from "../contract.ts";

/**
 * Work that goes on as long as anybody waits for it: a request that is called off leaves, and the
 * last one to leave calls the work off.
 */
export class Flight<T> implements Cancellation {
  readonly #result: Promise<T>;
  readonly #cancels: ((reason: unknown) => void)[] = [];
  #waiting = 0;
  #abandoned?: { readonly reason: unknown };

  /** Starts the work, which hears when nobody waits any more; so does `onAbandoned`. */
  constructor(
    work: (cancellation: Cancellation) => Promise<T>,
    private readonly onAbandoned: () => void,
  ) {
    this.#result = work(this);
    // Whoever waits hears of it.
    this.#result.catch(() => {});
  }

  onCancel(cancel: (reason: unknown) => void): void {
    if (this.#abandoned !== undefined) cancel(this.#abandoned.reason);
    else this.#cancels.push(cancel);
  }

  /** Waits for the result, or until the request is called off. */
  join(request: Cancellation): Promise<T> {
    this.#waiting++;
    return new Promise((resolve, reject) => {
      let left = false;
      request.onCancel((reason) => {
        if (left) return;
        left = true;
        reject(reason);
        if (--this.#waiting === 0) this.#abandon(reason);
      });
      this.#result.then((value) => {
        left = true;
        resolve(value);
      }, (error) => {
        left = true;
        reject(error);
      });
    });
  }

  #abandon(reason: unknown): void {
    this.#abandoned = { reason };
    this.onAbandoned();
    for (const cancel of this.#cancels) cancel(reason);
  }
}
