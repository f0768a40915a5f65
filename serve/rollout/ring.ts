/** The latest of many. */

/** Keeps the latest items, as many as it has room for. */
export class Ring<T> {
  readonly #items: T[] = [];
  #next = 0;

  /** Takes how many items it has room for. */
  constructor(private readonly room: number) {}

  /** Adds an item, in place of the oldest if there is no more room. */
  add(item: T): void {
    this.#items[this.#next] = item;
    this.#next = (this.#next + 1) % this.room;
  }

  /** The items, in no particular order. */
  get items(): readonly T[] {
    return this.#items;
  }
}
