/** Why a language model gave no answer, by what can be done about it. */

import { maskedText, ServiceError } from "../base/mod.ts";

/**
 * `rate`: asked too often or beyond a quota; `unavailable`: away or failing; `timeout`: silent for
 * too long; `malformed`: said something that is no answer; `key`: missing, wrong or without the
 * right; `request`: the service does not take what it was asked, as a model that does not exist.
 */
export type ChatErrorKind = "rate" | "unavailable" | "timeout" | "malformed" | "key" | "request";

const nexts: Readonly<Record<ChatErrorKind, string>> = {
  rate: "wait, or raise the quota of the key",
  unavailable: "look whether the service is up and its address is right",
  timeout: "ask again, or allow more time",
  malformed: "look whether the address is that of the service's API",
  key: "set a key that may use the model",
  request: "name a model that the service has and that takes what is asked",
};

/** Kinds after which another attempt may do better. */
const passing: ReadonlySet<ChatErrorKind> = new Set([
  "rate",
  "unavailable",
  "timeout",
  "malformed",
]);

/** A language model gave no answer. */
export class ChatError extends ServiceError {
  /** Name of the class. */
  override name = "ChatError";

  /** Takes what happened and, where the service says so, in how many seconds to try again. */
  constructor(
    readonly kind: ChatErrorKind,
    message: string,
    readonly retryAfter?: number,
    cause?: unknown,
  ) {
    super(maskedText(message), { cause, next: nexts[kind] });
  }

  /** Whether another attempt may do better. */
  get passes(): boolean {
    return passing.has(this.kind);
  }
}

/** The kind of a refusal by its HTTP status. */
export function kindOfStatus(status: number): ChatErrorKind {
  if (status === 429) return "rate";
  if (status === 401 || status === 403) return "key";
  if (status === 408 || status === 504) return "timeout";
  return status >= 500 ? "unavailable" : "request";
}

/**
 * Seconds after which a service wants to be asked again, by what HTTP and Google's RPC say:
 * `Retry-After` in seconds or as a date, `retry-after-ms`, or a `RetryInfo` in the body.
 *
 * @param now Milliseconds since 1970.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(retryAdvice(new Headers({ "retry-after": "7" }), "", 0), 7);
 * const info = '{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}';
 * assertEquals(retryAdvice(undefined, info, 0), 1.5);
 * ```
 */
export function retryAdvice(
  headers: Pick<Headers, "get"> | undefined,
  body: string,
  now: number,
): number | undefined {
  const inBody = /RetryInfo.{0,200}?\\?"retryDelay\\?"\s*:\s*\\?"(\d+(?:\.\d+)?)s/s.exec(body) ??
    /\\?"retryDelay\\?"\s*:\s*\\?"(\d+(?:\.\d+)?)s/.exec(body);
  if (inBody !== null) return Number(inBody[1]);
  const ms = headers?.get("retry-after-ms");
  if (ms && /^\d+(\.\d+)?$/.test(ms)) return Number(ms) / 1000;
  const text = headers?.get("retry-after");
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}
