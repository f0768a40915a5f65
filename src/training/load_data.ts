/** Reads the training data. */

import { sha256File } from "../base/mod.ts";
import { type ProfileSpec, profileTable } from "../profile/mod.ts";
import { readTable } from "../table/mod.ts";
import type { TrainingData } from "./training_data.ts";

/**
 * Reads a CSV or Parquet file with its digest.
 *
 * @param profile Of rows that are events: they get the features of their profile.
 * @throws {DataError} if the file is missing or malformed.
 */
export async function loadData(path: string, profile?: ProfileSpec): Promise<TrainingData> {
  // The reader first: it says best what is wrong with a file.
  const table = await readTable(path);
  const digest = await sha256File(path);
  return { path, digest, ...profile === undefined ? { table } : profileTable(profile, table) };
}
