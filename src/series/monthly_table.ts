/** From events to what each month came to. */

import { DataError } from "../base/mod.ts";
import { type EventFault, type ProfileEvent, readEvent } from "../profile/mod.ts";
import type { Cell, Table } from "../dataset/mod.ts";
import { monthAmount, wantedAmount } from "./month_amount.ts";
import { monthNumber, monthOfTime, monthText } from "./month.ts";
import { restCategory } from "./series_history.ts";
import { monthColumn, type SeriesSpec } from "./spec.ts";

/** Months of entities as a table, and what was done on the way. */
export interface MonthlyTable {
  /** Columns of entity, category where there is one, `month` and amount; a row for each month. */
  readonly table: Table;
  /** What people should know, a sentence each. */
  readonly notices: readonly string[];
}

/** Faults that an error shows. */
const SHOWN = 3;
/** Milliseconds that clocks may be apart. */
const AHEAD = 24 * 3_600_000;
/** Days of a month without events at its end with which it still counts as over. */
const QUIET_DAYS = 2;

/**
 * Adds events up by entity, category and month (UTC). Events may come in any order; one that is
 * there twice in all columns counts once; a month that has not ended in the table is left out.
 * An event without a category counts under `other`.
 * A category without events in a month in which its entity has others came to 0 then; a month in
 * which an entity has none at all is missing. A table that has a column `month` is one of months
 * already and is checked alone.
 *
 * @param now The moment after which nothing can have happened, in milliseconds since 1970.
 * @throws {DataError} if a column is missing, or rows cannot be read, are of another currency, lie
 * in the future or tell a month twice, with the first of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const spec = { entity: "user", time: "time", amount: "amount" };
 * const { table } = monthlyTable(spec, {
 *   rows: 3,
 *   columns: {
 *     user: ["a", "a", "a"],
 *     time: ["2026-02-28", "2026-01-05", "2026-01-09"],
 *     amount: [4, 1, 2],
 *   },
 * });
 * assertEquals(table.columns.month, ["2026-01-01", "2026-02-01"]);
 * assertEquals(table.columns.amount, [3, 4]);
 * ```
 */
export function monthlyTable(spec: SeriesSpec, table: Table, now = Date.now()): MonthlyTable {
  return Object.hasOwn(table.columns, monthColumn)
    ? { table: checkedMonths(spec, table, now), notices: [] }
    : addedUp(spec, table, now);
}

/** Columns that a table of months has. */
function monthlyColumns({ entity, category, amount }: SeriesSpec): string[] {
  return [entity, ...category === undefined ? [] : [category], monthColumn, amount];
}

function addedUp(spec: SeriesSpec, table: Table, now: number): MonthlyTable {
  const { entity, time, amount, category, currency } = spec;
  const wanted = [entity, time, amount, category].filter((name) => name !== undefined);
  checkColumns(table, wanted);
  const cells = currency === undefined || Object.hasOwn(table.columns, currency.column)
    ? spec
    : { ...spec, currency: undefined };
  const notices: string[] = [];
  const events = readRows<ProfileEvent>(table, (row) => {
    const faults: EventFault[] = [];
    const event = readEvent(cells, (name) => table.columns[name][row], faults);
    if (event !== undefined && event.time > now + AHEAD) {
      faults.push({ column: time, fault: "it lies in the future" });
    }
    return faults.length > 0 ? faults : event!;
  });
  const once = withoutTwins(table, events);
  if (once.length < events.length) {
    notices.push(
      `${events.length - once.length} of ${events.length} rows are there twice and count once`,
    );
  }
  const nameless = category === undefined ? 0 : once.filter((one) => one.category === "").length;
  if (nameless > 0) {
    notices.push(
      `${nameless} of ${once.length} rows have no category and count under "${restCategory}"`,
    );
  }
  const last = once.reduce((most, { time }) => Math.max(most, time), -Infinity);
  const open = hasEnded(last) ? Infinity : monthOfTime(last);
  if (open < Infinity) {
    notices.push(`${monthText(open)} has not ended in the file and is left out`);
  }
  const sums = new Map<string, Map<string, Map<number, number>>>();
  for (const { entity, category: named, time, amount } of once) {
    const month = monthOfTime(time);
    if (month >= open) continue;
    const own = sums.get(entity) ?? new Map<string, Map<number, number>>();
    const what = nameless > 0 && named === "" ? restCategory : named;
    const months = own.get(what) ?? new Map<number, number>();
    months.set(month, (months.get(month) ?? 0) + amount);
    sums.set(entity, own.set(what, months));
  }
  return { table: tableOf(spec, sums), notices };
}

/** Rows, of which events that agree in all columns count once. */
function withoutTwins(table: Table, events: readonly ProfileEvent[]): readonly ProfileEvent[] {
  const columns = Object.values(table.columns);
  const seen = new Set<string>();
  return events.filter((_, row) => {
    const key = JSON.stringify(columns.map((cells) => cells[row]));
    return seen.size < seen.add(key).size;
  });
}

function hasEnded(last: number): boolean {
  return monthOfTime(last) !== monthOfTime(last + QUIET_DAYS * 24 * 3_600_000);
}

function tableOf(
  spec: SeriesSpec,
  sums: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, number>>>,
): Table {
  const names = monthlyColumns(spec);
  const rows: Cell[][] = [];
  for (const entity of [...sums.keys()].sort()) {
    const own = sums.get(entity)!;
    const active = [...new Set([...own.values()].flatMap((months) => [...months.keys()]))]
      .sort((a, b) => a - b);
    for (const category of [...own.keys()].sort()) {
      const months = own.get(category)!;
      const first = Math.min(...months.keys());
      for (const month of active) {
        if (month < first) continue;
        const amount = Number((months.get(month) ?? 0).toFixed(2));
        const what = spec.category === undefined ? [] : [category];
        rows.push([entity, ...what, `${monthText(month)}-01`, amount]);
      }
    }
  }
  return {
    rows: rows.length,
    columns: Object.fromEntries(names.map((name, at) => [name, rows.map((row) => row[at])])),
  };
}

function checkedMonths(spec: SeriesSpec, table: Table, now: number): Table {
  const { entity, category, amount, currency } = spec;
  checkColumns(table, monthlyColumns(spec));
  const present = monthOfTime(now);
  const told = new Set<string>();
  const rows = readRows<Cell[]>(table, (row) => {
    const cell = (name: string) => table.columns[name][row];
    const faults: EventFault[] = [];
    const refuse = (column: string, fault: string) => void faults.push({ column, fault });
    const whose = String(cell(entity) ?? "").trim();
    if (whose === "") refuse(entity, "nothing is there, wanted whose month it is");
    const month = monthNumber(String(cell(monthColumn) ?? "").trim());
    if (month === undefined) {
      refuse(monthColumn, `found ${JSON.stringify(cell(monthColumn))}, wanted a month as 2026-01`);
    } else if (month > present) refuse(monthColumn, `${monthText(month)} lies in the future`);
    const found = cell(amount);
    const value = monthAmount(found);
    if (value === undefined) {
      refuse(amount, `found ${JSON.stringify(found) ?? found}, wanted ${wantedAmount}`);
    }
    const unit = currency && Object.hasOwn(table.columns, currency.column)
      ? String(cell(currency.column) ?? "").trim()
      : "";
    if (unit !== "" && unit !== currency!.is) {
      refuse(currency!.column, `found "${unit}", wanted amounts in ${currency!.is}`);
    }
    const what = category === undefined ? "" : String(cell(category) ?? "").trim();
    const key = `${whose}\n${what}\n${month}`;
    if (told.has(key)) {
      refuse(monthColumn, `${cell(monthColumn)} is told twice of ${whose} ${what}`);
    }
    told.add(key);
    if (faults.length > 0) return faults;
    return [
      ...[whose, ...category === undefined ? [] : [what]],
      ...[`${monthText(month!)}-01`, value!],
    ];
  });
  const names = monthlyColumns(spec);
  return {
    rows: rows.length,
    columns: Object.fromEntries(names.map((name, at) => [name, rows.map((row) => row[at])])),
  };
}

function checkColumns(table: Table, wanted: readonly string[]): void {
  const missing = wanted.find((name) => !Object.hasOwn(table.columns, name));
  if (missing === undefined) return;
  throw new DataError(`Cannot read series: column "${missing}" is missing`, {
    next: `give a table with ${wanted.join(", ")}`,
  });
}

/** Every row as `read` gives it; faults of rows are told together. */
function readRows<T>(table: Table, read: (row: number) => T | readonly EventFault[]): T[] {
  const good: T[] = [];
  const wrong: string[] = [];
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    const found = read(row);
    if (!isFaults(found)) good.push(found);
    else if (count++ < SHOWN) {
      wrong.push(...found.map(({ column, fault }) => `row ${row + 1}, ${column}: ${fault}`));
    }
  }
  if (count === 0) return good;
  throw new DataError(
    `Cannot read ${count} of ${table.rows} rows: ${wrong.slice(0, SHOWN).join("; ")}`,
    { next: "correct these rows or leave them out" },
  );
}

function isFaults<T>(found: T | readonly EventFault[]): found is readonly EventFault[] {
  return Array.isArray(found) && typeof found[0] === "object" && found[0] !== null;
}
