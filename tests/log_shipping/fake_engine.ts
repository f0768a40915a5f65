/** Elasticsearch as far as logs need it, in memory: it refuses, conflicts and goes away when told to. */

/** A document as it was taken. */
export interface TakenDocument {
  readonly id: string;
  readonly source: Record<string, unknown>;
}

/** A running fake. */
export class FakeEngine implements AsyncDisposable {
  #server?: Deno.HttpServer<Deno.NetAddr>;
  /** The documents, by their ids. */
  readonly documents = new Map<string, Record<string, unknown>>();
  /** The templates, by their names. */
  readonly templates = new Map<string, Record<string, unknown>>();
  /** Names of indices that are no data streams. */
  readonly indices = new Set<string>();
  /** Requests to `_bulk`. */
  bulks = 0;
  /** Answers instead of the usual one; undefined for that. */
  answer: (request: Request, path: string) => Response | undefined | Promise<Response | undefined> =
    () => undefined;
  /** What a single document gets instead of 201. */
  judge: (source: Record<string, unknown>) => { status: number; error?: unknown } | undefined =
    () => undefined;

  /** Takes a port, 0 for any, and begins. */
  constructor(port = 0, readonly distribution?: "opensearch") {
    this.begin(port);
  }

  /** The port. */
  port = 0;

  /** The address. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens. */
  begin(port = this.port): void {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port, onListen: ({ port }) => void (this.port = port) },
      (request) => this.#answer(request),
    );
  }

  /** Goes away. */
  async end(): Promise<void> {
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  async #answer(request: Request): Promise<Response> {
    const path = new URL(request.url).pathname.slice(1);
    const told = await this.answer(request, path);
    if (told !== undefined) {
      if (!request.bodyUsed) await request.body?.cancel();
      return told;
    }
    const body = await request.text();
    if (path === "") {
      const { distribution } = this;
      return Response.json({ version: { number: "9.2.0", ...distribution && { distribution } } });
    }
    const [, template] = /^_index_template\/(.+)$/.exec(path) ?? [];
    if (template !== undefined && request.method === "PUT") {
      this.templates.set(template, JSON.parse(body));
      return Response.json({ acknowledged: true });
    }
    if (template !== undefined) {
      const found = this.templates.get(template);
      if (found === undefined) return Response.json({ error: "missing" }, { status: 404 });
      return Response.json({ index_templates: [{ name: template, index_template: found }] });
    }
    if (path.startsWith("_resolve/index/")) {
      const name = path.slice("_resolve/index/".length);
      return this.indices.has(name)
        ? Response.json({ indices: [{ name }], aliases: [], data_streams: [] })
        : Response.json({ error: { type: "index_not_found_exception" } }, { status: 404 });
    }
    if (path.endsWith("/_bulk")) return this.#bulk(body);
    return Response.json({}, { status: 404 });
  }

  #bulk(body: string): Response {
    this.bulks++;
    const lines = body.trimEnd().split("\n");
    const items: unknown[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { create: { _id } } = JSON.parse(lines[at]);
      const source = JSON.parse(lines[at + 1]);
      const told = this.judge(source);
      if (told !== undefined) items.push({ create: told });
      else if (this.documents.has(_id)) {
        const error = { type: "version_conflict_engine_exception" };
        items.push({ create: { status: 409, error } });
      } else {
        this.documents.set(_id, source);
        items.push({ create: { status: 201 } });
      }
    }
    return Response.json({ items });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
