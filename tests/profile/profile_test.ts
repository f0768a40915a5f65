/** Profiles of entities: no look-ahead, one way for training and serving, bad input by name. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { madeUpTransactions } from "../../pipelines/anomaly/generate.ts";
import { transactionProfile } from "../../pipelines/anomaly/columns.ts";
import { EventReader, longestHistory } from "../../serve/model/event_reader.ts";
import type { Fault } from "../../serve/http/problem.ts";
import { DataError } from "../../src/base/mod.ts";
import {
  advance,
  describeEvent,
  emptyProfile,
  profileFeatures,
  profileTable,
  readEvent,
} from "../../src/profile/mod.ts";
import { type Table, takeTableRows } from "../../src/dataset/table.ts";

const names = Object.keys(profileFeatures(transactionProfile));

/** Made-up transactions as a table. */
function transactions(users: number, days: number, seed: number): Table {
  const [header, ...lines] = madeUpTransactions({ users, days, seed }).trim().split("\n");
  const cells = lines.map((line) => line.split(","));
  return {
    rows: lines.length,
    columns: Object.fromEntries(
      header.split(",").map((name, j) => [name, cells.map((row) => row[j])]),
    ),
  };
}

const described = (table: Table) => profileTable(transactionProfile, table).table.columns;
const rowOf = (columns: Table["columns"], row: number) => names.map((name) => columns[name][row]);

Deno.test("profile: 25 features, of a table that has them already none anew", () => {
  assertEquals(names.length, 25);
  const { table } = profileTable(transactionProfile, transactions(2, 4, 1));
  assertEquals(profileTable(transactionProfile, table).table, table);
  const { place: _, merchant: __, ...less } = transactionProfile;
  assertEquals(Object.keys(profileFeatures(less)).length, 20);
});

Deno.test("profile: the future changes no feature of the past", () => {
  const table = transactions(5, 40, 3);
  const whole = described(table);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: table.rows - 1 }), fc.integer(), (cut, seed) => {
      // Rows of one moment are taken in the order of the table: they stay in it.
      const kept = Int32Array.from({ length: cut }, (_, row) => row);
      const past = described(takeTableRows(table, kept));
      for (const row of [cut - 1, Math.abs(seed) % cut]) {
        assertEquals(rowOf(past, row), rowOf(whole, row));
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("profile: other users and the order of the rows change nothing", () => {
  const table = transactions(4, 30, 5);
  const whole = described(table);
  const own = Int32Array.from(table.columns.user.keys())
    .filter((row) => table.columns.user[row] === "u0002");
  const alone = described(takeTableRows(table, own));
  own.forEach((row, i) => assertEquals(rowOf(alone, i), rowOf(whole, row)));
  const backwards = Int32Array.from({ length: table.rows }, (_, i) => table.rows - 1 - i);
  const turned = described(takeTableRows(table, backwards));
  for (let row = 0; row < table.rows; row += 17) {
    assertEquals(rowOf(turned, table.rows - 1 - row), rowOf(whole, row));
  }
});

Deno.test("profile: a request describes an event as the training did", () => {
  const table = transactions(3, 60, 7);
  const whole = described(table);
  const own = Int32Array.from(table.columns.user.keys())
    .filter((row) => table.columns.user[row] === "u0003");
  const record = (row: number) =>
    Object.fromEntries(Object.entries(table.columns).map(([name, cells]) => [name, cells[row]]));
  // Known up to a day, told the rest by the request; or told all.
  const known = own.subarray(0, 40);
  const { profiles } = profileTable(transactionProfile, takeTableRows(table, known));
  const reader = new EventReader(profiles);
  const blank = new EventReader({ spec: transactionProfile, states: {} });
  for (const at of [40, 41, 55, own.length - 1]) {
    const history = [...own.subarray(0, at)].map(record);
    const faults: Fault[] = [];
    const expected = Object.fromEntries(names.map((name) => [name, whole[name][own[at]]]));
    const asked = record(own[at]);
    const later = history.slice(40);
    assertEquals(reader.describe({ ...asked, history: later }, "", faults)?.record, expected);
    assertEquals(reader.describe({ ...asked, history }, "", faults)?.record, expected);
    assertEquals(blank.describe({ ...asked, history }, "", faults)?.record, expected);
    assertEquals(faults, []);
  }
});

Deno.test("profile: what is remembered is bounded, whatever comes", () => {
  const profile = emptyProfile();
  for (let i = 0; i < 3000; i++) {
    advance(profile, {
      ...{ entity: "a", time: 1000 * i, amount: i % 3 ? 10 : -5 },
      ...{ category: `c${i}`, merchant: ["__proto__", `${i}`][i % 2] },
      ...{ latitude: i % 90, longitude: NaN },
    });
  }
  assert(JSON.stringify(profile).length < 30_000, `${JSON.stringify(profile).length} bytes`);
  assertEquals(profile.merchants["=__proto__"].count, 1500);
});

Deno.test("profile: features of nothing known are missing or 0, never infinite", () => {
  const event = readEvent(
    transactionProfile,
    (name) => ({ user: "a", time: "2026-01-01", amount: 0 })[name],
    [],
  )!;
  const first = describeEvent(transactionProfile, event, emptyProfile());
  assertEquals(Object.values(first).filter((value) => Math.abs(value) === Infinity), []);
  assertEquals(first.amount_z, NaN);
});

Deno.test("profile: events that cannot be read are told by row and column", () => {
  const table = transactions(1, 10, 1);
  const broken = (column: string, row: number, cell: string | number | null) => {
    const cells = [...table.columns[column]];
    cells[row] = cell;
    return { rows: table.rows, columns: { ...table.columns, [column]: cells } };
  };
  const refused = (column: string, cell: string | number | null, message: string) =>
    assertThrows(() => described(broken(column, 2, cell)), DataError, message);
  refused("time", "31.01.2026", "row 3, time");
  refused("time", null, "nothing is there, wanted a moment");
  refused("amount", "NaN", "row 3, amount");
  refused("amount", Infinity, "wanted a number");
  refused("currency", "USD", "wanted amounts in INR");
  refused("latitude", 91, "row 3, latitude");
  refused("user", "", "whose event it is");
  const { merchant: _, ...less } = table.columns;
  assertThrows(
    () => described({ rows: table.rows, columns: less }),
    DataError,
    'column "merchant" is missing',
  );
});

Deno.test("profile: requests that cannot be described are refused by field", () => {
  const { profiles } = profileTable(transactionProfile, transactions(1, 10, 1));
  const reader = new EventReader(profiles);
  const event = { user: "u0001", time: "2026-02-01T10:00:00Z", amount: 5, currency: "INR" };
  const faultsOf = (record: Record<string, unknown>) => {
    const faults: Fault[] = [];
    assertEquals(reader.describe(record, "/records/0", faults), undefined);
    return faults.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");
  };
  const told = (change: Record<string, unknown>, part: string) =>
    assert(faultsOf({ ...event, ...change }).includes(part), faultsOf({ ...event, ...change }));
  told({ time: "2025-12-01T10:00:00Z" }, "/records/0/time: the clock goes back");
  told({ time: new Date(Date.now() + 1e9).toISOString() }, "in the future");
  told({ currency: "EUR" }, "wanted amounts in INR");
  told({ amount: "much" }, "/records/0/amount");
  told({ history: 5 }, "/records/0/history");
  told({ history: new Array(longestHistory + 1).fill(event) }, "at most 500");
  told({ history: [{ ...event, user: "u0002" }] }, "another's event");
  told({ history: [{ ...event, time: "2026-02-01T10:00:01Z" }] }, "later than the event itself");
  told({ history: [null] }, "history/0");
  const never = reader.describe({ ...event, user: "nobody" }, "", []);
  assertEquals(never?.warnings.map(({ column, sent }) => [column, sent]), [["user", "nobody"]]);
});
