/** The forms in which MLflow's and SageMaker's clients send rows. */

import { parse } from "@std/csv";
import { Problem } from "../http/problem.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows, and where they are in the body as a JSON pointer. */
export interface Rows {
  readonly rows: readonly unknown[];
  readonly at: string;
}

/** Texts, which are left alone, and the bare `NaN` that Python's JSON writes for a missing number. */
const textOrNaN = /"(?:[^"\\]|\\.)*"|\bNaN\b/g;

/**
 * Reads JSON as Python's `json` writes it: `NaN` is null.
 *
 * @throws {Problem} 400 if it is no JSON.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const plain = text.replace(textOrNaN, (found) => found === "NaN" ? "null" : found);
    try {
      return JSON.parse(plain);
    } catch {
      throw new Problem(400, `The body is no JSON: ${(cause as Error).message}`, { cause });
    }
  }
}

/** The forms by their key. */
const forms: Readonly<Record<string, (value: unknown) => readonly unknown[]>> = {
  dataframe_split: splitRows,
  dataframe_records: (value) => listOf(value, "dataframe_records"),
  instances: (value) => objects(listOf(value, "instances"), "instances"),
  inputs: (value) => Array.isArray(value) ? objects(value, "inputs") : columnRows(value),
};

/**
 * The rows of a body of JSON in one of the forms `dataframe_split`,
 * `dataframe_records`, `instances` and `inputs`.
 *
 * @throws {Problem} 400 if it has none of them, or one that is wrong.
 */
export function rowsOfForm(body: unknown): Rows {
  if (!isRow(body)) throw new Problem(400, `Cannot invoke: ${wanted}`);
  const { params, ...rest } = body;
  if (params !== undefined && params !== null && Object.keys(params).length > 0) {
    throw new Problem(400, "Cannot invoke: the model takes no params; leave them out");
  }
  const [form, ...others] = Object.keys(rest);
  if (others.length > 0 || form === undefined || !Object.hasOwn(forms, form)) {
    throw new Problem(400, `Cannot invoke: ${wanted}`);
  }
  const rows = forms[form](rest[form]);
  if (rows.length === 0) throw new Problem(400, `Cannot invoke: ${form} has no rows`);
  return { rows, at: `/${form}` };
}

/**
 * The rows of a body of CSV, whose first line names the columns; what is empty is missing.
 *
 * @throws {Problem} 400 if it is no CSV.
 */
export function rowsOfCsv(text: string): Rows {
  let lines: string[][];
  try {
    lines = parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new Problem(400, `The body is no CSV: ${(cause as Error).message}`, { cause });
  }
  const [names, ...data] = lines;
  if (data.length === 0) {
    throw new Problem(400, "Cannot invoke: the CSV has no rows below the line that names columns");
  }
  return { rows: table(names, data, (value) => value === "" ? null : value), at: "" };
}

const wanted = `wanted one of ${Object.keys(forms).join(", ")} in a JSON object`;

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, form: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Problem(400, `Cannot invoke: ${form} is no list`);
}

function objects(list: readonly unknown[], form: string): readonly unknown[] {
  const at = list.findIndex((row) => !isRow(row));
  if (at < 0) return list;
  throw new Problem(400, `Cannot invoke: row ${at} of ${form} names no columns: wanted an object`);
}

function splitRows(value: unknown): readonly unknown[] {
  const { columns, data } = isRow(value) ? value : {};
  const named = Array.isArray(columns) && columns.every((name) => typeof name === "string");
  if (!named || !Array.isArray(data)) {
    throw new Problem(400, "Cannot invoke: dataframe_split has no list of columns and of data");
  }
  return table(columns, data, (value) => value);
}

function columnRows(value: unknown): readonly unknown[] {
  if (!isRow(value)) {
    throw new Problem(400, "Cannot invoke: inputs is neither an object nor a list");
  }
  const names = Object.keys(value);
  const columns = names.map((name) => listOf(value[name], `the input "${name.slice(0, 100)}"`));
  const rows = columns[0]?.length ?? 0;
  if (columns.some(({ length }) => length !== rows)) {
    const lengths = columns.slice(0, 10).map(({ length }) => length).join(", ");
    throw new Problem(400, `Cannot invoke: the inputs differ in length: ${lengths}`);
  }
  const lines = Array.from({ length: rows }, (_, row) => columns.map((values) => values[row]));
  return table(names, lines, (value) => value);
}

function table(
  names: readonly string[],
  data: readonly unknown[],
  cell: (value: unknown) => unknown,
): readonly unknown[] {
  if (new Set(names).size < names.length) {
    throw new Problem(400, "Cannot invoke: a column is there twice");
  }
  return data.map((line, row) => {
    if (!Array.isArray(line) || line.length !== names.length) {
      throw new Problem(400, `Cannot invoke: row ${row} has not ${names.length} values`);
    }
    return Object.fromEntries(names.map((name, at) => [name, cell(line[at])]));
  });
}
