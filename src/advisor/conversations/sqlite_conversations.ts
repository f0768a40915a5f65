/** Conversations in a SQLite file. */

import { dirname } from "@std/path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { DataError, ServiceError } from "../../base/mod.ts";
import type { Advice } from "../advice.ts";
import type { Conversation, Conversations, DayUsage, Feedback, Turn } from "./conversations.ts";

/** Milliseconds that a write waits for another process to have written. */
const BUSY = 2000;
const DAY_MS = 86_400_000;

const tables = `
create table if not exists conversations (
  id text primary key, owner text not null, created integer not null, updated integer not null
) strict;
create index if not exists conversations_by_owner on conversations (owner);
create index if not exists conversations_by_time on conversations (updated);
create table if not exists turns (
  id text primary key,
  conversation text not null references conversations (id) on delete cascade,
  time integer not null, question text not null, advice text,
  rating text, comment text, rated integer
) strict;
create index if not exists turns_by_conversation on turns (conversation, time);
create table if not exists usage (
  owner text not null, day text not null,
  answers integer not null, tokens integer not null, cost real not null,
  primary key (owner, day)
) strict, without rowid;`;

/** Where each asks for the owner too, nobody reads another's by knowing its id. */
const statements = {
  begin: "insert into conversations values (?, ?, ?, ?)",
  find: "select id, created, updated from conversations where id = ? and owner = ?",
  touch: "update conversations set updated = ? where id = ? and owner = ?",
  ask: "insert into turns (id, conversation, time, question) values (?, ?, ?, ?)",
  answer: "update turns set advice = ? where id = ? and conversation = " +
    "(select id from conversations where id = ? and owner = ?)",
  turns: "select * from turns where conversation = ? order by time, rowid",
  latest: "select * from turns where conversation = ? order by time desc, rowid desc limit ?",
  remove: "delete from conversations where id = ? and owner = ?",
  removeAll: "delete from conversations where owner = ?",
  rate: "update turns set rating = ?, comment = ?, rated = ? where id = ? and advice is not null " +
    "and conversation in (select id from conversations where owner = ?)",
  use: "insert into usage values (?, ?, ?, ?, ?) on conflict do update set " +
    "answers = answers + excluded.answers, tokens = tokens + excluded.tokens, " +
    "cost = cost + excluded.cost",
  used: "select answers, tokens, cost from usage where owner = ? and day = ?",
  expire: "delete from conversations where updated < ?",
  expireUsage: "delete from usage where day < ?",
} as const;

/**
 * Conversations in a file. What a call has kept is on the disk when it returns, and stays there
 * however the process ends; what is removed is overwritten (`secure_delete`) and, with the log that
 * SQLite writes ahead, gone once that is written back, which removing does at once.
 */
export class SqliteConversations implements Conversations {
  readonly #database: DatabaseSync;
  readonly #run: Readonly<Record<keyof typeof statements, StatementSync>>;

  /**
   * Opens the file, or makes it.
   *
   * @param now Milliseconds since 1970.
   * @throws {ServiceError} if it cannot be opened.
   */
  constructor(readonly path: string, private readonly now: () => number = Date.now) {
    let database: DatabaseSync | undefined;
    try {
      if (path !== ":memory:") Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      database = new DatabaseSync(path, { timeout: BUSY });
      database.exec(
        "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; " +
          `pragma secure_delete = on; ${tables}`,
      );
      const opened = database;
      this.#run = Object.fromEntries(
        Object.entries(statements).map(([name, text]) => [name, opened.prepare(text)]),
      ) as Record<keyof typeof statements, StatementSync>;
      this.#database = database;
    } catch (cause) {
      database?.close();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ServiceError(`Cannot open the conversations ${path}: ${reason}`, {
        cause,
        next: "name a file that this process may write",
      });
    }
  }

  begin(owner: string): string {
    const id = crypto.randomUUID();
    this.#run.begin.run(id, owner, this.now(), this.now());
    return id;
  }

  has(owner: string, id: string): boolean {
    return this.#run.find.get(id, owner) !== undefined;
  }

  ask(owner: string, conversation: string, turn: string, question: string): void {
    this.#whole(() => {
      if (this.#run.touch.run(this.now(), conversation, owner).changes === 0) {
        throw new DataError(`Cannot ask in the conversation ${conversation}: there is none`, {
          next: "begin another one",
        });
      }
      this.#run.ask.run(turn, conversation, this.now(), question);
    });
  }

  answer(owner: string, conversation: string, advice: Advice): void {
    this.#run.answer.run(JSON.stringify(advice), advice.id, conversation, owner);
  }

  read(owner: string, id: string): Conversation | undefined {
    const found = this.#run.find.get(id, owner);
    if (found === undefined) return undefined;
    return {
      id,
      created: iso(found.created),
      updated: iso(found.updated),
      turns: this.#run.turns.all(id).map(turnOf),
    };
  }

  latest(owner: string, id: string, most: number): readonly Turn[] {
    if (!this.has(owner, id)) return [];
    return this.#run.latest.all(id, most).map(turnOf).reverse();
  }

  remove(owner: string, id: string): boolean {
    return this.#removing(this.#run.remove.run(id, owner).changes) > 0;
  }

  removeAll(owner: string): number {
    return this.#removing(this.#run.removeAll.run(owner).changes);
  }

  rate(owner: string, turn: string, { rating, comment }: Omit<Feedback, "time">): boolean {
    return Number(this.#run.rate.run(rating, comment, this.now(), turn, owner).changes) > 0;
  }

  use(owner: string, day: string, { answers, tokens, cost }: DayUsage): void {
    this.#run.use.run(owner, day, answers, tokens, cost);
  }

  used(owner: string, day: string): DayUsage {
    const row = this.#run.used.get(owner, day);
    const [answers, tokens, cost] = [row?.answers, row?.tokens, row?.cost].map((one) =>
      Number(one ?? 0)
    );
    return { answers, tokens, cost };
  }

  expire(days: number): number {
    const before = this.now() - days * DAY_MS;
    this.#run.expireUsage.run(iso(before).slice(0, 10));
    return this.#removing(this.#run.expire.run(before).changes);
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#database.close();
  }

  /** The log of writes holds what was written before; it is emptied, or what is removed would stay. */
  #removing(changes: number | bigint): number {
    if (Number(changes) > 0) this.#database.exec("pragma wal_checkpoint(truncate)");
    return Number(changes);
  }

  #whole(work: () => void): void {
    this.#database.exec("begin immediate");
    try {
      work();
      this.#database.exec("commit");
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    }
  }
}

const iso = (time: unknown) => new Date(Number(time)).toISOString();

function turnOf(row: Readonly<Record<string, unknown>>): Turn {
  const { id, time, question, advice, rating, comment, rated } = row;
  return {
    ...{ id: String(id), time: iso(time), question: String(question) },
    ...advice !== null && { advice: JSON.parse(String(advice)) as Advice },
    ...rating !== null && {
      feedback: {
        ...{ rating: rating as Feedback["rating"], comment: String(comment), time: iso(rated) },
      },
    },
  };
}
