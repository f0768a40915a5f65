/** Reads what `protobuf.ts` writes, field by field; big arrays stay bytes until they are wanted. */

import { ModelError } from "../base/mod.ts";

/** One field of a message. */
export interface Field {
  /** Number of the field. */
  readonly number: number;
  /** The integer of a varint field, else 0. */
  readonly value: number;
  /** Content of a text, bytes, packed or message field, else empty. */
  readonly bytes: Uint8Array;
  /** The whole field as it stands in the message, ready to be copied. */
  readonly raw: Uint8Array;
}

const utf8 = new TextDecoder();

/**
 * The fields of a message in their order. Contents are views, not copies.
 *
 * @throws {ModelError} if the bytes end within a field.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const [{ number, value }] = readFields(Uint8Array.of(0x08, 0x96, 0x01));
 * assertEquals([number, value], [1, 150]);
 * ```
 */
export function readFields(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const start = cursor.at;
    const head = varint(message, cursor);
    const value = head % 8 === 0 ? varint(message, cursor) : 0;
    const length = head % 8 === 0 ? 0 : lengthOf(head % 8, message, cursor);
    const from = cursor.at;
    cursor.at += length;
    if (cursor.at > message.length) throw damaged("a field is longer than its message");
    fields.push({
      number: Math.floor(head / 8),
      value,
      bytes: message.subarray(from, cursor.at),
      raw: message.subarray(start, cursor.at),
    });
  }
  return fields;
}

/** The first field of a number. */
export function fieldOf(fields: readonly Field[], number: number): Field | undefined {
  return fields.find((field) => field.number === number);
}

/** The texts in all fields of a number. */
export function textsOf(fields: readonly Field[], number: number): string[] {
  return fields.filter((field) => field.number === number).map(({ bytes }) => utf8.decode(bytes));
}

/** Integers below 2^31 that were written packed. */
export function unpackInts(bytes: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] < 0x80) count++;
  const values = new Int32Array(count);
  const cursor = { at: 0 };
  for (let i = 0; i < count; i++) values[i] = varint(bytes, cursor);
  return values;
}

/** What a damaged file is refused with. */
export function damaged(found: string): ModelError {
  return new ModelError(`Cannot read the model file: ${found}`, {
    next: "restore the file or export the model again",
  });
}

function lengthOf(wireType: number, message: Uint8Array, cursor: { at: number }): number {
  if (wireType === 2) return varint(message, cursor);
  if (wireType === 5) return 4;
  if (wireType === 1) return 8;
  throw damaged(`a field has the unknown wire type ${wireType}`);
}

function varint(bytes: Uint8Array, cursor: { at: number }): number {
  let value = 0;
  for (let scale = 1;; scale *= 0x80) {
    if (cursor.at >= bytes.length) throw damaged("it ends within a number");
    const byte = bytes[cursor.at++];
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
}
