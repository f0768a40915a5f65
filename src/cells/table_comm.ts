/** Tables that were shown stay to be asked: a front end fetches the rows of a page. */

import { UserError } from "../base/mod.ts";
import { kernelComms } from "./comms.ts";
import type { TabularData } from "./frame.ts";
import { cellText } from "./grid.ts";
import { columnStatistics, queryRows, type TableQuery } from "./table_query.ts";

/** Tables that are kept; those shown earlier are seen as they were saved. */
const KEPT = 20;

/** Rows of a page at most. */
const MOST_ROWS = 200;

/** What a front end asks. */
interface Question {
  /** Given back with the answer. */
  readonly ask: number;
  readonly want: "rows" | "statistics";
  readonly column?: number;
  readonly query?: TableQuery & { readonly offset?: number; readonly limit?: number };
}

/** A table with the columns that are shown. */
const tables = new Map<string, TabularData>();

let listening = false;

/** Keeps a table to be asked under a name; without a kernel nobody could ask. */
export function keepTable(name: string, table: TabularData): void {
  const comms = kernelComms();
  if (comms === undefined) return;
  tables.delete(name);
  tables.set(name, table);
  if (tables.size > KEPT) tables.delete(tables.keys().next().value!);
  if (listening) return;
  listening = true;
  comms.columns = () => [
    ...new Set([...tables.values()].flatMap(({ columns }) => columns.map(({ name }) => name))),
  ];
  comms.onComm("dinoflow.table", (type, { comm_id, data }) => {
    if (type !== "comm_open") return;
    const asked = tables.get(String(data.table));
    const send = (kind: string, answer: unknown) =>
      comms.broadcast(kind, { comm_id, data: answer } as Record<string, unknown>);
    if (asked === undefined) return void send("comm_close", {});
    const answers = new TableAnswers(asked);
    comms.onComm(comm_id, async (type, { data }) => {
      if (type !== "comm_msg") return answers.stop();
      const question = data as unknown as Question;
      const answer = await answers.to(question);
      if (answer !== undefined) await send("comm_msg", { ...answer, ask: question.ask });
    });
  });
}

/** Answers one front end; a newer question ends the work on an older one. */
export class TableAnswers {
  #work = new AbortController();
  #last: { readonly query: string; readonly rows: Uint32Array } | undefined;

  constructor(readonly table: TabularData) {}

  /** Ends what is under way. */
  stop(): void {
    this.#work.abort();
  }

  /** The answer: rows as texts after their place, or lines on a column; undefined if it was overtaken. */
  async to({ want, column = 0, query = {} }: Question): Promise<object | undefined> {
    this.stop();
    const { signal } = this.#work = new AbortController();
    try {
      if (want === "statistics") return { text: columnStatistics(this.table, column) };
      const { offset = 0, limit = MOST_ROWS, ...which } = query;
      const key = JSON.stringify(which);
      const rows = this.#last?.query === key
        ? this.#last.rows
        : await queryRows(this.table, which, signal);
      this.#last = { query: key, rows };
      const page = rows.subarray(offset, offset + Math.min(limit, MOST_ROWS));
      return {
        total: rows.length,
        start: offset,
        rows: Array.from(page, (row) => [
          row,
          ...this.table.columns.map((column) => cellText(column.at(row))),
        ]),
      };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof UserError)) throw error;
      return { error: `${error.message}; ${error.next}` };
    }
  }
}
