/** Holds a table to its declaration. */

import type { Table } from "../features/mod.ts";
import { checkColumns } from "./check_columns.ts";
import type { TableFinding } from "./finding.ts";
import { checkRelations } from "./relations.ts";
import { rowFindings } from "./rows.ts";
import type { TableSchema } from "./schema.ts";

/**
 * Looks at a table by its declaration: all of it, whatever is found first.
 *
 * @param now What freshness is told from.
 * @throws {DataError} if a column holds values of a type that no rule can read, as lists.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { number } from "../features/mod.ts";
 * import { tableSchema } from "./schema.ts";
 * const schema = tableSchema({ columns: { age: { holds: number({ min: 18 }) } } });
 * const table = { rows: 2, columns: { age: ["40", "12"] } };
 * const broken = validateTable(schema, table, new Date()).filter(({ kept }) => !kept);
 * assertEquals(broken.map(({ found }) => found), ["1 of 2 (50 %) out of range"]);
 * ```
 */
export function validateTable(schema: TableSchema, table: Table, now: Date): TableFinding[] {
  return [
    ...rowFindings(schema, table, now),
    ...checkColumns(schema, table),
    ...checkRelations(schema.relations ?? [], table),
  ];
}
