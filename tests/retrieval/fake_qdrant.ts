/**
 * What of Qdrant's REST interface the store uses, in memory: collections with a dense and a sparse
 * vector, filters on payloads, exact search. It shows that the store keeps to the contract by calls of
 * this form, not that a real Qdrant takes them.
 */

interface Sparse {
  readonly indices: number[];
  readonly values: number[];
}

interface StoredPoint {
  readonly id: string;
  readonly vector: { readonly meaning?: number[]; readonly words?: Sparse };
  readonly payload: Record<string, unknown>;
}

interface Collection {
  readonly size?: number;
  readonly idf: boolean;
  readonly points: Map<string, StoredPoint>;
}

type Condition = { key: string; match: { value?: unknown; any?: unknown[] } };
type Filter = { must?: Condition[]; must_not?: Condition[] };

/** A server at a port of its own. */
export class FakeQdrant implements AsyncDisposable {
  readonly #collections = new Map<string, Collection>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Answer instead of the right one, while it is set. */
  broken?: () => Response | Promise<Response>;
  /** Calls so far, as `PUT /collections/x`. */
  readonly calls: string[] = [];

  constructor(private readonly apiKey = "sesame") {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  /** Its address. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.calls.push(`${request.method} ${pathname}`);
    if (this.broken !== undefined) return await this.broken();
    const failed = (status: number, error: string) =>
      Response.json({ status: { error }, time: 0 }, { status });
    if (request.headers.get("api-key") !== this.apiKey) {
      return failed(401, "Must provide an API key");
    }
    const text = await request.text();
    const body = text === "" ? {} : JSON.parse(text);
    const [, , name, ...rest] = pathname.split("/");
    const action = `${request.method} ${rest.join("/")}`.trim();
    const done = (result: unknown) => Response.json({ result, status: "ok", time: 0 });
    if (action === "PUT") {
      if (this.#collections.has(name)) return failed(409, "Collection exists already");
      this.#collections.set(name, {
        size: body.vectors?.meaning?.size,
        idf: body.sparse_vectors?.words?.modifier === "idf",
        points: new Map(),
      });
      return done(true);
    }
    const collection = this.#collections.get(name);
    if (action === "DELETE") return done(this.#collections.delete(name));
    if (collection === undefined) return failed(404, `Collection ${name} doesn't exist`);
    const { points } = collection;
    const matching = (filter?: Filter) =>
      [...points.values()].filter((point) => holds(point, filter));
    switch (action) {
      case "PUT index":
        return done({ status: "completed" });
      case "PUT points":
        for (const point of body.points as StoredPoint[]) {
          if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(point.id)) {
            return failed(400, `${point.id} is not a valid point ID`);
          }
          const { meaning, words } = point.vector;
          if (meaning !== undefined && meaning.length !== collection.size) {
            return failed(400, `expected dim: ${collection.size}, got ${meaning.length}`);
          }
          if (
            words?.indices.some((at, i) =>
              at < 0 || at > 0xffffffff || words.indices.indexOf(at) !== i
            )
          ) {
            return failed(422, "indices must be unique");
          }
          points.set(point.id, point);
        }
        return done({ status: "completed" });
      case "POST points/delete":
        for (const { id } of matching(body.filter)) points.delete(id);
        return done({ status: "completed" });
      case "POST points/count":
        return done({ count: points.size });
      case "POST points":
        return done((body.ids as string[]).flatMap((id) => points.get(id) ?? []));
      case "POST points/scroll": {
        const found = matching(body.filter).sort((a, b) => a.id < b.id ? -1 : 1);
        const from = body.offset === undefined
          ? 0
          : found.findIndex(({ id }) => id === body.offset);
        const part = found.slice(from, from + body.limit);
        return done({ points: part, next_page_offset: found[from + body.limit]?.id ?? null });
      }
      case "POST points/query": {
        const score = body.using === "words"
          ? (point: StoredPoint) => sparseProduct(point, body.query, collection)
          : (point: StoredPoint) => cosine(point.vector.meaning, body.query);
        return done({
          points: [...points.values()].map((point) => ({ ...point, score: score(point) }))
            .filter((point) => body.using !== "words" || point.score > 0)
            .filter(({ score }) => !Number.isNaN(score))
            .sort((a, b) => b.score - a.score).slice(0, body.limit),
        });
      }
    }
    return failed(404, `no ${action}`);
  }
}

function holds({ payload }: StoredPoint, { must = [], must_not = [] }: Filter = {}): boolean {
  const is = ({ key, match }: Condition) =>
    match.any?.includes(payload[key]) ?? payload[key] === match.value;
  return must.every(is) && !must_not.some(is);
}

function sparseProduct({ vector }: StoredPoint, query: Sparse, { points }: Collection): number {
  return query.indices.reduce((sum, place, i) => {
    const at = vector.words?.indices.indexOf(place) ?? -1;
    if (at < 0) return sum;
    const having = [...points.values()]
      .filter(({ vector }) => vector.words?.indices.includes(place)).length;
    const idf = Math.log((points.size - having + 0.5) / (having + 0.5) + 1);
    return sum + idf * query.values[i] * vector.words!.values[at];
  }, 0);
}

function cosine(a: number[] | undefined, b: number[]): number {
  if (a === undefined) return NaN;
  const product = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
