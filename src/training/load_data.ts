/** Reads the training data. */

import { sha256File } from "../base/mod.ts";
import { readTable } from "../table/mod.ts";
import type { TrainingData } from "./training_data.ts";

/**
 * Reads a CSV or Parquet file with its digest.
 *
 * @throws {DataError} if the file is missing or malformed.
 */
export async function loadData(path: string): Promise<TrainingData> {
  // The reader first: it says best what is wrong with a file.
  const table = await readTable(path);
  return { path, digest: await sha256File(path), table };
}
