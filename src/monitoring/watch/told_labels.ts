/** Which predictions have had their label, in memory that does not grow. */

/** Places for predictions. */
const PLACES = 1 << 16;

/**
 * Remembers the latest some fifty thousand predictions that had a label, so
 * that one that is told twice, or told otherwise later, counts once. Each has a
 * place and 32 bits that tell it from others: one of four billion is taken for another.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const told = new ToldLabels();
 * assertEquals([told.has("a-1"), told.add("a-1"), told.has("a-1")], [false, undefined, true]);
 * ```
 */
export class ToldLabels {
  readonly #marks = new Uint32Array(PLACES);

  /** Goes on from what {@link ToldLabels.toJSON} gave. */
  constructor(saved?: string) {
    if (saved === undefined) return;
    const bytes = Uint8Array.fromBase64(saved);
    this.#marks.set(new Uint32Array(bytes.buffer, 0, Math.min(PLACES, bytes.length >> 2)));
  }

  /** Whether a prediction had its label. */
  has(id: string): boolean {
    const [place, mark] = placeOf(id);
    return this.#marks[place] === mark;
  }

  /** It has it now. */
  add(id: string): void {
    const [place, mark] = placeOf(id);
    this.#marks[place] = mark;
  }

  /** As text. */
  toJSON(): string {
    return new Uint8Array(this.#marks.buffer).toBase64();
  }
}

/** Two hashes: FNV-1a, and another of the same kind. */
function placeOf(id: string): readonly [place: number, mark: number] {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 13;
  }
  return [(a ^ (a >>> 16)) & (PLACES - 1), (b >>> 0) || 1];
}
