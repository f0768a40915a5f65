/** Reads the training data; the embedded set is made first where nothing is there. */

import { sha256File } from "../../src/base/mod.ts";
import type { StepContext } from "../../src/pipeline/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import type { TrainingData } from "../training/training_data.ts";
import { rowsPerCustomer, writeDataSet } from "./generate.ts";

/** Where the training data lies unless the user names another file. */
export const defaultDataPath = "data/raw/train.csv";

const embedded = { customers: 2500, seed: 42 };

/**
 * Reads `path`. Only the default path is generated where it is missing: a file
 * that the user names must be there.
 *
 * @throws {DataError} where the file is missing or malformed.
 */
export async function loadData(
  path: string,
  { log, progress, signal }: Pick<StepContext, "log" | "progress" | "signal">,
): Promise<TrainingData> {
  if (path === defaultDataPath && !await isThere(path)) {
    const { customers, seed } = embedded;
    log(
      `There is no ${path}: generating ${customers * rowsPerCustomer} rows of ${customers} ` +
        `made-up customers (seed ${seed})`,
    );
    await writeDataSet(path, { ...embedded, signal, onProgress: progress });
  }
  // The reader first: it says best what is wrong with a file.
  const table = await readTable(path);
  return { path, digest: await sha256File(path), table };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
