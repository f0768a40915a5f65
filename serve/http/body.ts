/** Reading bodies: type and coding asked for, the size watched while reading. */

import { bodyCodings, unpackerOf } from "./codings.ts";
import type { Ticket } from "./deadlines.ts";
import { Problem } from "./problem.ts";

const jsonType = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

const decoder = new TextDecoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Decodes UTF-8; the lenient decoder is the faster one, and writes U+FFFD for what it cannot read.
 *
 * @throws {TypeError} if it is none.
 */
function fromUtf8(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes("\uFFFD") ? strictDecoder.decode(bytes) : text;
}

/** Whether a media type is JSON in UTF-8. */
export function isJson(type: string): boolean {
  return type === "application/json" || jsonType.test(type);
}

/** How a body is read. */
export interface BodyOptions {
  /** Bytes that it may have, compressed or not. */
  readonly limit: number;
  /** What it is where the body ends too early. */
  readonly cutShort: () => Problem;
  /** The request's place, which hears how much has come and may call it off. */
  readonly ticket?: Ticket;
}

/**
 * The body as JSON.
 *
 * @throws {Problem} 400 if it is no JSON in UTF-8, 415 if it is not
 * declared as JSON, else as {@linkcode readBytes}.
 */
export async function readJsonBody(request: Request, options: BodyOptions): Promise<unknown> {
  const type = request.headers.get("content-type");
  if (type === null || !isJson(type)) {
    throw new Problem(415, `Cannot read a body of type ${type ?? "that is not declared"}`, {
      headers: { "Accept-Post": "application/json" },
    });
  }
  return parseJson(await readBytes(request, options));
}

/** @throws {Problem} 400 if the bytes are no JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not in UTF-8" : (cause as Error).message;
    throw new Problem(400, `The body is no JSON: ${reason}`, { cause });
  }
}

/**
 * The body as text.
 *
 * @throws {Problem} 400 if it is not in UTF-8, else as {@linkcode readBytes}.
 */
export async function readText(request: Request, options: BodyOptions): Promise<string> {
  const bytes = await readBytes(request, options);
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    throw new Problem(400, "The body is not in UTF-8", { cause });
  }
}

/**
 * The body, unpacked if it comes in a coding.
 *
 * @throws {Problem} 400 if it is damaged or cut short, 408 if it comes too slowly, 413 where
 * it is too large, 415 if its coding is not known.
 */
export async function readBytes(
  request: Request,
  { limit, cutShort, ticket }: BodyOptions,
): Promise<Uint8Array> {
  const length = request.headers.get("content-length");
  if (length !== null && Number(length) > limit) throw tooLarge(limit);
  const coding = request.headers.get("content-encoding");
  const unpack = coding === null || coding === "identity" ? undefined : unpackerOf(coding);
  if (unpack === undefined && coding !== null && coding !== "identity") {
    throw new Problem(415, `Cannot read a body in the coding ${coding.slice(0, 40)}`, {
      headers: { "Accept-Encoding": bodyCodings.join(", ") },
    });
  }
  if (ticket !== undefined && length !== null) {
    ticket.bytes = Number(length);
    ticket.declared = true;
  }
  const bytes = await new Promise<Uint8Array>((resolve, reject) => {
    ticket?.onCancel(reject);
    // With a length, HTTP itself holds the sender to it.
    (length === null ? readPieces(request.body, limit, ticket) : request.bytes()).then(
      resolve,
      (error) => reject(error instanceof Problem ? error : cutShort()),
    );
  });
  if (unpack === undefined) return bytes;
  let unpacked: Uint8Array | "too long";
  try {
    unpacked = await unpack(bytes, limit);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new Problem(400, `The body is no ${coding}: ${reason}`, { cause });
  }
  if (unpacked === "too long") throw tooLarge(limit);
  return unpacked;
}

async function readPieces(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  ticket: Ticket | undefined,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of body ?? []) {
    total += piece.length;
    if (ticket !== undefined) ticket.bytes = total;
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
