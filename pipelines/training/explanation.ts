/** Why the exported model predicts as it does, on a sample of the training rows. */

import { deriveSeed, Random, type WorkerPool } from "../../src/base/mod.ts";
import { type ShapValues, treeShap } from "../../src/explain/mod.ts";
import { transform } from "../../src/features/mod.ts";
import type { Matrix } from "../../src/table/mod.ts";
import type { Watch } from "./cross_validate.ts";
import type { FittedModel } from "./refit.ts";
import type { Experiment } from "./score_fold.ts";

/** Rows that are explained: enough for a picture, few enough for a coffee-free wait. */
const SAMPLE = 200;

/** Shapley values of a sample, with the features they explain. */
export interface Explanation {
  readonly X: Matrix;
  readonly shap: ShapValues;
}

/** Explains up to 200 rows drawn without repetition. */
export async function explain(
  { state, classifier }: FittedModel,
  { data, seed }: Experiment,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<Explanation> {
  const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
  const sample = new Random(deriveSeed(seed, 4)).shuffle(rows).slice(0, SAMPLE).sort();
  const X = transform(state, data, sample);
  return { X, shap: await treeShap(classifier.trees, X, { pool, signal, onProgress: progress }) };
}
