/** How many requests are under way, and which of them take too long. */

import type { Cancellation } from "../contract.ts";
import { Problem } from "./problem.ts";

/** What slow callers are held to. */
export interface SlowLimits {
  /** Milliseconds for a whole body. */
  readonly bodyMs: number;
  /** Bytes a second that a body has to come with on the whole; 0 for any. */
  readonly bodyRate: number;
  /** Requests of one address that may take over {@linkcode SLOW_MS} at once; 0 for any number. */
  readonly perAddress: number;
}

/** What the settings hold slow callers to. */
export function slowLimits(
  settings: {
    readonly bodyTimeoutMs: number;
    readonly bodyRate: number;
    readonly addressLimit: number;
  },
): SlowLimits {
  const { bodyTimeoutMs: bodyMs, bodyRate, addressLimit: perAddress } = settings;
  return { bodyMs, bodyRate, perAddress };
}

/** Milliseconds from which a request is slow; a body has so long before its rate is looked at. */
const SLOW_MS = 1000;

/** Milliseconds between looks at slow requests. */
const LOOK_MS = 500;

/** A request under way. */
export class Ticket implements Cancellation {
  /** Whether it counts among the requests under way: its body is there. */
  counted = false;
  /** Bytes of its body, as far as they are declared or have come. */
  bytes = 0;
  /** Whether `bytes` were declared, and not counted as they came. */
  declared = false;
  /** The requests that came before and after it, of those under way; itself where it is not. */
  before: Ticket = this;
  after: Ticket = this;

  #cancels?: ((reason: unknown) => void)[];

  /** Milliseconds that it has, where it is less than others have. */
  timeoutMs?: number;
  /** Milliseconds that it has, where it is more than others have. */
  longerMs?: number;

  /**
   * Takes the moment of its start on the clock of `performance.now()`, who asks, and who hears that
   * it has less time.
   */
  constructor(
    readonly startedAt: number,
    readonly caller?: { readonly address: string; readonly rights?: string },
    private readonly onShortened?: (ticket: Ticket) => void,
  ) {}

  /** Gives it less time than others have. */
  shorten(ms: number): void {
    this.timeoutMs = ms;
    this.onShortened?.(this);
  }

  /** Gives it more time than others have, as an answer needs that is written word by word. */
  lengthen(ms: number): void {
    this.longerMs = ms;
  }

  onCancel(cancel: (reason: unknown) => void): void {
    (this.#cancels ??= []).push(cancel);
  }

  /** Calls off what the request still waits for. */
  cancel(reason: unknown): void {
    for (const cancel of this.#cancels ?? []) cancel(reason);
  }
}

/**
 * Lets a number of requests in and calls off those that take too long, whose
 * bodies come too slowly, or of which one address has too many. Only requests
 * that are slow already are looked at, now and then.
 */
export class Deadlines implements Disposable {
  /** Requests in the order in which they came, in a ring that begins here: a set takes longer. */
  readonly #ring = new Ticket(0);
  /** Made once, for it is thrown most when there is least time. */
  readonly #full: Problem;
  #timer?: ReturnType<typeof setTimeout>;
  /** When requests are looked at next. */
  #lookAt = 0;

  /**
   * Takes how many requests may be under way, milliseconds for each, where they
   * are counted (one number, shared if several threads serve), and what slow
   * callers are held to.
   */
  constructor(
    private readonly most: number,
    private readonly timeoutMs: number,
    private readonly underWay: Int32Array = new Int32Array(1),
    private readonly slow: SlowLimits = { bodyMs: timeoutMs, bodyRate: 0, perAddress: 0 },
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
   * @throws {Problem} 429 if too many are under way.
   */
  enter(caller?: Ticket["caller"]): Ticket {
    if (this.open >= this.most) throw this.#full;
    const ticket = new Ticket(performance.now(), caller, this.#lookSooner);
    const last = this.#ring.before;
    [ticket.before, ticket.after] = [last, this.#ring];
    last.after = this.#ring.before = ticket;
    if (this.#timer === undefined) this.#arm(Math.min(this.timeoutMs, LOOK_MS));
    return ticket;
  }

  /**
   * Lets a request in whose body has come.
   *
   * @throws {Problem} 429 if too many are under way.
   */
  admit(ticket: Ticket): void {
    if (ticket.counted || ticket.after === ticket) return;
    if (Atomics.add(this.underWay, 0, 1) >= this.most) {
      Atomics.sub(this.underWay, 0, 1);
      throw this.#full;
    }
    ticket.counted = true;
  }

  /** Lets a request out. */
  leave(ticket: Ticket): void {
    const { before, after } = ticket;
    if (after === ticket) return;
    before.after = after;
    after.before = before;
    ticket.before = ticket.after = ticket;
    if (ticket.counted) Atomics.sub(this.underWay, 0, 1);
  }

  /** Stops the clock. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Looks in time at a request that has less time than others. */
  readonly #lookSooner = ({ startedAt, timeoutMs }: Ticket): void => {
    const delayMs = startedAt + timeoutMs! - performance.now();
    if (performance.now() + delayMs >= this.#lookAt) return;
    clearTimeout(this.#timer);
    this.#arm(Math.max(1, delayMs));
  };

  #arm(delayMs: number): void {
    this.#lookAt = performance.now() + delayMs;
    this.#timer = setTimeout(() => this.#sweep(), delayMs);
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = performance.now();
    const { bodyMs, perAddress } = this.slow;
    const bodyTime = Math.min(bodyMs, this.timeoutMs);
    const ofAddress = new Map<string, number>();
    let pause = LOOK_MS;
    for (let ticket = this.#ring.after, next; ticket !== this.#ring; ticket = next) {
      next = ticket.after;
      // Timers have whole milliseconds: the last one is let go.
      const age = now + 1 - ticket.startedAt;
      const left = (ticket.counted ? timeOf(ticket, this.timeoutMs) : bodyTime) - age;
      let reason: Problem | undefined;
      if (left <= 0) reason = this.#tooLong(ticket);
      else if (age > SLOW_MS) {
        if (this.#tooSlow(ticket, age)) reason = bodyTooSlow(this.slow.bodyRate);
        else if (perAddress > 0 && ticket.caller !== undefined) {
          const { address } = ticket.caller;
          const count = (ofAddress.get(address) ?? 0) + 1;
          ofAddress.set(address, count);
          if (count > perAddress) reason = tooMany(perAddress);
        }
      }
      if (reason !== undefined) {
        this.leave(ticket);
        ticket.cancel(reason);
      } else pause = Math.min(pause, left);
    }
    if (this.#ring.after !== this.#ring) this.#arm(Math.max(1, pause));
  }

  #tooLong(ticket: Ticket): Problem {
    if (ticket.counted) {
      return new Problem(504, `No answer within ${timeOf(ticket, this.timeoutMs)} ms`);
    }
    const time = Math.min(this.slow.bodyMs, this.timeoutMs);
    return new Problem(408, `The body did not come within ${time} ms`);
  }

  /** A body whose length is known is late once it could have come at the least rate. */
  #tooSlow({ counted, bytes, declared }: Ticket, age: number): boolean {
    const { bodyRate } = this.slow;
    if (counted || bodyRate === 0) return false;
    const allowed = (age - SLOW_MS) / 1000 * bodyRate;
    return declared ? allowed > bytes : bytes < allowed;
  }
}

const timeOf = ({ timeoutMs, longerMs }: Ticket, most: number) =>
  longerMs ?? Math.min(timeoutMs ?? most, most);

function bodyTooSlow(rate: number): Problem {
  return new Problem(408, `The body comes with less than ${rate} bytes a second`);
}

function tooMany(most: number): Problem {
  return new Problem(429, `The address has more than ${most} slow requests under way`, {
    headers: { "Retry-After": "1" },
  });
}
