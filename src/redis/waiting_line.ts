/** Who waits, in the order in which they came; they leave in about the same. */

/** A place in the line; without a value once it was left. */
interface Place<T> {
  value?: T;
}

/**
 * A line of those who wait. No `Set`: what has left one is still held by its earlier tables, each
 * of which holds the next, until the collector goes through all old memory. At thousands of
 * requests a second that makes most of its pauses.
 */
export class WaitingLine<T> {
  readonly #places: Place<T>[] = [];
  /** How many at the front are left and not yet taken away. */
  #left = 0;

  /** Who has waited longest. */
  get first(): T | undefined {
    return this.#places[this.#left]?.value;
  }

  /** Joins at the end; gives the place. */
  join(value: T): Place<T> {
    const place = { value };
    this.#places.push(place);
    return place;
  }

  /** Leaves a place. */
  leave(place: Place<T>): void {
    place.value = undefined;
    while (this.#left < this.#places.length && this.first === undefined) this.#left++;
    // All at once, for each time costs as much as there are behind.
    if (this.#left > 1000 || this.#left === this.#places.length) {
      this.#places.splice(0, this.#left);
      this.#left = 0;
    }
  }

  /** Takes all out of the line, the first first. */
  clear(): T[] {
    this.#left = 0;
    return this.#places.splice(0).flatMap(({ value }) => value === undefined ? [] : [value]);
  }
}
