/** SQL over tables, Parquet and CSV files: DuckDB computes, what is put in is bound. */

import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { ambientSignal, UsageError, UserError, YieldingLoop } from "../base/mod.ts";
import type { Cell, Table } from "../dataset/mod.ts";
import { type Data, type TabularData, tabularData } from "./frame.ts";
import { show } from "./show.ts";
import type { Media } from "./view.ts";

/** A value that a query compares with. */
export type SqlValue = string | number | bigint | boolean | Date | null;

/** The rows that a query gave; as the last line of a cell they are shown as a table. */
export class QueryResult implements Table {
  /** Takes the columns. */
  constructor(
    readonly rows: number,
    /** Cells by column; moments as text, whole numbers beyond 2^53 as text too. */
    readonly columns: Readonly<Record<string, readonly Cell[]>>,
  ) {}

  /** What a kernel shows. */
  [Symbol.for("Jupyter.display")](): Media {
    return show(this).media;
  }

  /** What the console shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return String(show(this));
  }
}

/** Rows that are handed over at once, DuckDB's own measure. */
const CHUNK = 2048;

type DuckDB = typeof import("@duckdb/node-api");
type Instance = Awaited<ReturnType<DuckDB["DuckDBInstance"]["create"]>>;

let opened: Promise<[DuckDB, Instance]> | undefined;

/** DuckDB, loaded with the first query; nothing is fetched from elsewhere. */
function open(): Promise<[DuckDB, Instance]> {
  opened ??= (async () => {
    const duckdb = await import("@duckdb/node-api");
    const instance = await duckdb.DuckDBInstance.create(":memory:", {
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    return [duckdb, instance] as [DuckDB, Instance];
  })();
  return opened;
}

/**
 * Runs a query of DuckDB's SQL. Tables that are put in stand for themselves; all other values
 * are bound, so that a text is never read as SQL; a list stands for `(a, b, c)`. Files are named
 * in the text: `FROM 'data/rows.parquet'`, as is seen from the notebook's folder.
 *
 * @throws {UserError} with DuckDB's words if it cannot run the query.
 * @throws {UsageError} for a value that is neither a table nor one to compare with.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const people = [{ Job: "Cook", Age: 28 }, { Job: "Cook", Age: 32 }, { Job: "Clerk", Age: 50 }];
 * const { columns } = await sql`
 *   SELECT Job, AVG(Age) AS age FROM ${people} WHERE Age < ${40} GROUP BY Job`;
 * assertEquals(columns, { Job: ["Cook"], age: [30] });
 * ```
 */
export async function sql(
  strings: TemplateStringsArray,
  ...values: readonly (Data | SqlValue | readonly SqlValue[])[]
): Promise<QueryResult> {
  const signal = ambientSignal();
  const [duckdb, instance] = await open();
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  signal?.addEventListener("abort", interrupt, { once: true });
  const tables = new Map<unknown, string>();
  const bound: DuckDBValue[] = [];
  const bind = (value: SqlValue) => {
    bound.push(value instanceof Date ? value.toISOString() : value);
    return value instanceof Date ? `$${bound.length}::TIMESTAMPTZ::TIMESTAMP` : `$${bound.length}`;
  };
  try {
    let text = strings[0];
    for (const [i, value] of values.entries()) {
      if (isValue(value)) text += bind(value);
      else if (Array.isArray(value) && value.every(isValue)) text += listOf(value, bind);
      else {
        let name = tables.get(value);
        if (name === undefined) {
          tables.set(value, name = `table_${tables.size + 1}`);
          await load(duckdb, connection, name, tabularOf(value as Data, i), signal);
        }
        text += name;
      }
      text += strings[i + 1];
    }
    const reader = await connection.runAndReadAll(text, bound);
    const cells = reader.getColumns();
    const names = reader.deduplicatedColumnNames();
    return new QueryResult(
      reader.currentRowCount,
      Object.fromEntries(names.map((name, j) => [name, cellsOf(duckdb, cells[j])])),
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof UserError) throw error;
    throw failed(error as Error);
  } finally {
    signal?.removeEventListener("abort", interrupt);
    connection.closeSync(); // its tables end with it
  }
}

function isValue(value: unknown): value is SqlValue {
  return value === null || value instanceof Date ||
    ["string", "number", "bigint", "boolean"].includes(typeof value);
}

function listOf(values: readonly SqlValue[], bind: (value: SqlValue) => string): string {
  if (values.length > 0) return `(${values.map(bind).join(", ")})`;
  throw new UsageError("Cannot put an empty list into a query", {
    next: "leave the condition out, or give a list of at least one value",
  });
}

function tabularOf(value: Data, place: number): TabularData {
  try {
    return tabularData(value);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`Cannot put value ${place + 1} into the query: it is ${typeof value}`, {
      next: "give a table, a text, a number, a truth value, a date, null or a list of these",
    });
  }
}

/** Puts a table where this connection alone sees it. */
async function load(
  duckdb: DuckDB,
  connection: DuckDBConnection,
  name: string,
  { rows, columns }: TabularData,
  signal: AbortSignal | undefined,
): Promise<void> {
  const types = columns.map(({ numeric }): DuckDBType => numeric ? duckdb.DOUBLE : duckdb.VARCHAR);
  const declared = columns.map((column, j) =>
    `"${column.name.replaceAll('"', '""')}" ${types[j] === duckdb.DOUBLE ? "DOUBLE" : "VARCHAR"}`
  );
  await connection.run(`CREATE TEMP TABLE ${name} (${declared.join(", ")})`);
  const appender = await connection.createAppender(name, null, "temp");
  const loop = new YieldingLoop(signal && { signal });
  for (let start = 0; start < rows; start += CHUNK) {
    await loop.step(start / rows);
    const length = Math.min(CHUNK, rows - start);
    const chunk = duckdb.DuckDBDataChunk.create(types, length);
    chunk.setColumns(columns.map((column) =>
      Array.from({ length }, (_, k) => {
        const value = column.at(start + k);
        return value === null || column.numeric ? value : String(value);
      })
    ));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

/** The values of a column as cells. */
function cellsOf(duckdb: DuckDB, values: readonly DuckDBValue[]): Cell[] {
  const exact = values.some((value) => typeof value === "bigint" && !isSafe(value));
  return values.map((value) => {
    if (value === null || typeof value === "string") return value;
    if (typeof value === "number") return Number.isNaN(value) ? null : value;
    if (typeof value === "bigint") return exact ? String(value) : Number(value);
    if (value instanceof duckdb.DuckDBDecimalValue) return value.toDouble();
    return String(value);
  });
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

/** DuckDB's words: what is wrong, then what there is instead, or where. */
function failed({ message, ...rest }: Error): UserError {
  const [what, ...more] = message.replace(/^\w+ Error: /, "").split(/\n+/)
    .map((line) => line.trim()).filter((line) => line !== "" && line !== "^");
  return new UserError(`Cannot run the query: ${what}`, {
    next: more.join("; ") || "see https://duckdb.org/docs/sql for what it understands",
    cause: rest,
  });
}
