/** Passages in PostgreSQL with pgvector: what several servers share. */

import postgres, { type Sql } from "postgres";
import { keepSecret, ServiceError, UsageError, UserError } from "../../base/mod.ts";
import { type Chunk, searchedText } from "../chunk.ts";
import { questionWords } from "../question_words.ts";
import type { PassageStore, SearchHit, StoredDocument, StoreSize, VectorKind } from "./store.ts";

/** Milliseconds that a statement may take. */
const LIMIT = 30_000;

/** Candidates that the index for vectors looks at, at least and at most. */
const LEAST_LOOKED = 100, MOST_LOOKED = 1000;

/** The largest vectors that pgvector has an index for. */
const LARGEST_INDEXED = 2000;

/**
 * Passages in the schema of a name of their own. Words are found by PostgreSQL's full-text search
 * in English, ranked by `ts_rank_cd`, which has no inverse document frequency and so stands below
 * BM25; vectors by pgvector's HNSW index, which may miss one in some hundred.
 */
export class PgvectorPassageStore implements PassageStore {
  readonly place: string;
  readonly #sql: Sql;
  readonly #schema: string;

  /**
   * Takes the address, `postgres://user:password@host:5432/database`; nothing is asked yet.
   *
   * @param schema Lower-case letters, digits and `_`.
   * @throws {UsageError} if the address is none, or the schema is no such name.
   */
  constructor(url: string, schema = "dinoflow_passages") {
    const parsed = URL.parse(url);
    if (parsed === null || !/^postgres(?:ql)?:$/.test(parsed.protocol)) {
      throw new UsageError("Cannot use PGVECTOR_URL: it is no address of PostgreSQL", {
        next: "write it as postgres://user:password@host:5432/database",
      });
    }
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
      throw new UsageError(`Cannot keep passages in the schema "${schema}"`, {
        next: "write lower-case letters, digits and _",
      });
    }
    if (parsed.password !== "") keepSecret(decodeURIComponent(parsed.password));
    this.place = `postgres://${parsed.host}${parsed.pathname}`;
    this.#schema = schema;
    this.#sql = postgres(url, {
      max: 4,
      connect_timeout: 10,
      idle_timeout: 30,
      onnotice: () => {},
      connection: { application_name: "dinoflow", statement_timeout: LIMIT },
    });
  }

  prepare(vectors: VectorKind | undefined): Promise<void> {
    return this.#change(async (sql) => {
      const schema = sql(this.#schema);
      // Two that prepare at once would both find nothing there.
      await sql`select pg_advisory_xact_lock(hashtext(${this.#schema}))`;
      await sql`create extension if not exists vector`;
      await sql`create schema if not exists ${schema}`;
      await sql`create table if not exists ${schema}.about (name text primary key, value text not null)`;
      await sql`create table if not exists ${schema}.documents (
        source text primary key, title text not null, digest text not null)`;
      await sql`create table if not exists ${schema}.chunks (
        id text primary key, n integer not null, source text not null, title text not null,
        heading text not null, position text not null, text text not null, words tsvector not null)`;
      await sql`create index if not exists chunks_source on ${schema}.chunks (source)`;
      await sql`create index if not exists chunks_words on ${schema}.chunks using gin (words)`;
      const known = await this.#kind(sql);
      if (known?.encoder !== vectors?.encoder || known?.size !== vectors?.size) {
        await sql`truncate ${schema}.documents, ${schema}.chunks, ${schema}.about`;
        await sql`alter table ${schema}.chunks drop column if exists vector`;
        if (vectors !== undefined) await this.#vectorColumn(sql, vectors);
      }
    });
  }

  vectors(): Promise<VectorKind | undefined> {
    return this.#ask((sql) => this.#kind(sql).then((kind) => kind ?? null), null).then((kind) =>
      kind ?? undefined
    );
  }

  size(): Promise<StoreSize> {
    return this.#ask(async (sql) => {
      const schema = sql(this.#schema);
      const [row] = await sql`select (select count(*) from ${schema}.documents)::int as documents,
        (select count(*) from ${schema}.chunks)::int as chunks`;
      return { documents: row.documents, chunks: row.chunks };
    }, { documents: 0, chunks: 0 });
  }

  documents(): Promise<ReadonlyMap<string, string>> {
    return this.#ask(async (sql) => {
      const rows = await sql`select source, digest from ${
        sql(this.#schema)
      }.documents order by source`;
      return new Map(rows.map(({ source, digest }) => [source, digest]));
    }, new Map<string, string>());
  }

  write({ source, title, digest, chunks, vectors }: StoredDocument): Promise<void> {
    return this.#change(async (sql) => {
      const schema = sql(this.#schema);
      const size = (await this.#kind(sql))?.size ?? 0;
      if ((vectors?.length ?? 0) !== chunks.length * size) {
        throw new RangeError(
          `${source} has ${vectors?.length ?? 0} numbers for ${chunks.length} passages, ` +
            `wanted ${size} for each`,
        );
      }
      await this.#drop(sql, [source]);
      await sql`insert into ${schema}.documents values (${source}, ${title}, ${digest})`;
      for (const [n, chunk] of chunks.entries()) {
        const { id, heading, position, text } = chunk;
        await sql`insert into ${schema}.chunks
          (id, n, source, title, heading, position, text, words) values (${id}, ${n}, ${source},
          ${title}, ${heading}, ${position}, ${text},
          to_tsvector('english', ${searchedText(chunk)}))`;
        if (vectors === undefined) continue;
        const vector = vectorText(vectors.subarray(n * size, (n + 1) * size));
        await sql`update ${schema}.chunks set vector = ${vector}::text::vector where id = ${id}`;
      }
    });
  }

  remove(sources: readonly string[]): Promise<void> {
    return this.#change((sql) => this.#drop(sql, sources));
  }

  byWords(question: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]> {
    const words = questionWords(question);
    if (words.length === 0) return Promise.resolve([]);
    return this.#ask(
      async (sql) => {
        const rows = await sql`select id, ts_rank_cd(words, asked, 1) as score
        from ${sql(this.#schema)}.chunks, to_tsquery('english', ${words.join(" | ")}) as asked
        where words @@ asked order by score desc, source, n limit ${limit}`;
        return rows.map(({ id, score }) => ({ id, score: Number(score) }));
      },
      [],
      signal,
    );
  }

  byVector(
    vector: Float32Array,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly SearchHit[]> {
    const looked = Math.min(MOST_LOOKED, Math.max(LEAST_LOOKED, 2 * limit));
    return this.#ask(
      (sql) =>
        sql.begin("read only", async (sql) => {
          await sql`select set_config('hnsw.ef_search', ${String(looked)}, true)`;
          const asked = vectorText(vector);
          const rows = await sql`select id, 1 - (vector <=> ${asked}::text::vector) as score
          from ${
            sql(this.#schema)
          }.chunks order by vector <=> ${asked}::text::vector limit ${limit}`;
          return rows.map(({ id, score }) => ({ id, score: Number(score) }));
        }),
      [],
      signal,
    );
  }

  chunks(ids: readonly string[], signal?: AbortSignal): Promise<readonly Chunk[]> {
    return this.#ask(
      async (sql) => {
        const rows = await sql<Chunk[]>`select id, source, title, heading, position, text
        from ${sql(this.#schema)}.chunks where id = any(${[...ids]})`;
        const found = new Map(rows.map((row) => [row.id, { ...row }]));
        return ids.flatMap((id) => found.get(id) ?? []);
      },
      [],
      signal,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sql.end({ timeout: 5 });
  }

  async #kind(sql: Sql): Promise<VectorKind | undefined> {
    const rows = await sql`select name, value from ${sql(this.#schema)}.about`;
    const about = new Map(rows.map(({ name, value }) => [name, value]));
    const encoder = about.get("encoder");
    return encoder === undefined ? undefined : { encoder, size: Number(about.get("size")) };
  }

  async #vectorColumn(sql: Sql, { encoder, size }: VectorKind): Promise<void> {
    if (!Number.isInteger(size) || size < 1 || size > LARGEST_INDEXED) {
      throw new UsageError(`Cannot keep vectors of ${size} numbers in PostgreSQL`, {
        next: `use an encoder of at most ${LARGEST_INDEXED}`,
      });
    }
    const schema = sql(this.#schema);
    await sql`alter table ${schema}.chunks add column vector vector(${sql.unsafe(String(size))})`;
    await sql`create index chunks_vector on ${schema}.chunks using hnsw (vector vector_cosine_ops)`;
    await sql`insert into ${schema}.about values ('encoder', ${encoder}), ('size', ${
      String(size)
    })`;
  }

  async #drop(sql: Sql, sources: readonly string[]): Promise<void> {
    const schema = sql(this.#schema);
    await sql`delete from ${schema}.chunks where source = any(${[...sources]})`;
    await sql`delete from ${schema}.documents where source = any(${[...sources]})`;
  }

  #change(work: (sql: Sql) => Promise<void>): Promise<void> {
    return this.#ask(async (sql) => {
      // A transaction has all that is used of a connection here.
      await sql.begin((inside) => work(inside as unknown as Sql));
    });
  }

  /** Asks the server; `absent` is what a store says that was never prepared. */
  async #ask<T>(
    work: (sql: Sql) => Promise<T>,
    absent?: T,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await (signal === undefined
        ? work(this.#sql)
        : unlessAborted(work(this.#sql), signal));
    } catch (error) {
      signal?.throwIfAborted();
      const { code, message } = error as { code?: string; message: string };
      // No such table, no such schema.
      if (absent !== undefined && (code === "42P01" || code === "3F000")) return absent;
      if (error instanceof UserError || error instanceof RangeError) throw error;
      throw new ServiceError(`Cannot work with the passages in ${this.place}: ${message || code}`, {
        cause: error,
        next: code === "0A000" || code === "58P01"
          ? "install pgvector on the server"
          : "check PGVECTOR_URL, the server and what the user may do there",
      });
    }
  }
}

/** Does not wait for what nobody waits for any more; the server ends it by its own limit. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
    work.catch(() => {});
  }
}

function vectorText(vector: Float32Array): string {
  return `[${vector.join(",")}]`;
}
