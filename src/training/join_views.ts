/** Rows with the features of a view, as they were known at each row's moment. */

import { sha256, sha256File } from "../base/mod.ts";
import {
  type FeatureView,
  type HistoryColumns,
  joinViews,
  readFeatureHistory,
} from "../feature_store/mod.ts";
import { type StepContext, stepFunction } from "../pipeline/mod.ts";
import { readTable } from "../table/mod.ts";
import type { TrainingData } from "./training_data.ts";

/** Joins one view. */
export const joinStep = stepFunction(
  import.meta.url,
  "joinStep",
  async (
    { view, time, columns }: { view: FeatureView; time: string; columns: HistoryColumns },
    { rows, path }: { rows: TrainingData; path: string },
    { log }: Pick<StepContext, "log">,
  ): Promise<TrainingData> => {
    const history = readFeatureHistory(view, await readTable(path), columns);
    const table = joinViews(rows.table, time, [{ view, history }]);
    const names = Object.keys(view.features);
    let known = 0;
    for (let row = 0; row < table.rows; row++) {
      if (names.some((name) => table.columns[name][row] !== null)) known++;
    }
    log(`${view.name}: ${known} of ${table.rows} rows had values at their moment`);
    // A model is known by all that it was made of.
    const digest = sha256(`${rows.digest}\n${await sha256File(path)}`);
    return { path: rows.path, digest, table };
  },
);
