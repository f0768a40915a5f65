/** Fits the best combination once more, to all rows: the model that is exported. */

import { deriveSeed, Random, task, type WorkerPool } from "../../src/base/mod.ts";
import { type FeatureState, fit, transform } from "../../src/features/mod.ts";
import type { TreeClassifier } from "../../src/learners/mod.ts";
import { type Combination, learnerOf, samplerOf } from "./combination.ts";
import type { Watch } from "./cross_validate.ts";
import type { Experiment } from "./score_fold.ts";

/** A model with the features it was fitted on. */
export interface FittedModel {
  readonly state: FeatureState;
  readonly classifier: TreeClassifier;
}

/** Samples all rows in a worker; it shares the result, it does not copy it. */
export const sampleAll = task(
  import.meta.url,
  "sampleAll",
  async ({ combination, experiment: { data, seed }, state }: {
    combination: Combination;
    experiment: Experiment;
    state: FeatureState;
  }) => {
    const all = { X: transform(state, data), y: Int32Array.from(data.labels!) };
    const { X, y } = await samplerOf(combination).sample(all, new Random(deriveSeed(seed)));
    return { X, y };
  },
);

/** Fits `combination` to all rows of the experiment, its trees spread over the pool. */
export async function refit(
  combination: Combination,
  experiment: Experiment,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<FittedModel> {
  const state = fit(experiment.set, experiment.data);
  const { X, y } = await pool.run(sampleAll, { combination, experiment, state }, { signal });
  const classifier = await learnerOf(combination).fit(X, y, {
    classes: experiment.set.target.classes.length,
    seed: deriveSeed(experiment.seed, 1),
    pool,
    signal,
    onProgress: progress,
  });
  return { state, classifier };
}
