/** What cells wait for, and how they are stopped. */

/** Thrown into a cell that is stopped. */
export class Interrupted extends Error {
  override name = "Interrupted";

  /** Says that variables stay. */
  constructor() {
    super("The cell was stopped; variables stay");
    this.stack = `${this.name}: ${this.message}`;
  }
}

type Place = () => string;

/** The waits of the cells: each ends when what it waits for does, or when they are stopped. */
export class Waits {
  readonly #pending = new Set<() => void>();
  readonly #places = new WeakMap<object, string>();
  #last: { readonly thrown: unknown; readonly place: string } | undefined;
  #controller = new AbortController();

  /** Aborts when the execution that runs now is stopped. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A new execution: what stopped the last one is over. */
  begin(): void {
    this.#last = undefined;
    if (this.#controller.signal.aborted) this.#controller = new AbortController();
  }

  /** Stops all that cells wait for. */
  interrupt(): void {
    const pending = [...this.#pending];
    this.#pending.clear();
    this.#controller.abort(new Interrupted());
    for (const stop of pending) stop();
  }

  /** Remembers where something was thrown or waited for that may say nothing of it itself. */
  remember(thrown: unknown, place: string): void {
    this.#last = { thrown, place };
    if (typeof thrown === "object" && thrown !== null && !this.#places.has(thrown)) {
      this.#places.set(thrown, place);
    }
  }

  /** Where that was. Of what is no object, there is one at a time. */
  placeOf(thrown: unknown): string | undefined {
    if (typeof thrown === "object" && thrown !== null) return this.#places.get(thrown);
    return this.#last !== undefined && Object.is(this.#last.thrown, thrown)
      ? this.#last.place
      : undefined;
  }

  /** The value itself where there is nothing to wait for. */
  wait(value: unknown, place: Place): unknown {
    if (!isThenable(value)) return value;
    const at = place();
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.signal.reason);
      this.#pending.add(stop);
      value.then((result) => {
        this.#pending.delete(stop);
        resolve(result);
      }, (error) => {
        this.#pending.delete(stop);
        this.remember(error, at);
        reject(error);
      });
    });
  }

  /** Goes through values, and ends the source if it is stopped. */
  async *each(
    values: AsyncIterable<unknown> | Iterable<unknown>,
    place: Place,
  ): AsyncGenerator<unknown> {
    const asynchronous = (values as AsyncIterable<unknown>)[Symbol.asyncIterator];
    const source = asynchronous === undefined
      ? (values as Iterable<unknown>)[Symbol.iterator]()
      : asynchronous.call(values);
    let ended = false;
    try {
      for (;;) {
        const next = await this.wait(source.next(), place) as IteratorResult<unknown>;
        if (next.done) {
          ended = true;
          return;
        }
        yield await this.wait(next.value, place);
      }
    } finally {
      if (!ended) Promise.resolve(source.return?.()).catch(() => {}); // the reason is on its way
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return value !== null && (typeof value === "object" || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function";
}
