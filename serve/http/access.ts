/** Who may do what: keys for predictions, other keys for what changes the server. */

import { KeyRate, Keys, type KnownKey } from "./keys.ts";
import { Problem } from "./problem.ts";

/** What a route asks for: nothing, the right to predict, or the right to change the server. */
export type Right = "open" | "predict" | "admin";

/** Answers about the server that may ask for a key. */
export type Protected = "metrics" | "health" | "version" | "openapi";

/** What an answer about the server asks for by the settings. */
export function rightOf(answer: Protected, protect: readonly Protected[]): Right {
  return protect.includes(answer) ? "predict" : "open";
}

/** What {@linkcode Access} is told by the settings. */
export interface AccessOptions {
  /** Address that the server listens on. */
  readonly host: string;
  /** Keys that may predict; all may where there are none. */
  readonly apiKeys: readonly string[];
  /** Keys that may do everything. */
  readonly adminKeys: readonly string[];
  /** Requests a second that each key may send; 0 for any number. */
  readonly rateLimit: number;
}

/** Whether an address, or the host of a URL, is this machine's own. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}

/** Decides by the keys of a request. */
export class Access {
  #predict: Keys;
  #admin: Keys;
  readonly #rate?: KeyRate;

  /** Why nobody may change the server, undefined where somebody may. */
  readonly adminClosed?: string;

  /** Takes the settings, and the times of keys that threads share; see {@linkcode KeyRate}. */
  constructor({ host, apiKeys, adminKeys, rateLimit }: AccessOptions, times?: BigInt64Array) {
    [this.#predict, this.#admin] = keysOf({ apiKeys, adminKeys });
    if (rateLimit > 0) this.#rate = new KeyRate(rateLimit, times);
    if (adminKeys.length > 0) return;
    if (apiKeys.length > 0) this.adminClosed = "there are API_KEYS but no ADMIN_KEYS";
    else if (!isLoopback(host)) {
      this.adminClosed = `the server listens on ${host}, beyond this machine, without ADMIN_KEYS`;
    }
  }

  /** Takes other keys of the same kinds, from the next request on. */
  replace(keys: Pick<AccessOptions, "apiKeys" | "adminKeys">): void {
    [this.#predict, this.#admin] = keysOf(keys);
  }

  /**
   * Lets a request pass.
   *
   * @returns The name of its key, undefined where none is asked for.
   * @throws {Problem} 401 where its key is missing or wrong, 403 where nobody
   * may do it, 429 where the key has asked too often.
   */
  check(request: Pick<Request, "headers" | "url">, right: Right): string | undefined {
    if (right === "open") return;
    const { headers } = request;
    if (right === "predict") {
      if (this.#predict.size === 0) return;
      return this.#checkKey(headers, [this.#predict, this.#admin]);
    }
    if (this.adminClosed !== undefined) {
      throw new Problem(403, `Nobody may change the server: ${this.adminClosed}`);
    }
    if (this.#admin.size > 0) return this.#checkKey(headers, [this.#admin], this.#predict);
    checkLocal(headers, request.url);
  }

  /** Keys in `others` are known, but not for this. */
  #checkKey(headers: Headers, keys: readonly Keys[], others?: Keys): string {
    const bearer = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    const given = headers.get("x-api-key") ?? bearer;
    if (given !== undefined) {
      const [found] = keys.map((some) => some.find(given)).filter((key) => key !== undefined);
      if (found !== undefined) return this.#taken(found);
      if (others?.find(given)) throw new Problem(403, "The key may predict, not change the server");
    }
    throw new Problem(401, given === undefined ? "A key is wanted" : "The key is wrong", {
      headers: { "WWW-Authenticate": 'Bearer realm="dinoflow"' },
    });
  }

  #taken(key: KnownKey): string {
    this.#rate?.take(key, Date.now());
    return key.name;
  }
}

function keysOf({ apiKeys, adminKeys }: Pick<AccessOptions, "apiKeys" | "adminKeys">) {
  return [new Keys(apiKeys, 0), new Keys(adminKeys, apiKeys.length)] as const;
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
