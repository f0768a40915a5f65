/** Requests and answers on their way between threads. */

import { context, type SpanContext, trace } from "@opentelemetry/api";
import { transfer } from "comlink";
import type { Hono } from "hono";
import type { AppEnv } from "../http/admission.ts";

/** A request as plain data; its body is not read yet. */
export interface ForwardedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** The other end of the connection. */
  readonly remoteAddr?: { readonly hostname: string };
  /** The span of the request, if it is traced: that of the thread that took it. */
  readonly span?: SpanContext;
}

/** An answer as plain data. */
export interface ForwardedAnswer {
  readonly status: number;
  readonly headers: [string, string][];
  /** Whole, or as it comes where it is a stream of events. */
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Pattern of the path that was asked for. */
  readonly route: string;
  /** Id of the request. */
  readonly id: string;
}

/** Answers a request of another thread. */
export type Answer = (request: ForwardedRequest) => Promise<ForwardedAnswer>;

/** Lets another thread answer a request. */
export async function forward(
  request: Request,
  remoteAddr: ForwardedRequest["remoteAddr"],
  answer: Answer,
): Promise<Pick<ForwardedAnswer, "route" | "id"> & { readonly response: Response }> {
  const { method, url, body } = request;
  const plain: ForwardedRequest = {
    ...{ method, url, body },
    headers: [...request.headers],
    // The listener's own object has more than another thread can take.
    remoteAddr: remoteAddr && { hostname: remoteAddr.hostname },
    span: activeSpan(),
  };
  const { status, headers, body: bytes, route, id } = await answer(
    transfer(plain, body ? [body] : []),
  );
  const empty = bytes instanceof Uint8Array && bytes.length === 0;
  const response = new Response(empty ? null : bytes, { status, headers });
  return { response, route, id };
}

/** What tells another thread of the active span. */
function activeSpan(): SpanContext | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span === undefined) return undefined;
  const { traceId, spanId, traceFlags } = span;
  return { traceId, spanId, traceFlags };
}

/** Answers requests of other threads by `app`. */
export function answerBy(app: Hono<AppEnv>): Answer {
  return async (forwarded) => {
    const request = received(forwarded);
    let known = { route: "", id: "" };
    const onAnswered = (route: string, id: string) => void (known = { route, id });
    const { span, remoteAddr } = forwarded;
    const answered = () => app.fetch(request, { onAnswered, remoteAddr });
    const response =
      await (span === undefined
        ? answered()
        : context.with(trace.setSpanContext(context.active(), span), answered));
    // What nobody reads would stay for ever; a caller that hung up has cancelled it already.
    if (!request.bodyUsed) request.body?.cancel().catch(() => {});
    const { status } = response;
    const plain = { status, headers: [...response.headers], ...known };
    // Each event is to be heard when it happens, and some streams never end.
    if (response.body !== null && response.headers.get("content-type") === "text/event-stream") {
      const { body } = response;
      return transfer({ ...plain, body }, [body]);
    }
    const body = await response.bytes();
    return transfer({ ...plain, body }, [body.buffer]);
  };
}

/** What is sent may have a method, a body or an address that no program may make a request with. */
function received({ method, url, headers, body }: ForwardedRequest): Request {
  const request = new Request("http://localhost", { method: body ? "POST" : "GET", headers, body });
  return Object.defineProperties(request, { method: { value: method }, url: { value: url } });
}
