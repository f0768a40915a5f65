/** Which message asked for an execution, and which error ended it. */

import type { Header } from "./message.ts";

/** Executions of which late outputs are still told to their cells. */
const KEPT = 2000;

/** The latest executions, by their numbers. */
export class Executions {
  readonly #kept = new Map<number, { header: Header; failure?: Record<string, unknown> }>();

  /** Takes one that begins; the oldest is forgotten. */
  begin(execution: number, header: Header): void {
    this.#kept.set(execution, { header });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT) this.#kept.delete(oldest);
  }

  /** Takes an error; the first counts. */
  fail(execution: number, failure: Record<string, unknown>): void {
    const kept = this.#kept.get(execution);
    if (kept) kept.failure ??= failure;
  }

  /** The message that asked for it. */
  header(execution: number): Header | undefined {
    return this.#kept.get(execution)?.header;
  }

  /** The error that ended it. */
  failure(execution: number): Record<string, unknown> | undefined {
    return this.#kept.get(execution)?.failure;
  }
}
