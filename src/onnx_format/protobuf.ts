/** Protocol Buffers wire format, as much of it as a model file needs. */

const varint = 0;
const lengthDelimited = 2;
const fixed32 = 5;

const utf8 = new TextEncoder();

/**
 * Writes one message field by field. Node arrays of big forests hold millions
 * of numbers, so repeated integers are written packed, in one loop.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const writer = new ProtoWriter();
 * writer.int(1, 150);
 * assertEquals([...writer.finish()], [0x08, 0x96, 0x01]);
 * ```
 */
export class ProtoWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A non-negative integer up to 2^53 − 1. */
  int(field: number, value: number): void {
    this.#head(field, varint);
    this.#varint(value);
  }

  /** A 32-bit floating-point number. */
  float(field: number, value: number): void {
    this.#head(field, fixed32);
    this.#append(new Uint8Array(Float32Array.of(value).buffer));
  }

  /** A text, in UTF-8. */
  text(field: number, value: string): void {
    this.bytes(field, utf8.encode(value));
  }

  /** Bytes as they are. */
  bytes(field: number, value: Uint8Array): void {
    this.#head(field, lengthDelimited);
    this.#varint(value.length);
    this.#append(value);
  }

  /** A message inside this one. */
  message(field: number, write: (inner: ProtoWriter) => void): void {
    const inner = new ProtoWriter();
    write(inner);
    this.bytes(field, inner.#view());
  }

  /** Non-negative integers below 2^31, packed. */
  packedInts(field: number, values: Int32Array | Uint8Array): void {
    let size = 0;
    for (let i = 0; i < values.length; i++) size += sizeOf(values[i]);
    this.#head(field, lengthDelimited);
    this.#varint(size);
    this.#reserve(size);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < values.length; i++) {
      let rest = values[i];
      while (rest > 0x7f) {
        bytes[at++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      bytes[at++] = rest;
    }
    this.#length = at;
  }

  /** 32-bit floating-point numbers, packed. */
  packedFloats(field: number, values: Float32Array): void {
    this.bytes(field, bytesOf(values));
  }

  /** Fields that were written before. */
  raw(fields: Uint8Array): void {
    this.#append(fields);
  }

  /** The message's bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #head(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#view());
    this.#bytes = grown;
  }
}

/** The bytes of a typed array; the format wants little-endian, as every platform of ours is. */
export function bytesOf(
  values: Float32Array | Float64Array | BigInt64Array | Uint8Array,
): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function sizeOf(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}
