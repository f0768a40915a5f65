/** Answers compressed for callers that take it. */

import { acceptedCoding, pack } from "./codings.ts";
import type { AppContext } from "./admission.ts";

/** Bytes from which an answer is compressed: below it a packet is saved by nothing. */
const LEAST = 1024;

// Events never end, and each is to be heard at once.
const texts = /^(?:text\/(?!event-stream)|application\/(?:[\w.-]+\+)?json\b)/;

/** Where an answer is small whatever is asked, and looking at it would cost each request. */
const small: ReadonlySet<string> = new Set(["/predict", "/livez", "/readyz"]);

/** Whether an answer is to be looked at: the caller takes codings, and it may be large. */
export function mayCompress({ req }: AppContext): boolean {
  return !small.has(req.path) && req.raw.headers.has("accept-encoding");
}

/** Compresses an answer of text with {@linkcode LEAST} bytes or more. */
export async function compress(c: AppContext): Promise<void> {
  const { headers, status } = c.res;
  if (headers.has("content-encoding") || status === 204 || status === 304) return;
  if (!texts.test(headers.get("content-type") ?? "")) return;
  headers.append("Vary", "Accept-Encoding");
  const coding = acceptedCoding(c.req.raw.headers.get("accept-encoding")!);
  // Whose body is looked at is sent in pieces: it is left alone if it stays as it is.
  if (coding === undefined) return;
  const bytes = await c.res.bytes();
  let content = bytes;
  if (bytes.length >= LEAST) {
    content = await pack(coding, bytes);
    headers.set("Content-Encoding", coding);
  }
  const answer = new Response(content, { status, headers });
  c.res = undefined; // Hono would join the headers of both.
  c.res = answer;
}
