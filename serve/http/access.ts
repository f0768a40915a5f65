/** Who may do what: keys for predictions, other keys for what changes the server. */

import type { Caller } from "./caller.ts";
import { Keys } from "./keys.ts";
import { isLoopback } from "./loopback.ts";
import { Problem } from "./problem.ts";
import { placeOf, Rate, type RateTimes, rateTimes } from "./rate.ts";

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
  /** Keys that may predict; all may if there are none. */
  readonly apiKeys: readonly string[];
  /** Keys that may do everything. */
  readonly adminKeys: readonly string[];
  /** Requests a second that each key may send, and without one each address; 0 for any number. */
  readonly rateLimit: number;
}

/** Decides by the keys of a request. */
export class Access {
  #predict: Keys;
  #admin: Keys;
  readonly #rates?: { readonly key: Rate; readonly address: Rate };

  /** Why nobody may change the server, undefined if somebody may. */
  readonly adminClosed?: string;

  /** Takes the settings, and the times that threads share. */
  constructor(
    { host, apiKeys, adminKeys, rateLimit }: AccessOptions,
    private readonly times: RateTimes = rateTimes(),
  ) {
    [this.#predict, this.#admin] = keysOf({ apiKeys, adminKeys });
    if (rateLimit > 0) {
      const [key, address] = [times.keys, times.addresses].map((of) => new Rate(rateLimit, of));
      this.#rates = { key, address };
    }
    if (adminKeys.length > 0) return;
    if (apiKeys.length > 0) this.adminClosed = "there are API_KEYS but no ADMIN_KEYS";
    else if (!isLoopback(host)) {
      this.adminClosed = `the server listens on ${host}, beyond this machine, without ADMIN_KEYS`;
    }
  }

  /** Whether a right is given by a key alone. */
  needsKey(right: Right): boolean {
    if (right === "open") return false;
    return (right === "predict" ? this.#predict : this.#admin).size > 0;
  }

  /** Takes other keys of the same kinds, from the next request on. */
  replace(keys: Pick<AccessOptions, "apiKeys" | "adminKeys">): void {
    [this.#predict, this.#admin] = keysOf(keys);
  }

  /**
   * Lets a request pass, and tells its caller the name of the key.
   *
   * @throws {Problem} 401 if its key is missing or wrong, 403 where nobody
   * may do it, 429 if the key, or the address without one, has asked too often.
   */
  check(request: Pick<Request, "headers" | "url">, right: Right, caller: Caller): void {
    if (right === "open") return;
    const { headers } = request;
    if (right === "predict") {
      if (this.#predict.size === 0) this.#takeAddress(caller);
      else this.#checkKey(headers, [this.#predict, this.#admin], caller);
      return;
    }
    if (this.adminClosed !== undefined) {
      throw new Problem(403, `Nobody may change the server: ${this.adminClosed}`);
    }
    if (this.#admin.size > 0) this.#checkKey(headers, [this.#admin], caller, this.#predict);
    else checkLocal(headers, request.url, caller);
  }

  /** Keys in `others` are known, but not for this. */
  #checkKey(headers: Headers, keys: readonly Keys[], caller: Caller, others?: Keys): void {
    const bearer = /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    const given = headers.get("x-api-key") ?? bearer;
    const find = (some: readonly Keys[]) =>
      given === undefined
        ? undefined
        : some.map((keys) => keys.find(given)).find((key) => key !== undefined);
    const found = find(keys);
    if (found !== undefined) {
      caller.key = found.name;
      caller.rights = found.place < this.#predict.size ? "predict" : "admin";
      this.#rates?.key.take(found.place, Date.now(), "key");
      return;
    }
    // Who guesses keys is slowed down too.
    this.#takeAddress(caller);
    if (others !== undefined && find([others]) !== undefined) {
      throw new Problem(403, "The key may predict, not change the server");
    }
    throw new Problem(401, given === undefined ? "A key is wanted" : "The key is wrong", {
      headers: { "WWW-Authenticate": 'Bearer realm="dinoflow"' },
    });
  }

  #takeAddress(caller: Caller): void {
    if (this.#rates === undefined) return;
    this.#rates.address.take(placeOf(caller.address, this.times.seed), Date.now(), "address");
  }
}

function keysOf({ apiKeys, adminKeys }: Pick<AccessOptions, "apiKeys" | "adminKeys">) {
  return [new Keys(apiKeys, 0), new Keys(adminKeys, apiKeys.length)] as const;
}

/** Without keys only this machine may: no proxy for others, no page of another site through its browser. */
function checkLocal(headers: Headers, url: string, caller: Caller): void {
  const [origin, host] = [headers.get("origin"), headers.get("host")];
  // HTTP/2 names the host in the address alone.
  const hosts = [url, ...(host ? [`http://${host}`] : []), ...(origin ? [origin] : [])];
  if (
    caller.local && hosts.every((url) => URL.canParse(url) && isLoopback(new URL(url).hostname))
  ) return;
  throw new Problem(403, "Without ADMIN_KEYS only this machine may change the server");
}
