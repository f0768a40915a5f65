/** Why the exported model predicts as it does, on a sample of the training rows. */

import { deriveSeed, Random, type WorkerPool } from "../base/mod.ts";
import { linearShap, type ShapValues, treeShap } from "../explain/mod.ts";
import { featureColumns, transform } from "../features/mod.ts";
import {
  bagOfColumn,
  bagScores,
  type LinearClassifier,
  type LinearRegressor,
} from "../learners/mod.ts";
import type { Matrix } from "../dataset/mod.ts";
import type { TreeEnsemble } from "../trees/mod.ts";
import type { ComparisonData, FittedModel, Watch } from "./experiment.ts";

/**
 * Rows that are explained: enough for a picture, and no more than takes seconds.
 * The work grows with rows × nodes, and a fully grown forest has many nodes.
 */
const ROWS = { fewest: 50, most: 500, timesNodes: 4e7 };

/** Shapley values of a sample, with the features they explain. */
export interface Explanation {
  /** The rows, as the model reads them. */
  readonly X: Matrix;
  /** How their scores came about. */
  readonly shap: ShapValues;
}

/** What of a model can be explained. */
type Explained =
  | { readonly trees: TreeEnsemble }
  | (Pick<LinearClassifier | LinearRegressor, "centre" | "coefficients" | "intercepts"> & {
    readonly bags?: LinearClassifier["bags"];
  })
  | { readonly base: Explained };

/**
 * Explains 50 to 500 rows drawn without repetition, fewer for larger models; of a
 * calibrated model the scores under its calibration.
 *
 * @returns Undefined for a model of which no exact values are known.
 */
export async function explain(
  { state, model }: FittedModel,
  { data, seed }: ComparisonData,
  pool: WorkerPool,
  { signal, progress }: Watch,
): Promise<Explanation | undefined> {
  const explained = explainedPart(model);
  if (explained === undefined) return undefined;
  const nodes = "trees" in explained ? explained.trees.feature.length : 1;
  const affordable = Math.floor(ROWS.timesNodes / nodes);
  const size = Math.min(ROWS.most, Math.max(ROWS.fewest, affordable));
  const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
  const sample = new Random(deriveSeed(seed, 4)).shuffle(rows).slice(0, size).sort();
  const X = transform(state, data, sample);
  if (!("trees" in explained)) return { X, shap: withBags(linearShap(explained, X), explained, X) };
  return { X, shap: await treeShap(explained.trees, X, { pool, signal, onProgress: progress }) };
}

/** The values with what texts add: the sum over all of a text's terms, measured from an empty one. */
function withBags(shap: ShapValues, { bags = [] }: LinearPart, X: Matrix): ShapValues {
  const { rows, features, outputs } = shap;
  for (const planes of bags) {
    const added = bagScores(planes, bagOfColumn(planes, X));
    for (let k = 0; k < outputs; k++) {
      const from = (k * features + planes.column) * rows;
      shap.values.set(added.subarray(k * rows, (k + 1) * rows), from);
    }
  }
  return shap;
}

type LinearPart = Exclude<Part, { readonly trees: unknown }>;

type Part = Exclude<Explained, { readonly base: unknown }>;

function explainedPart(model: unknown): Part | undefined {
  if (typeof model !== "object" || model === null) return undefined;
  if ("base" in model) return explainedPart(model.base);
  return "trees" in model || "coefficients" in model ? model as Part : undefined;
}

/** Mean absolute Shapley values, summed over the features of each raw column, sum 1. */
export function columnImportance(
  { state }: FittedModel,
  explanation: Explanation | undefined,
): Record<string, number> {
  if (explanation === undefined) return {};
  const sums = new Map<string, number>();
  const { rows, features, outputs, values } = explanation.shap;
  featureColumns(state).forEach((name, j) => {
    for (let k = 0; k < outputs; k++) {
      const from = (k * features + j) * rows;
      let sum = sums.get(name) ?? 0;
      for (let i = from; i < from + rows; i++) sum += Math.abs(values[i]);
      sums.set(name, sum);
    }
  });
  const total = [...sums.values()].reduce((sum, value) => sum + value, 0) || 1;
  return Object.fromEntries([...sums].map(([name, sum]) => [name, sum / total]));
}
