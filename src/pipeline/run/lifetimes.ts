/** What is opened when it is first needed, and closed at the end. */

/** How something ends that was opened. */
export type Close<T, End> = (value: T, end: End) => void | Promise<void>;

/** What a run, or a sweep, has opened; each learns the `End`. */
export class Lifetimes<End> {
  readonly #opening = new Map<string, Promise<unknown>>();
  readonly #opened: { name: string; close: (end: End) => void | Promise<void> }[] = [];

  /** Whether there is something to close. */
  get any(): boolean {
    return this.#opening.size > 0;
  }

  /** What `open` gives for this name, opened once. */
  get<T>(name: string, open: () => T | Promise<T>, close?: Close<T, End>): Promise<T> {
    let opening = this.#opening.get(name) as Promise<T> | undefined;
    if (opening === undefined) {
      opening = this.#open(name, open, close);
      this.#opening.set(name, opening);
    }
    return opening;
  }

  async #open<T>(name: string, open: () => T | Promise<T>, close?: Close<T, End>): Promise<T> {
    const value = await open();
    this.#opened.push({ name, close: async (end) => await close?.(value, end) });
    return value;
  }

  /** Closes all in reverse order and gives the errors of those that could not. */
  async close(end: (name: string) => End): Promise<{ name: string; error: unknown }[]> {
    await Promise.allSettled(this.#opening.values());
    const failed: { name: string; error: unknown }[] = [];
    for (const { name, close } of this.#opened.reverse()) {
      try {
        await close(end(name));
      } catch (error) {
        failed.push({ name, error });
      }
    }
    return failed;
  }
}
