/**
 * The format in which Feast keeps features in Redis, so that either reads what the other wrote:
 * an entity is a hash, whose fields are digests of `view:feature` and `_ts:view`.
 *
 * Source: Feast 0.67, `feast/infra/key_encoding_utils.py` (entity keys of version 3),
 * `feast/infra/online_stores/helpers.py`, `protos/feast/types/Value.proto`.
 */

import { Buffer } from "node:buffer";
import { murmur3 } from "../text/mod.ts";
import type { EntityId, FeatureView, StoredKind, StoredValue } from "../feature_store/mod.ts";

/** Numbers of the types that keys hold, as `ValueType` has them. */
const [STRING, INT64] = [2, 4];

/** Wire types of protobuf. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

const number32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** What the keys of a view's entities begin with. */
export function keyHead({ entity: { name, kind } }: Pick<FeatureView, "entity">): Buffer {
  const joinKey = Buffer.from(name);
  return Buffer.concat([
    ...[number32(1), number32(STRING), number32(joinKey.length), joinKey],
    number32(kind === "text" ? STRING : INT64),
  ]);
}

/** The key of an entity's hash. */
export function entityKey(
  view: Pick<FeatureView, "entity">,
  id: EntityId,
  project: string,
  head: Buffer = keyHead(view),
): Buffer {
  const text = view.entity.kind === "text";
  const size = text ? Buffer.byteLength(String(id)) : 8;
  const key = Buffer.allocUnsafe(head.length + 4 + size + Buffer.byteLength(project));
  head.copy(key);
  let at = key.writeUInt32LE(size, head.length);
  at = text ? at + key.write(String(id), at) : key.writeBigInt64LE(BigInt(id), at);
  key.write(project, at);
  return key;
}

/** The field of a feature. */
export function featureField(view: string, feature: string): Buffer {
  const text = Buffer.from(`${view}:${feature}`);
  return number32(murmur3(text, 0, text.length, 0));
}

/** The field of the moment of a view's values. */
export function timeField(view: string): Buffer {
  return Buffer.from(`_ts:${view}`);
}

/** A value as `feast.types.Value`; one that is missing is empty. */
export function encodeValue(kind: StoredKind, value: StoredValue): Buffer {
  if (value === null) return Buffer.alloc(0);
  switch (kind) {
    case "text": {
      const text = Buffer.from(String(value));
      return Buffer.concat([Buffer.from([2 << 3 | BYTES, ...varint(BigInt(text.length))]), text]);
    }
    case "integer":
      return Buffer.from([4 << 3 | VARINT, ...varint(BigInt(Number(value)))]);
    case "boolean":
      return Buffer.from([7 << 3 | VARINT, value === true ? 1 : 0]);
    case "number": {
      const bytes = Buffer.alloc(9);
      bytes[0] = 5 << 3 | FIXED64;
      bytes.writeDoubleLE(Number(value), 1);
      return bytes;
    }
  }
}

/**
 * Reads a `feast.types.Value`: of the field types that Feast writes for single numbers, texts and
 * truth values.
 *
 * @returns null if it is empty, undefined if it holds something else.
 */
export function decodeValue(bytes: Buffer): StoredValue | undefined {
  if (bytes.length === 0) return null;
  const reader = { bytes, at: 0 };
  const tag = bytes[reader.at++];
  try {
    switch (tag) {
      case 2 << 3 | BYTES: {
        const length = readWhole(reader);
        const end = reader.at + length;
        return end === bytes.length ? bytes.toString("utf8", reader.at, end) : undefined;
      }
      case 3 << 3 | VARINT:
      case 4 << 3 | VARINT: {
        const value = readWhole(reader);
        return Number.isSafeInteger(value) ? value : undefined;
      }
      case 5 << 3 | FIXED64:
        return bytes.readDoubleLE(reader.at);
      case 6 << 3 | FIXED32:
        return bytes.readFloatLE(reader.at);
      case 7 << 3 | VARINT:
        return readWhole(reader) !== 0;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // It is cut short.
  }
  return undefined;
}

/** A moment, milliseconds since 1970, as `google.protobuf.Timestamp`. */
export function encodeTime(ms: number): Buffer {
  const seconds = Math.floor(ms / 1000);
  const nanos = Math.round((ms - seconds * 1000) * 1e6);
  return Buffer.from([
    ...(seconds === 0 ? [] : [1 << 3, ...varint(BigInt(seconds))]),
    ...(nanos === 0 ? [] : [2 << 3, ...varint(BigInt(nanos))]),
  ]);
}

/** Reads a `google.protobuf.Timestamp`; undefined if it is none. */
export function decodeTime(bytes: Buffer): number | undefined {
  const reader = { bytes, at: 0 };
  let ms = 0;
  try {
    while (reader.at < bytes.length) {
      const tag = bytes[reader.at++];
      const value = readWhole(reader);
      if (tag === 1 << 3) ms += value * 1000;
      else if (tag === 2 << 3) ms += value / 1e6;
      else return undefined;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
  return ms;
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

/** Bytes of a number that fits a double with all its bits. */
const EXACT_BYTES = 7;

/** A whole number; those of up to seven bytes, as moments are, need no BigInt. */
function readWhole(reader: { readonly bytes: Buffer; at: number }): number {
  const { bytes, at } = reader;
  let value = 0;
  for (let i = 0, scale = 1; i < EXACT_BYTES; i++, scale *= 128) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      reader.at = at + i + 1;
      return value;
    }
  }
  return Number(BigInt.asIntN(64, readVarint(reader)));
}

/** @throws {RangeError} where the bytes end before it does. */
function readVarint(reader: { readonly bytes: Buffer; at: number }): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes.readUInt8(reader.at++);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError("a number of more than ten bytes");
}
