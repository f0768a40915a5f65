/** The rows that models are compared on: those that the candidate never learned from. */

import { DataError, sha256File } from "../base/mod.ts";
import { type ModelMetadata, unpackRows } from "../registry/mod.ts";
import { type Table, takeTableRows } from "../dataset/mod.ts";
import { readTable } from "../table/mod.ts";

/** Rows with the truth, or why there are none. */
export type HeldOutRows =
  | { readonly table: Table; readonly basis: string }
  | { readonly reason: string };

/**
 * The rows of a file that is given, else the test part that training held out, if the file of
 * the training is still the same.
 *
 * @param data A CSV or Parquet file with the column of the truth.
 * @throws {DataError} if a file that is given is missing or malformed.
 */
export async function heldOutRows(
  metadata: ModelMetadata,
  data: string | undefined,
): Promise<HeldOutRows> {
  if (data !== undefined) {
    const table = await readTable(data);
    return { table, basis: `${table.rows} rows of ${data}` };
  }
  const part = metadata.acceptance?.test_part;
  if (part === undefined) {
    return {
      reason: metadata.acceptance === undefined
        ? "the model's metadata, of an older version, tell no test part"
        : "the training held out no test part",
    };
  }
  try {
    if (await sha256File(part.data) !== metadata.data_digest) {
      return { reason: `${part.data} is not the file any more that the model was trained on` };
    }
    const rows = unpackRows(part.rows);
    const table = takeTableRows(await readTable(part.data), rows);
    return { table, basis: `the ${rows.length} rows of its test part` };
  } catch (error) {
    const missing = error instanceof Deno.errors.NotFound || error instanceof DataError;
    if (!missing) throw error;
    return { reason: `${part.data}, of which the test part is, cannot be read` };
  }
}
