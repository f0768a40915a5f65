/** Requests and answers on their way between threads. */

import { transfer } from "comlink";

/** A request as plain data; its body is not read yet. */
export interface ForwardedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

/** An answer as plain data. */
export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Answers a request of another thread. */
export type Answer = (request: ForwardedRequest) => Promise<ForwardedAnswer>;

/** Lets another thread answer a request. */
export async function forward(request: Request, answer: Answer): Promise<Response> {
  const { method, url, body } = request;
  const plain = { method, url, headers: [...request.headers], body };
  const { status, headers, body: bytes } = await answer(transfer(plain, body ? [body] : []));
  return new Response(bytes.length > 0 ? bytes : null, { status, headers });
}

/** Answers requests of other threads as `handler` does. */
export function answerWith(handler: (request: Request) => Response | Promise<Response>): Answer {
  return async (forwarded) => {
    const request = received(forwarded);
    const response = await handler(request);
    // What nobody reads would stay for ever.
    if (!request.bodyUsed) await request.body?.cancel();
    const body = await response.bytes();
    const { status } = response;
    return transfer({ status, headers: [...response.headers], body }, [body.buffer]);
  };
}

/** What is sent may have a method, a body or an address that no program may make a request with. */
function received({ method, url, headers, body }: ForwardedRequest): Request {
  const request = new Request("http://localhost", { method: body ? "POST" : "GET", headers, body });
  return Object.defineProperties(request, { method: { value: method }, url: { value: url } });
}
