/** Training data as MLflow lists it. */

import type { ColumnType, TrackedDataset } from "../../tracking/mod.ts";
import type { Cell } from "../../dataset/mod.ts";
import type { TrainingData } from "../training_data.ts";

/** Name, digest, size and column types of the raw data. */
export function trackedDataset({ path, digest, table }: TrainingData): TrackedDataset {
  const columns = Object.entries(table.columns);
  return {
    name: path,
    digest: digest.slice(0, 8),
    source: path,
    schema: columns.map(([name, cells]) => ({ name, type: columnType(cells) })),
    profile: { num_rows: table.rows, num_elements: table.rows * columns.length },
    context: "training",
  };
}

/** A column is numeric if all cells that hold something are; one dirty cell makes it text. */
function columnType(cells: readonly Cell[]): ColumnType {
  let found: ColumnType | undefined;
  for (const cell of cells) {
    if (cell === null) continue;
    const text = String(cell);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return "string";
    if (!/^[+-]?\d+$/.test(text)) found = "double";
    found ??= "long";
  }
  return found ?? "string";
}
