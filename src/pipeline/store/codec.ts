/**
 * Values as bytes and back: each kind in its natural format, and a small JSON
 * document that holds them together.
 *
 * Plain values are JSON. Typed arrays are raw little-endian numbers, Polars
 * frames are Parquet, saved files are themselves; each of these is a blob of its
 * own that the document names by digest. What JSON cannot say (NaN, dates, maps)
 * is written as an object with the key `$`.
 */

import { nodeModule, sha256, UserError } from "../../base/mod.ts";
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
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
type ArrayType = keyof typeof arrayTypes;

/** Arrays shorter than this many bytes stay in the document. */
const INLINE_BELOW = 512;

/** A value in a document that JSON cannot say. */
type Special =
  | { readonly $: "undefined" }
  | { readonly $: "number"; readonly text: string }
  | { readonly $: "bigint"; readonly text: string }
  | { readonly $: "date"; readonly text: string }
  | { readonly $: "map" | "set"; readonly items: readonly unknown[] }
  | { readonly $: "object"; readonly entries: readonly (readonly [string, unknown])[] }
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
 * @throws {UnkeepableError} for a function, a class instance, a symbol or a cycle;
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
  const above = new Set<object>();

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
    if (above.has(part)) throw unkeepable(path, "part of itself");
    above.add(part);
    const encoded = visitObject(part, path);
    above.delete(part);
    return encoded;
  }
  function visitObject(part: object, path: string): Document {
    if (Array.isArray(part)) {
      return Array.from(part, (item, i) => isPlain(item) ? item : visit(item, `${path}[${i}]`));
    }
    if (ArrayBuffer.isView(part)) return visitArray(part, path);
    if (part instanceof Date) return { $: "date", text: String(part.getTime()) } satisfies Special;
    if (part instanceof Map || part instanceof Set) {
      const items = visitObject([...part], path) as Document[];
      return { $: part instanceof Map ? "map" : "set", items } satisfies Special;
    }
    if (part instanceof SavedFile) {
      const blob = keep(Deno.readFileSync(part.path));
      const { path, shared } = part;
      return { $: "file", path, blob, ...shared && { shared: true as const } } satisfies Special;
    }
    if (isFrame(part)) {
      const blob = keep(new Uint8Array(part.writeParquet({ compression: "zstd" })));
      return { $: "parquet", blob } satisfies Special;
    }
    const prototype = Object.getPrototypeOf(part);
    if (prototype !== Object.prototype && prototype !== null) {
      throw unkeepable(path, `an instance of ${part.constructor?.name ?? "a class"}`);
    }
    if (Object.getOwnPropertySymbols(part).length > 0) throw unkeepable(path, "keyed by a symbol");
    const entries = Object.entries(part).map(([key, inner]) =>
      [key, visit(inner, `${path}.${key}`)] as const
    );
    return "$" in part ? { $: "object", entries } satisfies Special : Object.fromEntries(entries);
  }
  function visitArray(view: ArrayBufferView, path: string): Special {
    const type = view.constructor.name as ArrayType;
    if (!(type in arrayTypes)) throw unkeepable(path, `a ${type}`);
    const shared = view.buffer instanceof SharedArrayBuffer;
    const bytes = new Uint8Array(view.byteLength);
    bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    if (bytes.length < INLINE_BELOW) return { $: "array", type, shared, base64: bytes.toBase64() };
    return { $: "array", type, shared, blob: keep(bytes) };
  }

  const document = JSON.stringify(visit(value, ""));
  return { document: new TextEncoder().encode(document), blobs };
}

/** A saved file and the digest of its copy. */
export interface SavedCopy {
  readonly path: string;
  readonly blob: string;
  /** Whether it is put back only where it is gone. */
  readonly shared?: true;
}

/** What a document names: all its blobs by digest, and those that are saved files. */
export interface Contents {
  readonly blobs: readonly string[];
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
  return revive(JSON.parse(new TextDecoder().decode(document)), blobs);
}

function* specials(part: Document): Generator<Special> {
  if (isPlain(part)) return;
  if (isSpecial(part)) yield part;
  for (const inner of Object.values(part as object)) if (!isPlain(inner)) yield* specials(inner);
}

/** Puts values in place of specials, from the inside out. */
function revive(part: Document, blobs: Encoded["blobs"]): unknown {
  if (isPlain(part)) return part;
  for (const [key, inner] of Object.entries(part as Record<string, unknown>)) {
    if (isPlain(inner)) continue;
    const value = revive(inner, blobs);
    if (value !== inner) Object.defineProperty(part, key, { ...writable, value });
  }
  return isSpecial(part) ? valueOf(part, blobs) : part;
}

const writable = { configurable: true, enumerable: true, writable: true };

function valueOf(special: Special, blobs: Encoded["blobs"]): unknown {
  switch (special.$) {
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
    case "object":
      return Object.fromEntries(special.entries);
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

function isSpecial(part: Document): part is Special {
  return !Array.isArray(part) && "$" in (part as object);
}

function isFrame(part: object): part is Frame {
  return typeof (part as Partial<Frame>).writeParquet === "function"; // `in` would ask for a column
}

function unkeepable(path: string, what: string): UnkeepableError {
  return new UnkeepableError(`its value${path === "" ? "" : ` at ${path}`} is ${what}`);
}
