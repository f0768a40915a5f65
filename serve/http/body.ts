/** Reading JSON bodies: type and coding asked for, the size watched while reading. */

import type { Cancellation } from "../contract.ts";
import { Problem } from "./problem.ts";

const jsonType = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** Codings in which a body may come. */
const codings: ReadonlyMap<string, CompressionFormat> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
]);

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The body as JSON.
 *
 * @param limit Bytes that it may have, compressed or not.
 * @param cutShort What it is where the body ends too early.
 * @throws {Problem} 400 where it is no JSON in UTF-8, 413 where it is too large,
 * 415 where it is not declared as JSON or its coding is not known, 504 where it is called off.
 */
export async function readJson(
  request: Request,
  limit: number,
  cutShort: () => Problem,
  cancellation?: Cancellation,
): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type === null || (type !== "application/json" && !jsonType.test(type))) {
    throw new Problem(415, `Cannot read a body of type ${type ?? "that is not declared"}`, {
      headers: { "Accept-Post": "application/json" },
    });
  }
  const length = request.headers.get("content-length");
  if (length !== null && Number(length) > limit) throw tooLarge(limit);
  const coding = request.headers.get("content-encoding");
  const plain = coding === null || coding === "identity";
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    cancellation?.onCancel(reject);
    // With a length, HTTP itself holds the sender to it.
    (!plain
      ? readPieces(unpacked(request, coding), limit)
      : length === null
      ? readPieces(request.body, limit)
      : request.bytes()).then(
        resolve,
        (error) => reject(error instanceof Problem ? error : cutShort()),
      );
  });
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not in UTF-8" : (cause as Error).message;
    throw new Problem(400, `The body is no JSON: ${reason}`, { cause });
  }
}

/** The body of a request that comes in a coding. */
function unpacked(request: Request, coding: string): ReadableStream<Uint8Array> | null {
  const format = codings.get(coding.trim().toLowerCase());
  if (format === undefined) {
    throw new Problem(415, `Cannot read a body in the coding ${coding.slice(0, 40)}`, {
      headers: { "Accept-Encoding": [...codings.keys()].join(", ") },
    });
  }
  return request.body?.pipeThrough<Uint8Array>(new DecompressionStream(format)) ?? null;
}

async function readPieces(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of body ?? []) {
    total += piece.length;
    if (total > limit) throw tooLarge(limit);
    pieces.push(piece);
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function tooLarge(limit: number): Problem {
  return new Problem(413, `Cannot take the body: it has more than ${limit} bytes`);
}
