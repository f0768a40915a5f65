/**
 * Values as bytes and back: each kind in its natural format, and a small JSON
 * document that holds them together.
 *
 * Plain values are JSON. Typed arrays are raw little-endian numbers, Polars
 * frames are Parquet, saved files are themselves; each of these is a blob of its
 * own that the document names by digest. What JSON cannot say (NaN, dates, maps)
 * is written as an object with the key `$`.
 */

import { nodeModule, sha256, UserError } from "../base/mod.ts";
import { codecFor, codecNamed } from "./own_codec.ts";
import { SavedFile } from "./saved_file.ts";

/** A value as bytes. */
export interface Encoded {
  /** The document. */
  readonly document: Uint8Array<ArrayBuffer>;
  /** What the document names, by digest. */
  readonly blobs: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A value that cannot be kept: where it is and what it is. */
export class UnkeepableError extends UserError {
  /** Name of the class. */
  override name = "UnkeepableError";
}

const arrayTypes = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
type ArrayType = keyof typeof arrayTypes;

/** Arrays shorter than this many bytes stay in the document. */
const INLINE_BELOW = 512;

/** Levels that a value may have: more would fill the stack of whoever walks down it. */
const DEEPEST = 1000;

/** A value in a document that JSON cannot say. */
type Special =
  | { readonly $: "undefined" }
  | { readonly $: "number"; readonly text: string }
  | { readonly $: "bigint"; readonly text: string }
  | { readonly $: "date"; readonly text: string }
  | { readonly $: "map" | "set"; readonly items: readonly unknown[] }
  | {
    readonly $: "object";
    readonly entries: readonly (readonly [string, unknown])[];
    /** Without prototype, as the groups of a match. */
    readonly bare?: true;
  }
  /** A list with holes or with properties beside its items, as a match has. */
  | {
    readonly $: "list";
    readonly length: number;
    readonly entries: readonly (readonly [string, unknown])[];
  }
  | { readonly $: "own"; readonly codec: string; readonly value: unknown }
  /** What stands in more than one place, where it stands first, and in all others. */
  | { readonly $: "first"; readonly id: number; readonly value: unknown }
  | { readonly $: "again"; readonly id: number }
  | { readonly $: "parquet"; readonly blob: string }
  | ({ readonly $: "file" } & SavedCopy)
  | {
    readonly $: "array";
    readonly type: ArrayType;
    readonly shared: boolean;
    readonly blob?: string;
    readonly base64?: string;
  };

/** A document as JSON reads it, with specials among it. */
type Document = unknown;

/** What a Polars frame looks like from here; the package is loaded only to read one. */
interface Frame {
  writeParquet(options: { compression: string }): Uint8Array;
}

/**
 * Turns a value into bytes.
 *
 * @throws {UnkeepableError} for what would not come back as it was: a function, an instance of
 * a class that no codec is declared for, a symbol, an accessor, a cycle, more than 1,000 levels;
 * the message names where it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const value = { name: "forest", depth: NaN, splits: new Float64Array(1000) };
 * const { document, blobs } = encode(value);
 * assertEquals(decode(document, blobs), value);
 * ```
 */
export function encode(value: unknown): Encoded {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  /** What became of each object that was met; undefined for those that the walk is inside of. */
  const met = new Map<object, Document>();
  /** Documents of what is met again, by the document where it was met first. */
  const again = new Map<Document, Special & { readonly $: "again" }>();
  let depth = 0;

  function keep(bytes: Uint8Array<ArrayBuffer>): string {
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return digest;
  }
  function visit(part: unknown, path: string): Document {
    switch (typeof part) {
      case "string":
      case "boolean":
        return part;
      case "undefined":
        return { $: "undefined" } satisfies Special;
      case "number":
        if (Number.isFinite(part) && !Object.is(part, -0)) return part;
        return { $: "number", text: Object.is(part, -0) ? "-0" : String(part) } satisfies Special;
      case "bigint":
        return { $: "bigint", text: String(part) } satisfies Special;
      case "object":
        break;
      default:
        throw unkeepable(path, `a ${typeof part}`);
    }
    if (part === null) return null;
    if (met.has(part)) return meetAgain(part, path);
    if (depth === DEEPEST) throw unkeepable("", `nested more than ${DEEPEST} levels deep`);
    met.set(part, undefined);
    depth++;
    const encoded = visitObject(part, path);
    depth--;
    met.set(part, encoded);
    return encoded;
  }
  function meetAgain(part: object, path: string): Document {
    const first = met.get(part);
    if (first === undefined) throw unkeepable(path, "part of itself");
    const known = again.get(first) ?? { $: "again", id: again.size };
    again.set(first, known);
    return known;
  }
  function visitObject(part: object, path: string): Document {
    const prototype = Object.getPrototypeOf(part);
    if (Array.isArray(part) && prototype === Array.prototype) {
      if (isDense(part)) {
        return part.map((item, i) => isPlain(item) ? item : visit(item, `${path}[${i}]`));
      }
      const entries = visitEntries(part, path).filter(([key]) => key !== "length");
      return { $: "list", length: part.length, entries } satisfies Special;
    }
    if (ArrayBuffer.isView(part)) return visitArray(part, path);
    if (prototype === Date.prototype) {
      bareOf(part, path);
      return { $: "date", text: String((part as Date).getTime()) } satisfies Special;
    }
    if (prototype === Map.prototype || prototype === Set.prototype) {
      bareOf(part, path);
      const items = visitObject([...part as Set<unknown>], path) as Document[];
      return { $: prototype === Map.prototype ? "map" : "set", items } satisfies Special;
    }
    if (prototype === SavedFile.prototype) {
      const { path: file, shared } = part as SavedFile;
      const blob = keep(Deno.readFileSync(file));
      return {
        $: "file",
        path: file,
        blob,
        ...shared && { shared: true as const },
      } satisfies Special;
    }
    const own = codecFor(part);
    if (own) {
      return { $: "own", codec: own.name, value: visit(own.encode(part), path) } satisfies Special;
    }
    if (isFrame(part)) {
      const blob = keep(new Uint8Array(part.writeParquet({ compression: "zstd" })));
      return { $: "parquet", blob } satisfies Special;
    }
    if (prototype !== Object.prototype && prototype !== null) {
      throw unkeepable(path, `an instance of ${part.constructor?.name || "a class"}`);
    }
    const entries = visitEntries(part, path);
    if (prototype === null) return { $: "object", entries, bare: true } satisfies Special;
    return "$" in part ? { $: "object", entries } satisfies Special : Object.fromEntries(entries);
  }
  /** All properties, which must be such that assigning them makes the same again. */
  function visitEntries(part: object, path: string): (readonly [string, Document])[] {
    return Reflect.ownKeys(part).map((key) => {
      if (typeof key === "symbol") throw unkeepable(path, "keyed by a symbol");
      const { get, set, enumerable, value } = Object.getOwnPropertyDescriptor(part, key)!;
      if (!get && !set && enumerable && isPlain(value)) return [key, value] as const;
      const place = Array.isArray(part) && /^\d+$/.test(key) ? `${path}[${key}]` : `${path}.${key}`;
      if (get || set) throw unkeepable(place, "an accessor");
      if (!enumerable && !(key === "length" && Array.isArray(part))) {
        throw unkeepable(place, "a hidden property");
      }
      return [key, visit(value, place)] as const;
    });
  }
  /** Makes sure that a value has no properties beside what it is by itself. */
  function bareOf(part: object, path: string): void {
    const [key] = Reflect.ownKeys(part);
    if (key === undefined) return;
    const what = part instanceof Date ? "Date" : part instanceof Map ? "Map" : "Set";
    throw unkeepable(`${path}.${String(key)}`, `a property of a ${what}`);
  }
  function visitArray(view: ArrayBufferView, path: string): Special {
    const type = view.constructor.name as ArrayType;
    if (Object.getPrototypeOf(view) !== arrayTypes[type]?.prototype) {
      throw unkeepable(path, `a ${type}`);
    }
    const { length } = view as unknown as ArrayLike<unknown>;
    if (length <= SEARCHED && Reflect.ownKeys(view).length > length) {
      throw unkeepable(path, `a ${type} with properties of its own`);
    }
    const shared = view.buffer instanceof SharedArrayBuffer;
    const bytes = new Uint8Array(view.byteLength);
    bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    if (bytes.length < INLINE_BELOW) return { $: "array", type, shared, base64: bytes.toBase64() };
    return { $: "array", type, shared, blob: keep(bytes) };
  }

  const whole = visit(value, "");
  const document = JSON.stringify(
    whole,
    again.size === 0 ? undefined : (_key, part) => {
      const known = again.get(part);
      again.delete(part);
      return known ? { $: "first", id: known.id, value: part } satisfies Special : part;
    },
  );
  return { document: new TextEncoder().encode(document), blobs };
}

/** A saved file and the digest of its copy. */
export interface SavedCopy {
  /** Where it stands. */
  readonly path: string;
  /** Digest of its content. */
  readonly blob: string;
  /** Whether it is put back only where it is gone. */
  readonly shared?: true;
}

/** What a document names: all its blobs by digest, and those that are saved files. */
export interface Contents {
  /** Digests of the bytes beside the document. */
  readonly blobs: readonly string[];
  /** Saved files. */
  readonly files: readonly SavedCopy[];
}

/** Finds what a document names. */
export function contentsOf(document: Uint8Array): Contents {
  const blobs = new Set<string>();
  const files: SavedCopy[] = [];
  for (const special of specials(JSON.parse(new TextDecoder().decode(document)))) {
    if ("blob" in special && special.blob !== undefined) blobs.add(special.blob);
    if (special.$ !== "file") continue;
    const { path, blob, shared } = special;
    files.push({ path, blob, ...shared && { shared } });
  }
  return { blobs: [...blobs], files };
}

/** Turns bytes into the value they were made from. */
export function decode(document: Uint8Array, blobs: Encoded["blobs"]): unknown {
  return revive(JSON.parse(new TextDecoder().decode(document)), blobs, new Map());
}

function* specials(part: Document): Generator<Special> {
  if (isPlain(part)) return;
  if (isSpecial(part)) yield part;
  for (const inner of Object.values(part as object)) if (!isPlain(inner)) yield* specials(inner);
}

/** Puts values in place of specials, from the inside out; `known` has those that stand elsewhere too. */
function revive(part: Document, blobs: Encoded["blobs"], known: Map<number, unknown>): unknown {
  if (isPlain(part)) return part;
  for (const [key, inner] of Object.entries(part as Record<string, unknown>)) {
    if (isPlain(inner)) continue;
    const value = revive(inner, blobs, known);
    if (value !== inner) Object.defineProperty(part, key, { ...writable, value });
  }
  return isSpecial(part) ? valueOf(part, blobs, known) : part;
}

const writable = { configurable: true, enumerable: true, writable: true };

function valueOf(special: Special, blobs: Encoded["blobs"], known: Map<number, unknown>): unknown {
  switch (special.$) {
    case "first":
      known.set(special.id, special.value);
      return special.value;
    case "again":
      return known.get(special.id);
    case "undefined":
      return undefined;
    case "number":
      return Number(special.text);
    case "bigint":
      return BigInt(special.text);
    case "date":
      return new Date(Number(special.text));
    case "map":
      return new Map(special.items as [unknown, unknown][]);
    case "set":
      return new Set(special.items);
    case "object": {
      const made = Object.fromEntries(special.entries);
      return special.bare ? Object.setPrototypeOf(made, null) : made;
    }
    case "list": {
      const made = new Array(special.length);
      for (const [key, value] of special.entries) {
        Object.defineProperty(made, key, { ...writable, value });
      }
      return made;
    }
    case "own":
      return codecNamed(special.codec).decode(special.value);
    case "parquet":
      return polars().readParquet(Buffer.from(blobs.get(special.blob)!));
    case "file":
      return new SavedFile(special.path, { shared: special.shared });
    case "array": {
      const { type, shared, blob, base64 } = special;
      const bytes = blob === undefined ? Uint8Array.fromBase64(base64!) : blobs.get(blob)!;
      const buffer = shared ? new SharedArrayBuffer(bytes.length) : new ArrayBuffer(bytes.length);
      new Uint8Array(buffer).set(bytes);
      return new (arrayTypes[type] as new (buffer: ArrayBufferLike) => ArrayBufferView)(buffer);
    }
  }
}

/** Loads Polars when the first frame is read; most runs read none. */
function polars(): typeof import("nodejs-polars").default {
  return nodeModule("node:module").createRequire(import.meta.url)("nodejs-polars").default;
}

function isPlain(part: unknown): boolean {
  if (typeof part === "number") return Number.isFinite(part) && !Object.is(part, -0);
  return part === null || typeof part === "string" || typeof part === "boolean";
}

/** Up to so many items, hidden properties are looked for too, which takes longer. */
const SEARCHED = 10_000;

/** Whether a list has its items and nothing else. */
export function isDense(list: readonly unknown[]): boolean {
  const { length } = list;
  if (length <= SEARCHED) {
    return Reflect.ownKeys(list).length === length + 1 &&
      (length === 0 || Object.hasOwn(list, length - 1));
  }
  const keys = Object.keys(list);
  return keys.length === length && keys.at(-1) === `${length - 1}` &&
    Object.getOwnPropertySymbols(list).length === 0;
}

function isSpecial(part: Document): part is Special {
  return !Array.isArray(part) && "$" in (part as object);
}

/** Whether a value is a Polars frame. */
export function isFrame(part: object): part is Frame {
  return typeof (part as Partial<Frame>).writeParquet === "function"; // `in` would ask for a column
}

function unkeepable(path: string, what: string): UnkeepableError {
  return new UnkeepableError(`its value${path === "" ? "" : ` at ${path}`} is ${what}`);
}
