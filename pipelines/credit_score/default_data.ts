/** Where the training data lies; the embedded set is made if nothing is there. */

import type { FileOptions } from "../../src/pipeline/mod.ts";
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
