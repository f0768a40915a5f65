/** A look at somebody's data: what its columns hold, which belong together, what to predict. */

import { nearestNames, UsageError } from "../base/mod.ts";
import { missingTexts } from "../features/mod.ts";
import { readTable, readTypedTable } from "../table/mod.ts";
import { columnFacts } from "./column_facts.ts";
import { type ColumnGuess, guessColumn } from "./column_guess.ts";
import { guessGroup } from "./group_guess.ts";
import { guessTarget, type TargetGuess } from "./target_guess.ts";

/** What was seen in a file. */
export interface DataLook {
  /** The file. */
  readonly path: string;
  readonly rows: number;
  /** Name of the column to predict. */
  readonly target: string;
  readonly task: TargetGuess;
  /** Column whose values tell which rows belong together. */
  readonly group?: string;
  /** All other columns, in the order of the file. */
  readonly columns: readonly ColumnGuess[];
}

/** How many names a message lists. */
const LISTED = 20;

/**
 * Looks at a CSV or Parquet file.
 *
 * @param target The column to predict.
 * @throws {UsageError} if there is no such column.
 * @throws {DataError} if the file cannot be read, or nothing can be learned from it.
 */
export async function lookAt(path: string, target: string | undefined): Promise<DataLook> {
  const { columns, rows } = await readTypedTable(path, missingTexts);
  const names = Object.keys(columns);
  if (target === undefined || !Object.hasOwn(columns, target)) {
    const near = target === undefined ? [] : nearestNames(target, names);
    const all = names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ", …" : "");
    throw new UsageError(
      target === undefined
        ? `Cannot tell which column of ${path} is to be predicted`
        : `Cannot find the column "${target}" in ${path}`,
      {
        next: near.length > 0
          ? `did you mean ${near.map((name) => JSON.stringify(name)).join(" or ")}?`
          : `name one with --target: ${all}; a file without a header needs one first`,
      },
    );
  }
  const { [target]: facts, ...others } = Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, columnFacts(name, column)]),
  );
  const task = guessTarget(facts, (await readTable(path)).columns[target]);
  const group = guessGroup(Object.values(others));
  const guesses = Object.values(others).filter(({ name }) => name !== group).map(guessColumn);
  if (guesses.every(({ kind }) => kind === undefined)) {
    throw new UsageError(`Cannot learn from ${path}: no column but "${target}" can be used`, {
      next: `give columns that describe a row; found ${
        guesses.slice(0, LISTED).map(({ name, seen }) => `${name} (${seen})`).join(", ") || "none"
      }`,
    });
  }
  return { path, rows, target, task, ...group !== undefined && { group }, columns: guesses };
}
