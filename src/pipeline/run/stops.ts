/** What ends a run before its time: an interrupt, or a failure. */

import { alarm, UserError } from "../../base/mod.ts";
import type { UnitFailure } from "./unit_failure.ts";

/** The failures of a run, and the signals of its end. */
export class Stops implements Disposable {
  /** What failed, in the order in which it did. */
  readonly failures: UnitFailure[] = [];
  /** Items of fan-outs that are at work: they come to their end where something else fails. */
  items = 0;
  /** Whether the run is over. */
  over = false;
  readonly #stop = new AbortController();
  readonly #interrupt = new AbortController();
  readonly #hear = () => {
    this.#interrupt.abort(this.outer!.reason);
    this.#stop.abort(this.outer!.reason);
  };

  /** Takes the interrupt from outside, and whether a failure leaves what does not depend on it. */
  constructor(
    private readonly outer: AbortSignal | undefined,
    private readonly keepGoing: boolean,
  ) {
    if (outer?.aborted) this.#hear();
    outer?.addEventListener("abort", this.#hear, { once: true });
  }

  /** Aborted when nothing more is to start. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborted by an interrupt alone. */
  get interrupted(): AbortSignal {
    return this.#interrupt.signal;
  }

  fail(failure: UnitFailure): void {
    this.failures.push(failure);
    if (this.keepGoing) return;
    this.#stop.abort(new UserError(`Stopped because step ${failure.unit.step} failed`));
  }

  /** Whether an error has been told as a failure. */
  isTold(error: unknown): boolean {
    return this.failures.some((failure) => failure.error === error);
  }

  /** Waits for `work`; once it is to stop only for the grace, in seconds, and for items at work. */
  async bounded<T>(work: Promise<T>, grace: number): Promise<T> {
    work.catch(() => {}); // it may end after nobody waits any more
    const { signal, interrupted } = this;
    const { promise, reject } = Promise.withResolvers<never>();
    using alarms = new DisposableStack();
    const set = () =>
      void alarms.use(alarm(grace, () => {
        if (this.items > 0 && !interrupted.aborted) set();
        else reject(signal.reason);
      }));
    const hear = [signal, interrupted];
    for (const each of hear) {
      if (each.aborted) set();
      else each.addEventListener("abort", set, { once: true });
    }
    try {
      return await Promise.race([work, promise]);
    } finally {
      for (const each of hear) each.removeEventListener("abort", set);
    }
  }

  /** Hears no more. */
  [Symbol.dispose](): void {
    this.over = true;
    this.outer?.removeEventListener("abort", this.#hear);
  }
}
