/** Reads the values of a line of JSON where they stand, without making objects of them. */

import type { InternedTexts } from "./interned_texts.ts";

const [QUOTE, BACKSLASH, MINUS, PLUS, POINT] = [34, 92, 45, 43, 46];
const [ZERO, NINE, SMALL_E, LARGE_E] = [48, 57, 101, 69];
/** Bytes below are control characters, which JSON does not hold in texts. */
const SPACE = 32;
/** More digits may be more than a Float64 holds. */
const DIGITS = 16;
const WHOLE = 2 ** 53;
const CHARACTERS = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
/** Powers of ten that a Float64 holds exactly: a quotient of two such numbers is rounded once. */
const POWERS = Array.from({ length: DIGITS + 1 }, (_, i) => 10 ** i);

/** Bytes that stand in all lines of a shape, to be compared four at a time. */
export class Literal {
  /** All of them, as UTF-8. */
  readonly bytes: Uint8Array;
  /** Four and four of them, the lowest first. */
  readonly words: Int32Array;
  /** Those that are left. */
  readonly rest: Uint8Array;

  /** Takes them as text. */
  constructor(text: string) {
    this.bytes = new TextEncoder().encode(text);
    const view = new DataView(this.bytes.buffer);
    this.words = Int32Array.from(
      { length: this.bytes.length >> 2 },
      (_, i) => view.getInt32(4 * i, true),
    );
    this.rest = this.bytes.subarray(4 * this.words.length);
  }
}

/**
 * A place in bytes that end with a control character. Each method reads a value
 * there and moves behind it, or refuses and leaves the place as it is not to be
 * used any more: the line is then for `JSON.parse`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const cursor = new LineCursor();
 * cursor.start(new TextEncoder().encode("-12.5,\n"), 0);
 * assertEquals([cursor.number(), cursor.at], [-12.5, 5]);
 * ```
 */
export class LineCursor {
  /** Bytes that are read. */
  bytes: Uint8Array = new Uint8Array();
  #view = new DataView(this.bytes.buffer);
  /** Place of the next byte. */
  at = 0;
  /** Where the latest text stands, without its quotes. */
  textFrom = 0;
  #day = -1;
  #dayTime = 0;

  /** Goes to a place. */
  start(bytes: Uint8Array, at: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = at;
  }

  /** Whether these bytes come next. */
  passes({ bytes: { length }, words, rest }: Literal): boolean {
    const { bytes } = this;
    let { at } = this;
    const end = at + length;
    if (end > bytes.length) return false;
    for (let i = 0; i < words.length; i++, at += 4) {
      if (this.#view.getInt32(at, true) !== words[i]) return false;
    }
    for (let i = 0; i < rest.length; i++) if (bytes[at + i] !== rest[i]) return false;
    this.at = end;
    return true;
  }

  /** A number as JSON writes it; NaN if none comes. */
  number(): number {
    const { bytes } = this;
    let { at } = this;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let mantissa = 0;
    let byte = bytes[at];
    while (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + byte - ZERO;
      byte = bytes[++at];
    }
    const whole = at - first;
    if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return NaN;
    let decimals = 0;
    if (byte === POINT) {
      const point = at;
      byte = bytes[++at];
      while (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + byte - ZERO;
        byte = bytes[++at];
      }
      decimals = at - point - 1;
      if (decimals === 0) return NaN;
    }
    if (byte === SMALL_E || byte === LARGE_E || whole + decimals > DIGITS || mantissa >= WHOLE) {
      return this.#longNumber(at);
    }
    this.at = at;
    const value = mantissa / POWERS[decimals];
    return negative ? -value : value;
  }

  /** A text without escapes; undefined if none comes. */
  text(texts: InternedTexts): string | undefined {
    const hash = this.passText();
    return hash < 0 ? undefined : texts.text(this.bytes, this.textFrom, this.at - 1, hash);
  }

  /** Moves behind a text without escapes; a hash of its bytes, −1 if none comes. */
  passText(): number {
    const { bytes } = this;
    let { at } = this;
    if (bytes[at] !== QUOTE) return -1;
    this.textFrom = ++at;
    let hash = 0;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (!(byte >= SPACE) || byte === BACKSLASH) return -1;
      hash = (31 * hash + byte) | 0;
    }
    this.at = at + 1;
    return (hash ^ (hash >>> 15)) & 0x7fffffff;
  }

  /** A moment written as `2026-11-21T10:15:00.000Z`, milliseconds since 1970 UTC; NaN if none comes. */
  time(): number {
    const { bytes, at } = this;
    if (bytes[at] !== QUOTE || bytes[at + 25] !== QUOTE || bytes[at + 24] !== 90) return NaN;
    if (bytes[at + 11] !== 84 || bytes[at + 20] !== POINT) return NaN;
    const [year, month, day] = [
      this.#digits(at + 1, 4),
      this.#digits(at + 6, 2),
      this.#digits(at + 9, 2),
    ];
    const [hour, minute] = [this.#digits(at + 12, 2), this.#digits(at + 15, 2)];
    const [second, milli] = [this.#digits(at + 18, 2), this.#digits(at + 21, 3)];
    const time = 3_600_000 * hour + 60_000 * minute + 1000 * second + milli;
    if (!(hour < 24 && minute < 60 && second < 60 && milli >= 0)) return NaN;
    const own = 10_000 * year + 100 * month + day;
    if (own !== this.#day) {
      if (!(month > 0 && month < 13 && day > 0 && day < 32)) return NaN;
      this.#day = own;
      this.#dayTime = Date.UTC(year, month - 1, day);
    }
    this.at = at + 26;
    return this.#dayTime + time;
  }

  /** Digits that come; NaN if they are none. */
  #digits(from: number, count: number): number {
    let value = 0;
    for (let at = from; at < from + count; at++) {
      const digit = this.bytes[at] - ZERO;
      if (!(digit >= 0 && digit <= 9)) return NaN;
      value = 10 * value + digit;
    }
    return value;
  }

  /** A number of many digits or with an exponent, which begins at `at` if there is one. */
  #longNumber(at: number): number {
    const { bytes } = this;
    if (bytes[at] === SMALL_E || bytes[at] === LARGE_E) {
      at++;
      if (bytes[at] === PLUS || bytes[at] === MINUS) at++;
      const first = at;
      while (bytes[at] >= ZERO && bytes[at] <= NINE) at++;
      if (at === first) return NaN;
    }
    let text = "";
    for (let i = this.at; i < at; i++) text += CHARACTERS[bytes[i]];
    const value = Number(text);
    this.at = at;
    return Number.isFinite(value) ? value : NaN;
  }
}
