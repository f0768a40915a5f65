/** Numbers that are written for people, in columns of texts, as programs write them. */

import type { DataFrame, Series } from "nodejs-polars";
import { decideColumn } from "./infer_column.ts";
import { type Notation, plainNumber } from "./number_text.ts";
import { plainSeries } from "./plain_series.ts";
import type { Cell, Table } from "./table.ts";
import { evidenceOf, usualNotation } from "./typed_columns.ts";

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
  const evidence = new Map(texts.map((own) => [own.name, evidenceOf(own, new Set([""]))]));
  const usual = usualNotation([...evidence.values()], { separator });
  const columns: Record<string, readonly Cell[]> = { ...table.columns };
  for (const [name, own] of evidence) {
    const [notation, counts] = [own.notation(usual), own.counts(usual)];
    if (counts.respelled < FEWEST || decideColumn([counts]).kind !== "number") continue;
    if (notation === "comma" && separator === ",") continue;
    columns[name] = table.columns[name].map((cell) => respell(cell, notation));
  }
  return { rows: table.rows, columns };
}

function respell(cell: Cell, notation: Notation): Cell {
  if (typeof cell !== "string") return cell;
  const plain = plainNumber(cell, notation);
  // Blanks around a number are no matter of notation.
  return plain === undefined || plain === cell.trim() ? cell : plain;
}
