/** How many requests are under way, and which of them take too long. */

import type { Cancellation } from "../contract.ts";
import { Problem } from "./problem.ts";

/** A request under way. */
export class Ticket implements Cancellation {
  /** Whether it counts among the requests under way. */
  counted = false;

  #cancels?: ((reason: unknown) => void)[];

  /** Takes the moment at which it takes too long, on the clock of `performance.now()`. */
  constructor(readonly deadline: number) {}

  onCancel(cancel: (reason: unknown) => void): void {
    (this.#cancels ??= []).push(cancel);
  }

  /** Calls off what the request still waits for. */
  cancel(reason: unknown): void {
    for (const cancel of this.#cancels ?? []) cancel(reason);
  }
}

/**
 * Lets a number of requests in and calls off those that take too long. All have
 * the same time, so one timer for the oldest is enough.
 */
export class Deadlines implements Disposable {
  /** In the order of their deadlines. */
  readonly #open = new Set<Ticket>();
  /** Made once, for it is thrown most when there is least time. */
  readonly #full: Problem;
  #timer?: ReturnType<typeof setTimeout>;

  /**
   * Takes how many requests may be under way, milliseconds for each, and where
   * they are counted: one number, shared where several threads serve.
   */
  constructor(
    private readonly most: number,
    private readonly timeoutMs: number,
    private readonly underWay: Int32Array = new Int32Array(1),
  ) {
    this.#full = new Problem(429, `Cannot take the request: ${most} are under way`, {
      headers: { "Retry-After": "1" },
    });
  }

  /** Requests under way, in all threads. */
  get open(): number {
    return Atomics.load(this.underWay, 0);
  }

  /**
   * Starts a request's time. It does not count among those under way yet, so that
   * who sends slowly keeps nobody out.
   *
   * @throws {Problem} 429 where too many are under way.
   */
  enter(): Ticket {
    if (this.open >= this.most) throw this.#full;
    const ticket = new Ticket(performance.now() + this.timeoutMs);
    this.#open.add(ticket);
    if (this.#timer === undefined) this.#arm(this.timeoutMs);
    return ticket;
  }

  /**
   * Lets a request in whose body has come.
   *
   * @throws {Problem} 429 where too many are under way.
   */
  admit(ticket: Ticket): void {
    if (ticket.counted || !this.#open.has(ticket)) return;
    if (Atomics.add(this.underWay, 0, 1) >= this.most) {
      Atomics.sub(this.underWay, 0, 1);
      throw this.#full;
    }
    ticket.counted = true;
  }

  /** Lets a request out. */
  leave(ticket: Ticket): void {
    if (this.#open.delete(ticket) && ticket.counted) Atomics.sub(this.underWay, 0, 1);
  }

  /** Stops the clock. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(delayMs: number): void {
    this.#timer = setTimeout(() => this.#sweep(), delayMs);
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const ticket of this.#open) {
      // Timers have whole milliseconds: the last one is let go.
      if (ticket.deadline > now + 1) return this.#arm(ticket.deadline - now);
      this.leave(ticket);
      ticket.cancel(new Problem(504, `No answer within ${this.timeoutMs} ms`));
    }
  }
}
