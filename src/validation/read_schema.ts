/** Declarations of tables that are kept as JSON. */

import { z } from "zod";
import { ifPresent, UsageError } from "../base/mod.ts";
import { type ColumnSpec, kindNames } from "../features/mod.ts";
import { relationSigns, type TableSchema, tableSchema } from "./schema.ts";

const share = z.number().min(0).max(1);
const otherwise = z.enum(["error", "warning"]);
const operand = z.union([
  z.string(),
  z.number(),
  z.strictObject({
    operation: z.enum(["ratio", "difference", "product", "sum"]),
    of: z.array(z.string()).min(2),
  }),
]);
const form = z.strictObject({
  columns: z.record(
    z.string(),
    z.strictObject({
      holds: z.looseObject({ kind: z.enum(kindNames) }) as unknown as z.ZodType<ColumnSpec>,
      optional: z.boolean(),
      ...{ missing: share, unread: share, outside: share },
      values: z.array(z.string()).min(1),
      unique: z.boolean(),
      otherwise,
    }).partial().required({ holds: true }),
  ),
  others: z.boolean().optional(),
  rows: z.strictObject({ min: z.int().min(0), max: z.int().min(0) }).partial().optional(),
  unique: z.array(z.array(z.string()).min(1)).optional(),
  fresh: z.strictObject({ column: z.string(), hours: z.number().gt(0) }).optional(),
  relations: z.array(
    z.strictObject({
      left: operand,
      is: z.enum(relationSigns),
      right: operand,
      within: z.number().min(0).optional(),
      except: share.optional(),
      otherwise: otherwise.optional(),
    }),
  ).optional(),
});

/**
 * Reads a declaration.
 *
 * @throws {UsageError} if there is none, or it is not of the form of {@linkcode TableSchema}.
 */
export async function readSchema(path: string): Promise<TableSchema> {
  const text = await ifPresent(Deno.readTextFile(path));
  if (text === undefined) {
    throw new UsageError(`Cannot read the schema ${path}: there is no such file`, {
      next: 'write one, as {"columns": {"age": {"holds": {"kind": "number", "min": 18}}}}',
    });
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`Cannot read the schema ${path}: ${(error as Error).message}`, {
      next: "correct the JSON",
    });
  }
  const read = form.safeParse(given);
  if (read.success) return tableSchema(read.data as TableSchema);
  const [{ path: at, message }] = read.error.issues;
  throw new UsageError(`Cannot use the schema ${path}: ${at.join(".") || "it"}: ${message}`, {
    next: "docs/validation.md has all that can be declared",
  });
}
