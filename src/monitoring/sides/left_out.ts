/** Columns that cannot, or shall not, be compared. */

import { nearestName, UsageError } from "../../base/mod.ts";
import type { Sides, SkippedColumn } from "./side.ts";

/**
 * Columns that are compared on neither side: those that the user names, that
 * one side leaves out, and that the model's statistics cannot be held against.
 *
 * @param ignore Names of columns with commas between them.
 * @throws {UsageError} if neither side has a column that is named.
 */
export function columnsLeftOut(ignore: string, sides: Sides): SkippedColumn[] {
  return [
    ...ignoredColumns(ignore, sides),
    ...sides.reference.leftOut,
    ...sides.current.leftOut,
    ...incomparable(sides),
  ];
}

function ignoredColumns(ignore: string, { reference, current }: Sides): SkippedColumn[] {
  const known = [reference, current].flatMap(({ sample, leftOut }) => [
    ...Object.keys(sample.columns),
    ...leftOut.map(({ column }) => column),
  ]);
  return ignore.split(",").map((name) => name.trim()).filter(Boolean).map((column) => {
    if (known.includes(column)) return { column, why: "ignored" };
    const nearest = nearestName(column, known);
    throw new UsageError(`Cannot ignore column "${column}": neither side has it`, {
      next: nearest === undefined ? "name a column of the data" : `did you mean "${nearest}"?`,
    });
  });
}

/**
 * Columns of which a model keeps statistics that its rows cannot be held
 * against, as metadata of other versions may: that says nothing about the data.
 */
function incomparable({ reference, current, model }: Sides): SkippedColumn[] {
  if (model === undefined) return [];
  const kept = Object.entries(reference.sample.columns).filter(([, column]) => "count" in column);
  return kept.flatMap(([column, { kind }]) => {
    const own = current.sample.columns[column]?.kind ?? kind;
    if (own !== kind) {
      return [{ column, why: `the model keeps it as ${kind}, the rows hold ${own}` }];
    }
    return model.declared.opaque.includes(column)
      ? [{ column, why: "the model does not tell how training cleaned it" }]
      : [];
  });
}
