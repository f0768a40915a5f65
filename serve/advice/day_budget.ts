/** What somebody may use on one day, counted where conversations are kept. */

import type { AdviceUsage, Conversations, DayUsage } from "../../src/advisor/mod.ts";
import { Problem } from "../http/problem.ts";

/** The most of a day; 0 for any. */
export interface DayLimits {
  readonly tokens: number;
  /** Dollars. */
  readonly cost: number;
}

/** Counts days in UTC. */
export class DayBudget {
  readonly #memory = new Map<string, DayUsage>();
  #day = "";

  /** Takes the limits, and where use is counted so that a restart forgets nothing. */
  constructor(
    private readonly limits: DayLimits,
    private readonly kept: () => Conversations | undefined,
  ) {}

  /**
   * Makes sure that something is left.
   *
   * @param now Milliseconds since 1970.
   * @throws {Problem} 429 until the next day.
   */
  check(who: string, now: number): void {
    const { tokens, cost } = this.limits;
    if (tokens === 0 && cost === 0) return;
    const used = this.#used(who, dayOf(now));
    const spent = tokens > 0 && used.tokens >= tokens
      ? `${tokens} tokens`
      : cost > 0 && used.cost >= cost
      ? `$${cost}`
      : undefined;
    if (spent === undefined) return;
    const tomorrow = Date.parse(dayOf(now)) + 86_400_000;
    throw new Problem(429, `The ${spent} of this day are used`, {
      headers: { "Retry-After": String(Math.ceil((tomorrow - now) / 1000)) },
    });
  }

  /** Counts an answer, also one that was given up. */
  add(who: string, now: number, usage: AdviceUsage): void {
    const day = dayOf(now);
    const taken: DayUsage = {
      answers: 1,
      tokens: usage.input_tokens + usage.output_tokens,
      cost: usage.cost_usd ?? 0,
    };
    const kept = this.kept();
    if (kept !== undefined) return kept.use(who, day, taken);
    const before = this.#used(who, day);
    this.#memory.set(who, {
      answers: before.answers + taken.answers,
      tokens: before.tokens + taken.tokens,
      cost: before.cost + taken.cost,
    });
  }

  #used(who: string, day: string): DayUsage {
    const kept = this.kept();
    if (kept !== undefined) return kept.used(who, day);
    if (day !== this.#day) this.#memory.clear();
    this.#day = day;
    return this.#memory.get(who) ?? { answers: 0, tokens: 0, cost: 0 };
  }
}

const dayOf = (now: number) => new Date(now).toISOString().slice(0, 10);
