/** Reads the training data; the embedded set is made first where nothing is there. */

import { sha256File } from "../../src/base/mod.ts";
import { clean, type CleanData } from "../../src/features/mod.ts";
import type { FileOptions } from "../../src/pipeline/mod.ts";
import { readTable } from "../../src/table/mod.ts";
import type { TrainingData } from "../training/training_data.ts";
import { creditFeatures } from "./columns.ts";
import { rowsPerCustomer, writeDataSet } from "./generate.ts";

/** Where the training data lies unless the user names another file. */
export const defaultDataPath = "data/raw/train.csv";

const embedded = { customers: 2500, seed: 42 };

/** Makes the embedded data set at the default path; a file that the user names must be there. */
export function makeWhereDefault(path: string): FileOptions {
  if (path !== defaultDataPath) return {};
  return {
    make: async ({ log, progress, signal }) => {
      const { customers, seed } = embedded;
      log(
        `There is no ${path}: generating ${customers * rowsPerCustomer} rows of ${customers} ` +
          `made-up customers (seed ${seed})`,
      );
      await writeDataSet(path, { ...embedded, signal, onProgress: progress });
    },
  };
}

/**
 * Reads a CSV or Parquet file with its digest.
 *
 * @throws {DataError} where the file is missing or malformed.
 */
export async function loadData(path: string): Promise<TrainingData> {
  // The reader first: it says best what is wrong with a file.
  const table = await readTable(path);
  return { path, digest: await sha256File(path), table };
}

/**
 * Cleans what was read, row by row; nothing is learned yet.
 *
 * @throws {DataError} where a column or a label is not what the features declare.
 */
export function cleanData({ table }: TrainingData): CleanData {
  return clean(creditFeatures, table, { target: "required" });
}
