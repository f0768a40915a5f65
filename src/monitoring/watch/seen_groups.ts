/** When each customer, or whatever groups rows, was last counted, in memory that does not grow. */

/** Places for groups. */
const PLACES = 1 << 15;

/**
 * Remembers at which moment a group was last counted. Groups share places by
 * their hash: one that finds its place taken seems to have been counted already,
 * so that rows are only ever counted too rarely, which makes evidence less.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const seen = new SeenGroups();
 * assertEquals([seen.count("a7", 3), seen.count("a7", 5), seen.count("a7", 5)], [0, 3, 5]);
 * ```
 */
export class SeenGroups {
  readonly #moments: Uint32Array<ArrayBuffer>;

  /** Goes on from what {@link SeenGroups.toJSON} gave. */
  constructor(saved?: string) {
    this.#moments = new Uint32Array(PLACES);
    if (saved !== undefined) {
      const bytes = Uint8Array.fromBase64(saved);
      this.#moments.set(new Uint32Array(bytes.buffer, 0, Math.min(PLACES, bytes.length >> 2)));
    }
  }

  /** The moment at which a group was counted before, 0 if never; it is counted now. */
  count(group: string, moment: number): number {
    let hash = 0x811c9dc5; // FNV-1a
    for (let i = 0; i < group.length; i++) hash = Math.imul(hash ^ group.charCodeAt(i), 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const before = this.#moments[place];
    this.#moments[place] = moment;
    return before;
  }

  /** As text. */
  toJSON(): string {
    return new Uint8Array(this.#moments.buffer).toBase64();
  }
}
