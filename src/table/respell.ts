/** Numbers that are written for people, in columns of texts, as programs write them. */

import type { DataFrame, Series } from "nodejs-polars";
import { type Cell, decideColumn, type Notation, plainNumber, type Table } from "../dataset/mod.ts";
import { type PlainSeries, plainSeries } from "./plain_series.ts";
import { evidenceOf, unreadRows, usualNotation } from "./typed_columns.ts";

/** A single text tells nothing about how a column's numbers are written. */
const FEWEST = 2;

/**
 * The table with `1234.50` where columns of numbers have `1.234,50` or
 * `1,234.50`; all other cells stay as they are. Between commas a decimal comma
 * is none: a quoted `"1,2"` is rather a list.
 */
export function respelled(
  table: Table,
  frame: DataFrame,
  source: string,
  separator?: string,
): Table {
  const texts = (frame.getColumns() as Series[]).map((series) => plainSeries(series, source))
    .filter(({ native }) => native === "text");
  const look = (own: PlainSeries) => [own.name, evidenceOf(own, new Set([""]))] as const;
  // Most columns need no second look.
  let evidence = texts.filter(({ name, series }) =>
    unreadRows(series).some((row) => isSpelled(table.columns[name][row]))
  ).map(look);
  const usual = usualNotation(evidence.map(([, own]) => own), { separator });
  // Where numbers have commas, 1.234 is one of thousands.
  if (usual === "comma" && separator !== ",") evidence = texts.map(look);
  const columns: Record<string, readonly Cell[]> = { ...table.columns };
  for (const [name, own] of evidence) {
    const [notation, counts] = [own.notation(usual), own.counts(usual)];
    if (counts.numbers < FEWEST || decideColumn([counts]).kind !== "number") continue;
    if (notation === "comma" ? separator === "," : counts.respelled < FEWEST) continue;
    columns[name] = table.columns[name].map((cell) => respell(cell, notation));
  }
  return { rows: table.rows, columns };
}

function isSpelled(cell: Cell): boolean {
  if (typeof cell !== "string") return false;
  return [respell(cell, "point"), respell(cell, "comma")].some((own) => own !== cell);
}

function respell(cell: Cell, notation: Notation): Cell {
  if (typeof cell !== "string") return cell;
  const plain = plainNumber(cell, notation);
  // Blanks around a number are no matter of notation.
  return plain === undefined || plain === cell.trim() ? cell : plain;
}
