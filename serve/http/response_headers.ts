/** What every answer gets on its way out: an id, safe headers, and problems as problems. */

import type { Hono, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Observer } from "../contract.ts";
import { Caller, type Proxies } from "./caller.ts";
import { compress, mayCompress } from "./compress.ts";
import type { AppContext, AppEnv } from "./admission.ts";
import { RefusalThrottle } from "./refusal_throttle.ts";
import { Problem } from "./problem.ts";
import { requestId } from "./request_id.ts";

/** What browsers are told of whatever they could open, frame, embed or store. */
const browserHeaders = Object.entries({
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
});

/**
 * Where programs read data, thousands of times a second: JSON that no browser runs, frames or guesses
 * the type of. The handler says that it is not to be stored.
 */
const readByPrograms: ReadonlySet<string> = new Set(["/features/:view", "/features/:view/:id"]);

/** Bytes of a body that is read though nobody wants it. */
const SMALL_BODY = 65_536;

/** Gives the request its id, the answer its headers, and the observer the count. */
export function edge(
  observer: Observer,
  proxies: Proxies,
  life: { readonly draining: boolean },
): MiddlewareHandler<AppEnv> {
  const refusals = new RefusalThrottle();
  return async (c, next) => {
    const startedAt = performance.now();
    const { headers: sent, method } = c.req.raw;
    const caller = new Caller(proxies, c.env, sent);
    c.set("caller", caller);
    try {
      c.set("id", requestId(sent));
      await next();
    } catch (error) {
      c.set("id", requestId(new Headers()));
      c.res = problemResponse(error, c, observer);
    }
    if (mayCompress(c)) await compress(c);
    keepConnection(c.req.raw);
    const { headers, status } = c.res;
    const id = c.get("id");
    headers.set("X-Request-Id", id);
    headers.set("X-Content-Type-Options", "nosniff");
    // Who keeps a connection looks for another server from now on.
    if (life.draining) headers.set("Connection", "close");
    if (method === "HEAD" && !headers.has("content-length") && c.res.body !== null) {
      headers.set("Content-Length", String((await c.res.clone().bytes()).length));
    }
    // The one that answered: a path may be of a pattern too that comes after it.
    const route = routePath(c, c.req.routeIndex);
    // No page can post JSON to another site unless that consents, and no answer to a POST is
    // stored. Deno sends an answer of up to 512 bytes in one piece, for half of the time.
    if (status !== 200 || method !== "POST" && !readByPrograms.has(route)) {
      for (const [name, value] of browserHeaders) if (!headers.has(name)) headers.set(name, value);
    }
    observer.httpRequest(method, route, status, performance.now() - startedAt, id, caller);
    c.env?.onAnswered?.(route, id);
    if (status !== 429) return;
    const pause = refusals.pause(performance.now());
    if (pause > 0) await new Promise((done) => setTimeout(done, pause));
  };
}

/**
 * Reads what a refused request still sends, and nobody waits for it: a body that
 * is left unread ends the connection, and under load new ones cost more than
 * the refusals.
 */
function keepConnection(request: Request): void {
  if (request.bodyUsed || request.method !== "POST") return;
  const length = Number(request.headers.get("content-length"));
  if (!(length > 0 && length <= SMALL_BODY)) return;
  request.text().catch(() => {}); // Who hangs up has no connection to keep.
}

/** Turns what was thrown into an answer; what is no {@linkcode Problem} is a defect and logged. */
export function problemResponse(thrown: unknown, c: AppContext, observer: Observer): Response {
  const id = c.get("id");
  if (!(thrown instanceof Problem)) {
    const stack = thrown instanceof Error ? thrown.stack : String(thrown);
    observer.log("error", "a request met a defect", { request_id: id, stack });
  }
  const problem = thrown instanceof Problem
    ? thrown
    : new Problem(500, "The server failed; its log tells why");
  const { status, headers } = problem;
  if (c.req.path.startsWith("/v2")) {
    const faults = problem.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
    const error = [problem.detail, ...faults].join("; ");
    return Response.json({ error }, { status, headers });
  }
  return Response.json({ ...problem.toJSON(), request_id: id }, {
    status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
  });
}

/** The refusal of a path that is not there, or not for this method. */
export function notFound(app: Hono<AppEnv>, c: AppContext): Problem {
  const { path } = c.req;
  const others = ["GET", "POST", "DELETE"].filter((method) =>
    // What matches every method is no handler, but on the way to one.
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method)
  );
  if (others.length === 0) return new Problem(404, `There is nothing at ${path}`);
  const allow = others.flatMap((method) => method === "GET" ? ["GET", "HEAD"] : [method]).join(
    ", ",
  );
  return new Problem(405, `${c.req.method} is not for ${path}: wanted ${allow}`, {
    headers: { "Allow": allow },
  });
}
