/** A server that answers as a test tells it to, and remembers what it was asked. */

/** A request as the fake has seen it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A running fake; `await using` stops it. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

/** Answers to requests, by "POST runs/create" (below /api/2.0/mlflow/) or by "PUT " and the path. */
export type Answers = Record<string, (request: SeenRequest) => Response | Promise<Response>>;

/** JSON as MLflow answers it. */
export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status });
}

/** An MLflow 2 server with one experiment and one run, which knows no logged models. */
export function smallMlflow(artifactRoot = "mlflow-artifacts:/1"): Answers {
  const run = { run_id: "r1", artifact_uri: `${artifactRoot}/r1/artifacts` };
  const experiment = {
    experiment_id: "1",
    name: "credit",
    artifact_location: artifactRoot,
    lifecycle_stage: "active",
  };
  return {
    "POST experiments/search": () => json({ experiments: [experiment] }),
    "GET experiments/get-by-name": () => json({ experiment }),
    "POST runs/create": () => json({ run: { info: run } }),
    "GET runs/get": () => json({ run: { info: run } }),
    "POST runs/log-batch": () => json({}),
    "POST runs/update": () => json({}),
    "PUT": () => json({}),
  };
}

/** Starts a fake below `prefix`; what has no answer gets MLflow's 404 page. */
export function startFakeServer(answers: Answers, prefix = ""): FakeServer {
  const requests: SeenRequest[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      const seen = {
        method: request.method,
        path: pathname,
        headers: request.headers,
        body: await request.text(),
      };
      requests.push(seen);
      const endpoint = pathname.replace(`${prefix}/api/2.0/mlflow/`, "");
      const answer = answers[`${request.method} ${endpoint}`] ?? answers[request.method];
      return await answer?.(seen) ?? new Response("<h1>Not Found</h1>", {
        status: 404,
        headers: { "content-type": "text/html" },
      });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}${prefix}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
