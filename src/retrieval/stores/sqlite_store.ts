/** Passages in a SQLite file: words by FTS5, vectors by a scan in memory. */

import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from "node:sqlite";
import { dirname, ModelError, ServiceError, UserError } from "../../base/mod.ts";
import { type Chunk, searchedText } from "../chunk.ts";
import { questionWords } from "../question_words.ts";
import { VectorScan } from "../vector_scan.ts";
import type { PassageStore, SearchHit, StoredDocument, StoreSize, VectorKind } from "./store.ts";

/** Milliseconds that a write waits for another process to have written. */
const BUSY = 5000;

/** Changes whenever tables change; a file of another is made anew. */
const SCHEMA = 1;

/** Entries of the word index that a question reads at most: words are taken from the rarest on. */
const MOST_ENTRIES = 8000;

/** Exact products are worked out for so many passages more than are asked for: half as many, and some. */
const wider = (limit: number) => Math.ceil(1.5 * limit) + 10;

/** Memory for pages of the file, and how much of it is mapped instead of read, in bytes. */
const CACHE = 32 << 20, MAPPED = 1 << 30;

const tables = `
create table if not exists about (name text primary key, value text not null) strict;
create table if not exists documents (
  source text primary key, title text not null, digest text not null
) strict;
create table if not exists chunks (
  n integer primary key, id text not null unique, source text not null, title text not null,
  heading text not null, position text not null, text text not null, vector blob
) strict;
create index if not exists chunks_source on chunks (source);
create virtual table if not exists words using fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
);
create virtual table if not exists vocabulary using fts5vocab (words, row);`;

type Row = Record<string, SQLOutputValue>;

/** Vectors in memory, as of a state of the file. */
interface Scanned {
  readonly scan: VectorScan;
  readonly numbers: Float64Array;
  readonly state: string;
}

/** How a file is opened. */
export interface SqliteStoreOptions {
  /** Whether nothing will be written, by nobody: no permission to write is needed. */
  readonly readOnly?: boolean;
}

/**
 * Passages in a file. The vectors are read into memory when they are first looked for, and again
 * when the file has changed, by whichever process.
 */
export class SqlitePassageStore implements PassageStore {
  readonly #database: DatabaseSync;
  readonly #readOnly: boolean;
  readonly #statements = new Map<string, StatementSync>();
  readonly #counts = new Map<string, number>();
  #scanned?: Scanned;
  #writes = 0;

  /**
   * Opens a file; one that is not there comes to be, unless it is to be read only.
   *
   * @throws {ServiceError} if the file cannot be opened.
   * @throws {ModelError} if it is no store of passages.
   */
  constructor(readonly place: string, { readOnly = false }: SqliteStoreOptions = {}) {
    this.#readOnly = readOnly;
    let database: DatabaseSync | undefined;
    try {
      if (!readOnly) Deno.mkdirSync(dirname(place), { recursive: true });
      database = new DatabaseSync(place, { timeout: BUSY, readOnly });
      database.exec(`pragma cache_size = ${-CACHE / 1024}; pragma mmap_size = ${MAPPED}`);
      if (!readOnly) database.exec(`pragma synchronous = normal; ${tables}`);
      const [{ value } = { value: SCHEMA }] = database
        .prepare("select value from about where name = 'schema'").all();
      if (Number(value) !== SCHEMA) throw new Error(`its tables are of version ${value}`);
      if (!readOnly) this.#set(database, "schema", String(SCHEMA));
    } catch (error) {
      database?.close();
      throw this.#failed(error);
    }
    this.#database = database;
  }

  prepare(vectors: VectorKind | undefined): Promise<void> {
    return this.#change((database) => {
      const known = this.#kind();
      if (known?.encoder !== vectors?.encoder || known?.size !== vectors?.size) {
        database.exec("delete from documents; delete from chunks; delete from words");
      }
      this.#set(database, "encoder", vectors?.encoder ?? "");
      this.#set(database, "size", String(vectors?.size ?? 0));
    });
  }

  vectors(): Promise<VectorKind | undefined> {
    return this.#do(() => this.#kind());
  }

  size(): Promise<StoreSize> {
    return this.#do(() => ({
      documents: Number(this.#all("select count(*) as n from documents")[0].n),
      chunks: Number(this.#all("select count(*) as n from chunks")[0].n),
    }));
  }

  documents(): Promise<ReadonlyMap<string, string>> {
    return this.#do(() =>
      new Map(
        this.#all("select source, digest from documents order by source")
          .map(({ source, digest }) => [String(source), String(digest)]),
      )
    );
  }

  write({ source, title, digest, chunks, vectors }: StoredDocument): Promise<void> {
    return this.#change((database) => {
      const kind = this.#kind();
      if ((vectors?.length ?? 0) !== chunks.length * (kind?.size ?? 0)) {
        throw new RangeError(
          `${source} has ${vectors?.length ?? 0} numbers for ${chunks.length} passages, ` +
            `wanted ${kind?.size ?? 0} for each`,
        );
      }
      this.#drop(database, source);
      database.prepare("insert into documents values (?, ?, ?)").run(source, title, digest);
      const insert = database.prepare(
        "insert into chunks (id, source, title, heading, position, text, vector) " +
          "values (?, ?, ?, ?, ?, ?, ?)",
      );
      const index = database.prepare("insert into words (rowid, text) values (?, ?)");
      chunks.forEach((chunk, i) => {
        const { id, heading, position, text } = chunk;
        const vector = vectors?.slice(i * kind!.size, (i + 1) * kind!.size);
        const { lastInsertRowid } = insert.run(
          ...[id, source, title, heading, position, text],
          vector === undefined ? null : new Uint8Array(vector.buffer),
        );
        index.run(lastInsertRowid, searchedText(chunk));
      });
    });
  }

  remove(sources: readonly string[]): Promise<void> {
    return this.#change((database) => {
      for (const source of sources) this.#drop(database, source);
    });
  }

  byWords(question: string, limit: number, signal?: AbortSignal): Promise<readonly SearchHit[]> {
    return this.#do(() => {
      const words = this.#affordable(questionWords(question));
      if (words.length === 0) return [];
      return this.#all(
        "select chunks.id, -found.score as score from (select rowid, bm25(words) as score " +
          "from words where words match ? order by score, rowid limit ?) as found " +
          "join chunks on chunks.n = found.rowid order by found.score, found.rowid",
        words.map(quoted).join(" OR "),
        limit,
      ).map(({ id, score }) => ({ id: String(id), score: Number(score) }));
    }, signal);
  }

  byVector(
    vector: Float32Array,
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly SearchHit[]> {
    return this.#do(() => {
      const { scan, numbers } = this.#scan();
      const near = scan.nearest(vector, wider(limit));
      const read = this.#statement("select id, vector from chunks where n = ?");
      return near.map(({ row }) => {
        const { id, vector: bytes } = read.get(numbers[row])!;
        return { id: String(id), score: product(vector, numbersOf(bytes as Uint8Array)) };
      }).sort((a, b) => b.score - a.score).slice(0, limit);
    }, signal);
  }

  chunks(ids: readonly string[], signal?: AbortSignal): Promise<readonly Chunk[]> {
    return this.#do(() =>
      ids.flatMap((id) =>
        this.#all(
          "select id, source, title, heading, position, text from chunks where id = ?",
          id,
        )
      ) as unknown as Chunk[], signal);
  }

  /** Joins the parts of the index of words, for a file that will be read only. */
  tidy(): void {
    this.#database.exec("insert into words (words) values ('optimize')");
  }

  /** Closes the file. */
  [Symbol.asyncDispose](): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
    return Promise.resolve();
  }

  #kind(): VectorKind | undefined {
    const about = new Map(
      this.#all("select name, value from about").map(({ name, value }) => [name, String(value)]),
    );
    const [encoder, size] = [about.get("encoder") ?? "", Number(about.get("size") ?? 0)];
    return encoder === "" ? undefined : { encoder, size };
  }

  /**
   * The words from the rarest on until there are too many entries to read; the rarest always. In a
   * small store these are all words. How many entries a word has is remembered until the next change.
   */
  #affordable(words: readonly string[]): string[] {
    this.#state();
    const counted = words.map((word) => {
      let count = this.#counts.get(word);
      if (count === undefined) {
        const [{ n }] = this.#all(
          "select count(*) as n from words where words match ?",
          quoted(word),
        );
        count = Number(n);
        if (this.#counts.size < MOST_ENTRIES) this.#counts.set(word, count);
      }
      return { word, count };
    }).filter(({ count }) => count > 0).sort((a, b) => a.count - b.count);
    let entries = 0;
    return counted.filter(({ count }, i) => (entries += count) <= MOST_ENTRIES || i === 0)
      .map(({ word }) => word);
  }

  #scan(): Scanned {
    const state = this.#state();
    if (this.#scanned?.state === state) return this.#scanned;
    const { size } = this.#kind() ?? { size: 1 };
    const [{ n }] = this.#all("select count(*) as n from chunks where vector is not null");
    const scan = new VectorScan(size, Number(n));
    const numbers = new Float64Array(Number(n));
    const read = this.#statement(
      "select n, vector from chunks where vector is not null order by n",
    );
    for (const row of read.iterate()) {
      numbers[scan.count] = Number(row.n);
      scan.add(numbersOf(row.vector as Uint8Array));
    }
    return this.#scanned = { scan, numbers, state };
  }

  /** What changes with the file; what was remembered of another state is forgotten. */
  #state(): string {
    const [{ data_version: others }] = this.#readOnly
      ? [{ data_version: 0 }]
      : this.#all("pragma data_version");
    const state = `${others} ${this.#writes}`;
    if (this.#remembered !== state) this.#counts.clear();
    return this.#remembered = state;
  }
  #remembered = "";

  #drop(database: DatabaseSync, source: string): void {
    database.prepare("delete from words where rowid in (select n from chunks where source = ?)")
      .run(source);
    database.prepare("delete from chunks where source = ?").run(source);
    database.prepare("delete from documents where source = ?").run(source);
  }

  #set(database: DatabaseSync, name: string, value: string): void {
    database.prepare(
      "insert into about values (?, ?) on conflict do update set value = excluded.value",
    ).run(name, value);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** The statement of a text; the texts are few. */
  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      this.#statements.set(sql, statement = this.#database.prepare(sql));
    }
    return statement;
  }

  #change(work: (database: DatabaseSync) => void): Promise<void> {
    return this.#do(() => {
      this.#writes++;
      this.#database.exec("begin immediate");
      try {
        work(this.#database);
        this.#database.exec("commit");
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("rollback");
        throw error;
      }
    });
  }

  // deno-lint-ignore require-await -- so that what the file refuses rejects
  async #do<T>(work: () => T, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    try {
      return work();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): unknown {
    // RangeErrors are the caller's defects.
    if (error instanceof UserError || error instanceof RangeError) return error;
    const reason = error instanceof Error ? error.message : String(error);
    const damaged = /malformed|not a database|no such table|of version|disk image|corrupt/i;
    return damaged.test(reason)
      ? new ModelError(`Cannot read the passages in ${this.place}: ${reason}`, {
        cause: error,
        next: "remove the file and build it again: deno task pipeline advisor",
      })
      : new ServiceError(`Cannot work with the passages in ${this.place}: ${reason}`, {
        cause: error,
        next: "make the file one that this process may use, or name another",
      });
  }
}

/** A word as FTS5 takes it, whatever it means there otherwise. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}

function numbersOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

function product(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} numbers`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
