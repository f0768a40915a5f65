/** The rows of a fold as learners read them, made once for all candidates with the same features. */

import { task } from "../base/mod.ts";
import { fit, transform, transformTraining } from "../features/mod.ts";
import type { Fold } from "../dataset/mod.ts";
import type { ComparisonData, PreparedFold } from "./experiment.ts";

/** Makes it, on shared memory. */
export function prepareFold({ set, data }: ComparisonData, { train, test }: Fold): PreparedFold {
  const state = fit(set, data, train);
  return {
    state,
    learn: transformTraining(set, state, data, train),
    test: transform(state, data, test),
  };
}

/** Makes it in a worker. */
export const prepareFoldTask = task(
  import.meta.url,
  "prepareFoldTask",
  ({ experiment, fold }: { readonly experiment: ComparisonData; readonly fold: Fold }) =>
    prepareFold(experiment, fold),
);
