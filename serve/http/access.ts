/** Who may do what: keys for predictions, other keys for what changes the server. */

import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "./problem.ts";

/** What a route asks for: nothing, the right to predict, or the right to change the server. */
export type Right = "open" | "predict" | "admin";

/** What {@linkcode Access} is told by the settings. */
export interface AccessOptions {
  /** Address that the server listens on. */
  readonly host: string;
  /** Keys that may predict; all may where there are none. */
  readonly apiKeys: readonly string[];
  /** Keys that may do everything. */
  readonly adminKeys: readonly string[];
}

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether an address, or the host of a URL, is this machine's own. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** Decides by the keys of a request. */
export class Access {
  readonly #predict: readonly Uint8Array[];
  readonly #admin: readonly Uint8Array[];

  /** Why nobody may change the server, undefined where somebody may. */
  readonly adminClosed?: string;

  /** Takes the settings. */
  constructor({ host, apiKeys, adminKeys }: AccessOptions) {
    this.#admin = adminKeys.map(digest);
    this.#predict = apiKeys.map(digest);
    if (adminKeys.length > 0) return;
    if (apiKeys.length > 0) this.adminClosed = "there are API_KEYS but no ADMIN_KEYS";
    else if (!isLoopback(host)) {
      this.adminClosed = `the server listens on ${host}, beyond this machine, without ADMIN_KEYS`;
    }
  }

  /**
   * Lets a request pass.
   *
   * @throws {Problem} 401 where its key is missing or wrong, 403 where nobody
   * may do it.
   */
  check(request: Pick<Request, "headers" | "url">, right: Right): void {
    if (right === "open") return;
    const { headers } = request;
    if (right === "predict") {
      if (this.#predict.length > 0) this.#checkKey(headers, [...this.#predict, ...this.#admin]);
      return;
    }
    if (this.adminClosed !== undefined) {
      throw new Problem(403, `Nobody may change the server: ${this.adminClosed}`);
    }
    if (this.#admin.length > 0) this.#checkKey(headers, this.#admin, this.#predict);
    else checkLocal(headers, request.url);
  }

  /** Keys in `others` are known, but not for this. */
  #checkKey(
    headers: Headers,
    digests: readonly Uint8Array[],
    others: readonly Uint8Array[] = [],
  ): void {
    const bearer = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    const given = headers.get("x-api-key") ?? bearer;
    const found = given !== undefined && digest(given);
    // All are compared, so that the time tells nothing.
    const holds = (all: readonly Uint8Array[]) =>
      found && all.filter((known) => timingSafeEqual(known, found)).length > 0;
    if (holds(digests)) return;
    if (holds(others)) throw new Problem(403, "The key may predict, not change the server");
    throw new Problem(401, given === undefined ? "A key is wanted" : "The key is wrong", {
      headers: { "WWW-Authenticate": 'Bearer realm="dinoflow"' },
    });
  }
}

/** What proxies add: a request that has one of them came from elsewhere. */
const forwarding = [
  ...["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"],
  ...["x-forwarded-port", "x-forwarded-server", "x-real-ip", "x-client-ip", "true-client-ip"],
  ...["x-original-host", "x-original-url", "x-rewrite-url", "cf-connecting-ip"],
];

/** Without keys only this machine may: no proxy for others, no page of another site through its browser. */
function checkLocal(headers: Headers, url: string): void {
  const [origin, host] = [headers.get("origin"), headers.get("host")];
  // HTTP/2 names the host in the address alone.
  const hosts = [url, ...(host ? [`http://${host}`] : []), ...(origin ? [origin] : [])];
  const forwarded = forwarding.some((name) => headers.has(name));
  if (!forwarded && hosts.every((url) => URL.canParse(url) && isLoopback(new URL(url).hostname))) {
    return;
  }
  throw new Problem(403, "Without ADMIN_KEYS only this machine may change the server");
}
