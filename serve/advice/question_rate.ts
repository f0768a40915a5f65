/** How many questions somebody may ask in a minute. */

import { Problem } from "../http/problem.ts";

/** Callers that are told apart; of more, those that asked longest ago are forgotten. */
const MOST = 10_000;

interface Bucket {
  /** Questions that may be asked now. */
  left: number;
  /** When that was so, milliseconds. */
  at: number;
}

/** A minute's worth of questions at once, then as they come back evenly. */
export class QuestionRate {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes questions a minute, 0 for any number. */
  constructor(private readonly perMinute: number) {}

  /**
   * Counts a question.
   *
   * @param now Milliseconds on a clock that goes forward.
   * @throws {Problem} 429 with the seconds to wait.
   */
  take(who: string, now: number): void {
    const { perMinute } = this;
    if (perMinute === 0) return;
    const before = this.#buckets.get(who) ?? { left: perMinute, at: now };
    const back = (now - before.at) * perMinute / 60_000;
    const left = Math.min(perMinute, before.left + back);
    if (left < 1) {
      const seconds = Math.max(1, Math.ceil((1 - left) * 60 / perMinute));
      throw new Problem(429, `More than ${perMinute} questions a minute`, {
        headers: { "Retry-After": String(seconds) },
      });
    }
    // The latest last, so that the first is who asked longest ago.
    this.#buckets.delete(who);
    this.#buckets.set(who, { left: left - 1, at: now });
    if (this.#buckets.size > MOST) this.#buckets.delete(this.#buckets.keys().next().value!);
  }
}
