/** Traces, as a collector gets them over OTLP. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { publishCommitted } from "../advisor/published.ts";
import { records, save } from "./fixture.ts";
import { ServerProcess } from "./server_process.ts";
import { waitUntil } from "../wait_until.ts";

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
}

/** Collects spans. */
class Collector implements AsyncDisposable {
  readonly spans: Span[] = [];
  readonly #server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const body = await request.json();
      if (new URL(request.url).pathname === "/v1/traces") {
        for (const { scopeSpans } of body.resourceSpans) {
          for (const { spans } of scopeSpans) this.spans.push(...spans);
        }
      }
      return Response.json({});
    },
  );

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

for (const workers of ["1", "2"]) {
  Deno.test(`tracing: a request's span carries on the caller's trace and holds queue, inference, serialise (--workers ${workers})`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await save(folder);
      await publishCommitted(join(folder, "knowledge"));
      await using collector = new Collector();
      await using server = new ServerProcess(folder, [
        ...["--workers", workers, "--advice-knowledge", join(folder, "knowledge")],
        ...["--advice-conversations", join(folder, "log", "conversations.sqlite")],
      ], {
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: "50",
      });
      const { url } = await server.logged("listening") as { url: string };
      const traceId = "0af7651916cd43dd8448eb211c80319c";
      const callers = "b7ad6b7169203331";
      const response = await fetch(`${url}/predict`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-request-id": "traced-1",
          traceparent: `00-${traceId}-${callers}-01`,
        },
        body: JSON.stringify(records[0]),
      });
      assertEquals(response.status, 200);
      await response.body?.cancel();
      const find = (name: string) => collector.spans.find((span) => span.name === name);
      await waitUntil(
        () => find("POST /predict") !== undefined && find("serialise") !== undefined,
        "the spans of a prediction have come",
      );
      const request = find("POST /predict")!;
      assertEquals([request.traceId, request.parentSpanId], [traceId, callers]);
      const attributes = (span: Span) =>
        Object.fromEntries(span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
      assertEquals(attributes(request)["http.route"], "/predict");
      let before = BigInt(request.startTimeUnixNano);
      for (const name of ["queue", "inference", "serialise"]) {
        const span = find(name)!;
        assertEquals([span.traceId, span.parentSpanId], [traceId, request.spanId], name);
        const [from, to] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
        // Clocks of Deno and of its spans differ by their rounding to milliseconds.
        assert(from >= before - 2_000_000n && to > from, name);
        assertEquals(attributes(span)["dinoflow.request_id"], "traced-1");
        assertEquals(attributes(span)["dinoflow.role"], "champion");
        before = to;
      }
      assert(before <= BigInt(request.endTimeUnixNano) + 2_000_000n);

      const other = await fetch(`${url}/livez`, { headers: { "x-request-id": "traced-2" } });
      await other.body?.cancel();
      await waitUntil(() => find("GET /livez") !== undefined, "the span of /livez has come");
      const { "http.route": route, "dinoflow.request_id": id } = attributes(find("GET /livez")!);
      assertEquals([route, id], ["/livez", "traced-2"]);

      // What takes several stages tells each, below its request.
      const asked = await fetch(`${url}/predict/advice`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ question: "What is 12 % of 5,000 rupees?", stream: true }),
      });
      assertEquals([asked.status, (await asked.text()).includes("event: done")], [200, true]);
      await waitUntil(
        () => find("answer") !== undefined && find("POST /predict/advice") !== undefined,
        "the spans of advice have come",
      );
      assertEquals(find("answer")!.traceId, find("POST /predict/advice")!.traceId);
      assertEquals(await server.stop(), 0);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
