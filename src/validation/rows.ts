/** Rows of a table as a whole: how many, which come twice, how old the newest is. */

import { missingTexts, type Table } from "../features/mod.ts";
import { type Cell, parseMoment } from "../dataset/mod.ts";
import { countText, EXAMPLES, type TableFinding } from "./finding.ts";
import type { TableSchema } from "./schema.ts";

const missing = new Set(missingTexts);

const HOUR = 60 * 60 * 1000;

/** The text of a cell, empty if there is no value. */
export function textOfCell(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return missing.has(text) ? "" : text;
}

/** Looks at the rows. */
export function rowFindings(schema: TableSchema, table: Table, now: Date): TableFinding[] {
  const { rows, unique = [], fresh } = schema;
  const findings: TableFinding[] = [];
  if (rows !== undefined) {
    const { min = 0, max = Infinity } = rows;
    findings.push({
      ...{ of: "rows", otherwise: "error", examples: [] },
      wanted: max === Infinity ? `at least ${min}` : `${min} to ${max}`,
      found: table.rows.toLocaleString("en"),
      kept: table.rows >= min && table.rows <= max,
    });
  }
  const there = (name: string) => Object.hasOwn(table.columns, name);
  for (const names of unique) if (names.every(there)) findings.push(repeated(names, table));
  if (fresh !== undefined && there(fresh.column)) findings.push(freshness(fresh, table, now));
  return findings;
}

/** Rows whose values in the columns have come before; rows without any are not asked. */
export function repeated(names: readonly string[], table: Table): TableFinding {
  const first = new Map<string, number>();
  const examples: string[] = [];
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    const texts = names.map((name) => textOfCell(table.columns[name][row]));
    if (texts.every((text) => text === "")) continue;
    const key = JSON.stringify(texts);
    const before = first.get(key);
    if (before === undefined) first.set(key, row);
    else {
      count++;
      if (examples.length < EXAMPLES) {
        examples.push(`rows ${before + 1} and ${row + 1} (${texts.join(", ")})`);
      }
    }
  }
  return {
    ...{ of: names.join(", "), wanted: "no value twice", otherwise: "error", examples },
    ...{ found: `${countText(count, table.rows)} repeated`, kept: count === 0 },
  };
}

function freshness(
  { column, hours }: NonNullable<TableSchema["fresh"]>,
  table: Table,
  now: Date,
): TableFinding {
  let newest = -Infinity;
  for (const cell of table.columns[column]) {
    const moment = parseMoment(textOfCell(cell));
    if (moment > newest) newest = moment;
  }
  const age = (now.getTime() - newest) / HOUR;
  return {
    ...{ of: column, wanted: `newest at most ${hours} hours old`, otherwise: "error" },
    found: newest === -Infinity
      ? "no moment in it"
      : `${new Date(newest).toISOString()}, ${age.toFixed(1)} hours old`,
    // A newest row from the future is a wrong clock or a wrong column, not a fresh table.
    kept: age >= -1 && age <= hours,
    examples: [],
  };
}
