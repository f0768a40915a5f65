/** Posts JSON. */

import { keepSecret, ServiceError, UsageError } from "../../base/mod.ts";

/**
 * Posts a body to an address, which counts as secret.
 *
 * @throws {ServiceError} if nobody answers, or not with success.
 */
export async function postJson(url: string, body: unknown, signal: AbortSignal): Promise<void> {
  const host = new URL(url).host;
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    throw new ServiceError(`Cannot post to ${host}: ${(cause as Error).message}`, { cause });
  }
  await response.body?.cancel();
  if (!response.ok) {
    throw new ServiceError(`Cannot post to ${host}: it answered ${response.status}`);
  }
}

/**
 * The address that a variable holds.
 *
 * @throws {UsageError} if it is none.
 */
export function addressIn(variable: string, text: string): string {
  keepSecret(text);
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? "")) return text;
  throw new UsageError(`Cannot use ${variable}: it is no http or https address`, {
    next: `set ${variable} to one, or unset it`,
  });
}
