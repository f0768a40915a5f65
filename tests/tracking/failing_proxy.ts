/** Stands between a tracker and its server, and fails when it is told to. */

/** How a request fails: never handed on, or handed on and the answer lost on its way back. */
export type Failure = "request lost" | "answer lost";

/** A running proxy; `await using` stops it. */
export interface FailingProxy extends AsyncDisposable {
  /** Its address, for MLFLOW_TRACKING_URI. */
  readonly url: string;
  /** Requests it has seen, as "POST /api/…". */
  readonly requests: readonly string[];
}

/** A body that ends in a lost connection. */
function broken(): Response {
  const body = new ReadableStream({
    start: (controller) => controller.error(new Error("The connection is cut")),
  });
  return new Response(body, { headers: { "content-length": "100" } });
}

/**
 * Hands requests on to `target` until `failsAt` is true of one (its number from
 * 0 and its method and path); from then on it fails all, the first as `failure`
 * says, the others lost on their way.
 */
export function startFailingProxy(
  target: string,
  failure: Failure,
  failsAt: (count: number, request: string) => boolean,
): FailingProxy {
  const requests: string[] = [];
  let failing = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: broken },
    async (request) => {
      const url = new URL(request.url);
      const body = await request.arrayBuffer();
      if (failing) return broken();
      requests.push(`${request.method} ${url.pathname}`);
      failing = failsAt(requests.length - 1, requests[requests.length - 1]);
      if (failing && failure === "request lost") return broken();
      const response = await fetch(target + url.pathname + url.search, {
        method: request.method,
        headers: { "content-type": request.headers.get("content-type") ?? "" },
        body: request.method === "GET" ? undefined : body,
      });
      if (!failing) return response;
      await response.body?.cancel();
      return broken();
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
