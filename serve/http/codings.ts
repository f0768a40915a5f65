/** Codings of bodies and answers: gzip, deflate, br and zstd by `node:zlib`. */

import { promisify } from "node:util";
import zlib from "node:zlib";

type Bytes = Uint8Array<ArrayBuffer>;
type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Bytes>;
type Pack = (bytes: Uint8Array) => Promise<Bytes>;

const { constants } = zlib;
const gunzip = promisify(zlib.gunzip) as Unpack;

/** Codings in which a body may come, by their names in `Content-Encoding`. */
const unpackers: ReadonlyMap<string, Unpack> = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", promisify(zlib.inflate) as Unpack],
  ["br", promisify(zlib.brotliDecompress) as Unpack],
  ["zstd", promisify(zlib.zstdDecompress) as Unpack],
]);

/** Names of the codings in which a body may come. */
export const bodyCodings: readonly string[] = [...unpackers.keys()];

/** Unpacks a body up to a length; undefined if the coding is not known. */
export function unpackerOf(
  coding: string,
): ((bytes: Uint8Array, most: number) => Promise<Bytes | "too long">) | undefined {
  const unpack = unpackers.get(coding.trim().toLowerCase());
  if (unpack === undefined) return undefined;
  return async (bytes, maxOutputLength) => {
    try {
      return await unpack(bytes, { maxOutputLength });
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") return "too long";
      throw error;
    }
  };
}

/** Levels that take about a millisecond for 100 kB: an answer is packed once for one caller. */
const packers: ReadonlyMap<string, Pack> = new Map<string, Pack>([
  ["zstd", (bytes) => promisify(zlib.zstdCompress)(bytes) as Promise<Bytes>],
  ["br", (bytes) => {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: 4,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    return promisify(zlib.brotliCompress)(bytes, { params }) as Promise<Bytes>;
  }],
  ["gzip", (bytes) => promisify(zlib.gzip)(bytes, { level: 4 }) as Promise<Bytes>],
]);

/**
 * The coding that an `Accept-Encoding` likes best, of those liked alike the
 * smallest; undefined if it takes none of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(acceptedCoding("gzip, br;q=0.5"), "gzip");
 * assertEquals(acceptedCoding("gzip;q=0, *"), "zstd");
 * assertEquals(acceptedCoding("identity"), undefined);
 * ```
 */
export function acceptedCoding(header: string): string | undefined {
  const weights = new Map<string, number>();
  for (const part of header.split(",")) {
    const [name, ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const weight = parameters.find((text) => text.startsWith("q="))?.slice(2);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  let best: string | undefined;
  let most = 0;
  for (const name of packers.keys()) {
    const weight = weights.get(name) ?? weights.get("*") ?? 0;
    if (weight > most) [best, most] = [name, weight];
  }
  return best;
}

/** Packs bytes in a coding of {@linkcode acceptedCoding}. */
export async function pack(coding: string, bytes: Uint8Array): Promise<Bytes> {
  return await packers.get(coding)!(bytes);
}
