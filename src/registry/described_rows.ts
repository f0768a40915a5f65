/** Rows as a model reads them, where what they came from is events. */

import { profileTable } from "../profile/mod.ts";
import { monthlyTable } from "../series/mod.ts";
import type { Table } from "../dataset/mod.ts";
import type { ModelMetadata } from "./metadata.ts";

/**
 * A table of events as its months where the model forecasts series, or with the features of the model's profile, each event by those before it in
 * the table; any other table, or one that has the features, as it is.
 *
 * @throws {DataError} if events cannot be read.
 */
export function describedRows(
  { profiles, series }: Pick<ModelMetadata, "profiles" | "series">,
  table: Table,
): Table {
  if (series !== undefined) return monthlyTable(series, table).table;
  return profiles === undefined ? table : profileTable(profiles.spec, table).table;
}
