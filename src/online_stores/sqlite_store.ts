/** Features in a SQLite file: what a laptop has. */

import { dirname } from "@std/path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ServiceError, statIfPresent } from "../base/mod.ts";
import {
  type EntityId,
  type EntityValues,
  type FeatureView,
  featureView,
  type KeptValues,
  type OnlineStore,
  storedValueOf,
} from "../feature_store/mod.ts";

/** Milliseconds that a write waits for another process to have written. */
const BUSY = 1000;

const tables = `
create table if not exists views (name text primary key, declaration text not null) strict;
create table if not exists positions (view text primary key, until real not null) strict;
create table if not exists kept (
  view text not null, entity any not null, time real not null, content text not null,
  primary key (view, entity)
) strict, without rowid;`;

interface Statements {
  readonly views: StatementSync;
  readonly declare: StatementSync;
  readonly write: StatementSync;
  readonly read: StatementSync;
  readonly position: StatementSync;
  readonly setPosition: StatementSync;
}

/** Features in a file. Readers do not wait for a writer (write-ahead log). */
export class SqliteStore implements OnlineStore {
  #database?: DatabaseSync;
  #statements?: Statements;
  #trouble: string | undefined;

  /** Takes the path; a file that is not there comes to be with the first declaration. */
  constructor(readonly place: string) {}

  get trouble(): string | undefined {
    return this.#trouble;
  }

  views(): Promise<readonly FeatureView[]> {
    return this.#do(
      false,
      ({ views }) =>
        views.all().map(({ declaration }) =>
          featureView(JSON.parse(String(declaration)) as FeatureView)
        ),
      [],
    );
  }

  declare(view: FeatureView): Promise<void> {
    return this.#do(true, ({ declare }) => void declare.run(view.name, JSON.stringify(view)));
  }

  write(view: FeatureView, rows: readonly EntityValues[]): Promise<number> {
    return this.#do(true, ({ write }, database) => {
      let changed = 0;
      database.exec("begin immediate");
      try {
        for (const { id, time, values } of rows) {
          changed += Number(write.run(view.name, id, time, JSON.stringify(values)).changes);
        }
        database.exec("commit");
      } catch (error) {
        database.exec("rollback");
        throw error;
      }
      return changed;
    });
  }

  read(view: FeatureView, ids: readonly EntityId[]): Promise<(KeptValues | undefined)[]> {
    return this.#do(false, ({ read }) =>
      ids.map((id) => {
        const row = read.get(view.name, id);
        if (row === undefined) return undefined;
        const content = JSON.parse(String(row.content)) as Record<string, unknown>;
        const values: Record<string, KeptValues["values"][string]> = {};
        for (const [name, kind] of Object.entries(view.features)) {
          values[name] = storedValueOf(kind, content[name]) ?? null;
        }
        return { time: Number(row.time), values };
      }), ids.map(() => undefined));
  }

  position(view: string): Promise<number | undefined> {
    return this.#do(
      false,
      ({ position }) => position.get(view)?.until as number | undefined,
      undefined,
    );
  }

  setPosition(view: string, until: number): Promise<void> {
    return this.#do(true, ({ setPosition }) => void setPosition.run(view, until));
  }

  /** Closes the file. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#database?.close();
    this.#database = this.#statements = undefined;
    return Promise.resolve();
  }

  /** Works on the file; `absent` is what a file says that is not there. */
  // deno-lint-ignore require-await -- so that what the file refuses rejects
  async #do<T>(
    create: boolean,
    work: (statements: Statements, database: DatabaseSync) => T,
    absent?: T,
  ): Promise<T> {
    try {
      if (this.#database === undefined && !this.#open(create)) return absent as T;
      const done = work(this.#statements!, this.#database!);
      this.#trouble = undefined;
      return done;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#trouble = `The feature store ${this.place}: ${reason}`;
      throw new ServiceError(this.#trouble, {
        cause: error,
        next: "make the file one that this process may write, or name another",
      });
    }
  }

  #open(create: boolean): boolean {
    if (!create && !statIfPresent(this.place)?.isFile) return false;
    if (create) Deno.mkdirSync(dirname(this.place), { recursive: true });
    const database = new DatabaseSync(this.place, { timeout: BUSY });
    try {
      database.exec(`pragma journal_mode = wal; pragma synchronous = normal; ${tables}`);
      this.#statements = {
        views: database.prepare("select declaration from views order by name"),
        declare: database.prepare(
          "insert into views values (?, ?) on conflict do update set declaration = excluded.declaration",
        ),
        write: database.prepare(
          "insert into kept values (?, ?, ?, ?) on conflict do update " +
            "set time = excluded.time, content = excluded.content where excluded.time >= time",
        ),
        read: database.prepare("select time, content from kept where view = ? and entity = ?"),
        position: database.prepare("select until from positions where view = ?"),
        setPosition: database.prepare(
          "insert into positions values (?, ?) on conflict do update set until = excluded.until",
        ),
      };
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    return true;
  }
}
