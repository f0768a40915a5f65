/**
 * The embedded data set: made-up customers with the columns, the classes and
 * the faults of the public Credit Score Classification data.
 */

import { dirname } from "@std/path";
import { deriveSeed, Random, removeIfPresent, temporaryPath } from "../../src/base/mod.ts";
import type { Cell, Table } from "../../src/dataset/mod.ts";
import { drawCustomer } from "./customer.ts";
import { soil } from "./dirt.ts";
import { months, monthsOf } from "./months.ts";
import { rawColumns, type RawRow } from "./raw_row.ts";

/** How many customers, and which. */
export interface GenerateOptions {
  /** Number of customers, 8 rows each; 1 or more. */
  readonly customers: number;
  /** Seed of everything random. */
  readonly seed: number;
}

/** How a file is written. */
export interface WriteOptions extends GenerateOptions {
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
  /** Stops the writing; nothing is left behind. */
  readonly signal?: AbortSignal;
}

/** Rows of each customer. */
export const rowsPerCustomer = months.length;

const CUSTOMERS_AT_ONCE = 250;

/**
 * The eight rows of customer number `index`, January to August. They depend on
 * the seed and the index alone, so that a smaller data set is the start of a
 * larger one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const rows = customerRows(42, 0);
 * assertEquals(rows.length, 8);
 * assertEquals(rows[0].Month, "January");
 * ```
 */
export function customerRows(seed: number, index: number): RawRow[] {
  const offset = new Random(seed).next();
  const random = new Random(deriveSeed(seed, index), index);
  const customer = drawCustomer(index, random, offset);
  return monthsOf(customer, index, random).map((row) => soil(row, random));
}

/**
 * The data set in memory, as `readTable` would read it from the file.
 *
 * @throws {RangeError} if the number of customers is not whole or below 1.
 */
export function generateTable({ customers, seed }: GenerateOptions): Table {
  requireCustomers(customers);
  const columns: Record<string, Cell[]> = {};
  for (const name of rawColumns) columns[name] = [];
  for (let index = 0; index < customers; index++) {
    for (const row of customerRows(seed, index)) {
      for (const name of rawColumns) columns[name].push(row[name] === "" ? null : row[name]);
    }
  }
  return { rows: customers * rowsPerCustomer, columns };
}

/** The data set as CSV text, a header line first, in pieces of about half a megabyte. */
export function* generateCsv({ customers, seed }: GenerateOptions): Generator<string> {
  requireCustomers(customers);
  let text = `${rawColumns.join(",")}\n`;
  for (let index = 0; index < customers; index++) {
    for (const row of customerRows(seed, index)) {
      text += `${rawColumns.map((name) => csvField(row[name])).join(",")}\n`;
    }
    if ((index + 1) % CUSTOMERS_AT_ONCE === 0 || index === customers - 1) {
      yield text;
      text = "";
    }
  }
}

/**
 * Writes the data set to `path` as CSV: whole or not at all, in constant memory.
 * Missing folders are made.
 *
 * @returns The number of rows.
 * @throws what the file system refuses; no partial file is left behind.
 */
export async function writeDataSet(
  path: string,
  { onProgress, signal, ...options }: WriteOptions,
): Promise<number> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = temporaryPath(path);
  const encoder = new TextEncoder();
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true });
    let pieces = 0;
    for (const text of generateCsv(options)) {
      signal?.throwIfAborted();
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      onProgress?.(Math.min(1, ++pieces * CUSTOMERS_AT_ONCE / options.customers));
    }
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfPresent(temporary);
    throw error;
  }
  return options.customers * rowsPerCustomer;
}

function requireCustomers(customers: number): void {
  if (!Number.isInteger(customers) || customers < 1) {
    throw new RangeError(
      `Cannot generate ${customers} customers; give a whole number of 1 or more`,
    );
  }
}

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
