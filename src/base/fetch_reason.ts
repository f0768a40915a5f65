/** Why a request has no answer, in the words of the innermost error. */

/**
 * The reason itself: `fetch` wraps "connection refused" in other errors and longer words.
 *
 * @param thrown What `fetch` threw.
 * @param timeoutMs How long it was waited for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const cause = new Error("error sending request for url (http://a/): connection refused");
 * assertEquals(fetchReason(new TypeError("failed", { cause }), 1000), "connection refused");
 * ```
 */
export function fetchReason(thrown: unknown, timeoutMs: number): string {
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") {
    return `no answer within ${+(timeoutMs / 1000).toFixed(2)} s`;
  }
  if (thrown instanceof Error && thrown.cause instanceof Error) {
    return fetchReason(thrown.cause, timeoutMs);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.replace(/^error sending request for url \(\S*\): (client error \(\w+\): )?/, "");
}
