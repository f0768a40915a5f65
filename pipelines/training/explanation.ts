/** Why the exported model predicts as it does, on a sample of the training rows. */

import { deriveSeed, Random, type WorkerPool } from "../../src/base/mod.ts";
import { type ShapValues, treeShap } from "../../src/explain/mod.ts";
import { transform } from "../../src/features/mod.ts";
import type { Matrix } from "../../src/table/mod.ts";
import type { Watch } from "./cross_validate.ts";
import type { FittedModel } from "./refit.ts";
import type { Experiment } from "./score_fold.ts";

/**
 * Rows that are explained: enough for a picture, and no more than takes seconds.
 * The work grows with rows × nodes, and a fully grown forest has many nodes.
 */
const ROWS = { fewest: 50, most: 500, timesNodes: 4e7 };

/** Shapley values of a sample, with the features they explain. */
export interface Explanation {
  readonly X: Matrix;
  readonly shap: ShapValues;
}

/** Explains 50 to 500 rows drawn without repetition, fewer for larger models. */
export async function explain(
  { state, classifier }: FittedModel,
  { data, seed }: Experiment,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<Explanation> {
  const affordable = Math.floor(ROWS.timesNodes / classifier.trees.feature.length);
  const size = Math.min(ROWS.most, Math.max(ROWS.fewest, affordable));
  const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
  const sample = new Random(deriveSeed(seed, 4)).shuffle(rows).slice(0, size).sort();
  const X = transform(state, data, sample);
  return { X, shap: await treeShap(classifier.trees, X, { pool, signal, onProgress: progress }) };
}
