/** A clock that stands still until a test moves it. */

import type { Clock } from "../../src/timetable/mod.ts";
import { within } from "../wait_until.ts";

interface Sleeper {
  readonly until: Date;
  readonly wake: () => void;
}

export class ManualClock implements Clock {
  #now: Date;
  #sleepers: Sleeper[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(now: string) {
    this.#now = new Date(now);
  }

  now(): Date {
    return this.#now;
  }

  sleep(until: Date, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = {
      until,
      wake: () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      },
    };
    signal.addEventListener("abort", sleeper.wake, { once: true });
    this.#sleepers.push(sleeper);
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
    return promise;
  }

  /** Waits until `count` sleep, then moves to the first time for which one does. */
  async step(count = 1): Promise<void> {
    while (this.#sleepers.length < count) await this.#change(count);
    await this.set(new Date(Math.min(...this.#sleepers.map(({ until }) => until.getTime()))));
  }

  #change(count: number): Promise<void> {
    return within(this.#changed.promise, `${count} sleep by the manual clock`);
  }

  /** Moves to a time once something sleeps; who sleeps for an earlier one wakes up. */
  async set(now: Date | string): Promise<void> {
    while (this.#sleepers.length === 0) await this.#change(1);
    this.#now = new Date(now);
    for (const { until, wake } of this.#sleepers) if (until <= this.#now) wake();
  }
}
