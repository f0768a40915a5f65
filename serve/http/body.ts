/** Reading JSON bodies: the type asked for, the size watched while reading. */

import type { Cancellation } from "../contract.ts";
import { Problem } from "./problem.ts";

const jsonType = /^application\/(?:[\w.-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The body as JSON.
 *
 * @param limit Bytes that it may have.
 * @param cutShort What it is where the body ends too early.
 * @throws {Problem} 400 where it is no JSON, 413 where it is too large, 415
 * where it is not declared as JSON, 504 where it is called off.
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
  const text = await new Promise<string>((resolve, reject) => {
    cancellation?.onCancel(reject);
    // With a length, HTTP itself holds the sender to it.
    (length === null ? readPieces(request, limit) : request.text()).then(
      resolve,
      (error) => reject(error instanceof Problem ? error : cutShort()),
    );
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem(400, `The body is no JSON: ${(cause as Error).message}`, { cause });
  }
}

async function readPieces(request: Request, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of request.body ?? []) {
    bytes += piece.length;
    if (bytes > limit) throw tooLarge(limit);
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function tooLarge(limit: number): Problem {
  return new Problem(413, `Cannot take the body: it has more than ${limit} bytes`);
}
