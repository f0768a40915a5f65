/** The latest predictions of a log. */

import { join } from "@std/path";
import { endOfFile, folderEntries, jsonLines } from "../base/mod.ts";
import { parseFileName } from "./file_name.ts";
import { type PredictionRecord, predictionRecord } from "./record.ts";

/** Files that are looked into: each thread of a server writes its own. */
const MOST_FILES = 16;
/** Bytes at the end of each that are read for each prediction that is asked for, at most all together. */
const BYTES_EACH = 8192;
const MOST_BYTES = 4 << 20;

/** The latest predictions, newest first, from the ends of the newest files. */
export async function recentPredictions(
  folder: string,
  limit: number,
): Promise<PredictionRecord[]> {
  const files: { path: string; begun: number }[] = [];
  for (const { name } of await folderEntries(folder)) {
    const found = parseFileName(name);
    if (found?.kind !== "predictions") continue;
    files.push({ path: join(folder, name), begun: found.begun.getTime() });
  }
  files.sort((a, b) => b.begun - a.begun);
  const bytes = Math.min(MOST_BYTES, BYTES_EACH * limit);
  const read = files.slice(0, MOST_FILES).map(({ path }) => latestIn(path, bytes));
  return (await Promise.all(read)).flat()
    .sort((a, b) => a.time < b.time ? 1 : -1).slice(0, limit);
}

/** What the end of a file holds; retention may have removed it, and its first line may be cut. */
async function latestIn(path: string, bytes: number): Promise<PredictionRecord[]> {
  return jsonLines(await endOfFile(path, bytes)).flatMap((value) =>
    predictionRecord.safeParse(value).data ?? []
  );
}
