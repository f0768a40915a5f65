/** Answers compressed for callers that take it. */

import type { MiddlewareHandler } from "hono";
import { acceptedCoding, pack } from "./codings.ts";
import type { AppEnv } from "./gate.ts";

/** Bytes from which an answer is compressed: below it a packet is saved by nothing. */
const LEAST = 1024;

const texts = /^(?:text\/|application\/(?:[\w.-]+\+)?json\b)/;

/** Where an answer is small whatever is asked, and looking at it would cost each request. */
const small: ReadonlySet<string> = new Set(["/predict", "/livez", "/readyz"]);

/** Compresses answers of text with {@linkcode LEAST} bytes or more. */
export function compressed(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const accepted = c.req.raw.headers.get("accept-encoding");
    if (accepted === null || small.has(c.req.path)) return;
    const { headers, status } = c.res;
    if (headers.has("content-encoding") || status === 204 || status === 304) return;
    if (!texts.test(headers.get("content-type") ?? "")) return;
    headers.append("Vary", "Accept-Encoding");
    const coding = acceptedCoding(accepted);
    // Whose body is looked at is sent in pieces: it is left alone where it stays as it is.
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
  };
}
