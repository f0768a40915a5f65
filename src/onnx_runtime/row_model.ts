/**
 * Evaluates exported tree models row by row without ONNX Runtime, whose calls
 * cost many times what a row does.
 */

import { ModelError } from "../base/mod.ts";
import { featureColumns, type FeatureState, rowTransformer } from "../features/mod.ts";
import {
  applyLink,
  mostProbable,
  numberOfScore,
  pathReasons,
  predictNumbers,
  predictsNumber,
  predictTreeProba,
  type ReasonTrees,
  reasonTrees,
  rowScorer,
  type RowTrees,
  rowTrees,
  type TreeEnsemble,
} from "../trees/mod.ts";
import { emptyMatrix, type Matrix } from "../dataset/mod.ts";
import { comparePredictions } from "./parity.ts";
import { probeRows, thresholdRows } from "./probe_rows.ts";
import { damaged, readModelPieces } from "../onnx_format/mod.ts";
import { readEnsemble } from "./read_ensemble.ts";
import { compareValues } from "./regression_parity.ts";
import type { OnnxModel, OnnxRegression } from "./session.ts";

/**
 * Rows of borders, and as many at most of thresholds, on which both ways have to
 * agree before one takes the place of the other.
 */
const PROBES = 256;

/** A tree model as plain data, its trees in shared memory: one thread reads it for another. */
export interface RowModelParts {
  /** What the features learned. */
  readonly state: FeatureState;
  /** For each column that the trees read its place among the features. */
  readonly places: Int32Array;
  /** The trees, laid out by row. */
  readonly trees: RowTrees;
  /** From their sums to answers. */
  readonly link: TreeEnsemble["link"];
  /** What tells why, where that was asked for. */
  readonly reasons?: ReasonTrees;
}

/**
 * Predicts one row.
 *
 * @param values Its raw values in the order of the model's inputs: a number
 * with NaN for missing, or a text with "" for missing.
 * @returns Probability of each class, shape [classes], or the predicted number,
 * shape [1]; good until the next call.
 */
export type RowModel = (values: readonly (number | string)[]) => Float32Array | Float64Array;

/**
 * Reads the trees of a model file, and makes sure that they predict what ONNX
 * Runtime predicts with that file: for every border, category and text that
 * the features know and for thresholds of the trees, in random rows.
 *
 * @param state What the model's features learned, from its metadata.
 * @param model The same file in ONNX Runtime.
 * @param reasons Whether {@linkcode rowReasons} is to tell why.
 * @returns undefined if the file describes no trees; see `read_ensemble.ts`.
 * @throws {ModelError} if the file is damaged, or the predictions differ.
 *
 * @example
 * ```ts ignore
 * const parts = await readRowModel(onnx, metadata.feature_state, await openModel(onnx));
 * const probabilities = parts && rowModel(parts)([28, "Lawyer"]);
 * ```
 */
export async function readRowModel(
  onnx: Uint8Array,
  state: FeatureState,
  model: Pick<OnnxModel, "classes" | "predict"> | Pick<OnnxRegression, "predict">,
  reasons = false,
): Promise<RowModelParts | undefined> {
  const found = readEnsemble(readModelPieces(onnx));
  if (found === undefined) return undefined;
  const { facts, trees } = found;
  const places = placesOf(facts.features, state);
  const parts = {
    ...{ state, places, trees: rowTrees(trees), link: trees.link },
    ...reasons && { reasons: reasonTrees(trees) },
  };
  const predict = rowModel(parts);
  const splits = Array.from(trees.feature, (feature, node) => ({ feature, node }))
    .filter(({ feature, node }) => feature >= 0 && !(trees.sets && trees.sets.of[node] >= 0))
    .map(({ feature, node }) => ({
      column: facts.features[feature].column,
      threshold: trees.threshold[node],
    }));
  const rows = [...probeRows(state, PROBES), ...thresholdRows(state, PROBES, splits)];
  const outputs = "classes" in model ? model.classes.length : 1;
  const scores = scoresOf(trees, outputs * rows.length);
  rows.forEach((values, row) =>
    predict(values).forEach((score, k) => scores[k * rows.length + row] = score)
  );
  const inputs = Object.fromEntries(
    state.columns.map(({ name }, at) =>
      [name, rows.map((values) => values[at]) as number[] | string[]] as const
    ),
  );
  const { fault } = "classes" in model
    ? await comparePredictions(model, {
      ...{ inputs, probabilities: scores as Float32Array },
      labels: mostProbable(scores as Float32Array, rows.length),
    })
    : await compareValues(model, {
      ...{ inputs, values: scores as Float64Array },
      exponentials: trees.link === "exp",
    });
  if (fault === undefined) return parts;
  throw new ModelError(`The model's trees predict otherwise than ONNX Runtime: ${fault}`);
}

/**
 * Reads the trees of a model file for rows by the thousand, tree by tree instead of row by row.
 * That they predict what ONNX Runtime does is for {@linkcode readRowModel} to find out first.
 *
 * @returns A function of features, shape [rows, features]: probabilities class by class, shape
 * [classes × rows], or predicted numbers, shape [rows]. Undefined if the file describes no trees.
 * @throws {ModelError} if the file is damaged.
 */
export function readBatchModel(
  onnx: Uint8Array,
  state: FeatureState,
): ((features: Matrix) => Promise<Float32Array | Float64Array>) | undefined {
  const found = readEnsemble(readModelPieces(onnx));
  if (found === undefined) return undefined;
  const { facts, trees } = found;
  const places = placesOf(facts.features, state);
  const inOrder = places.length === state.features.length &&
    places.every((place, j) => place === j);
  return async (features) => {
    const X = inOrder ? features : columnsAt(places, features);
    return trees.outputs === 1 && trees.link === "identity"
      ? await predictNumbers(trees, X)
      : await predictTreeProba(trees, X);
  };
}

function columnsAt(places: Int32Array, { rows, data }: Matrix): Matrix {
  const found = emptyMatrix(rows, places.length);
  places.forEach((place, j) =>
    found.data.set(data.subarray(place * rows, (place + 1) * rows), j * rows)
  );
  return found;
}

/** Makes a tree model of its parts. */
export function rowModel({ state, places, trees, link }: RowModelParts): RowModel {
  const transform = rowTransformer(state);
  const score = rowScorer(trees);
  const features = new Float32Array(state.features.length);
  const row = new Float32Array(places.length);
  const scores = scoresOf({ ...trees, link }, trees.outputs);
  return (values) => {
    transform(values, features);
    for (let j = 0; j < row.length; j++) row[j] = features[places[j]];
    score(row, scores);
    if (scores instanceof Float32Array) return applyLink(link, scores, 1);
    scores[0] = numberOfScore(link, scores[0]);
    return scores;
  };
}

/**
 * What each raw column adds to the score of a row, before its link: the parts add up to the
 * score less the mean one of the training rows.
 */
export type RowReasons = (values: readonly (number | string)[]) => ReadonlyMap<string, number>;

/** Makes what tells the reasons of rows; undefined for parts that were read without. */
export function rowReasons({ state, places, reasons }: RowModelParts): RowReasons | undefined {
  if (reasons === undefined) return undefined;
  const transform = rowTransformer(state);
  const explain = pathReasons(reasons);
  const columns = featureColumns(state);
  const features = new Float32Array(state.features.length);
  const row = new Float32Array(places.length);
  const parts = new Float64Array(places.length);
  return (values) => {
    transform(values, features);
    for (let j = 0; j < row.length; j++) row[j] = features[places[j]];
    explain(row, parts);
    const found = new Map<string, number>();
    parts.forEach((part, j) => {
      const column = columns[places[j]];
      found.set(column, (found.get(column) ?? 0) + part);
    });
    return found;
  };
}

/** Room for scores: numbers to predict may lie far from 0, if Float32 has no decimals. */
function scoresOf(
  { outputs, link }: Pick<TreeEnsemble, "outputs" | "link">,
  length: number,
): Float32Array | Float64Array {
  return predictsNumber(link, outputs) ? new Float64Array(length) : new Float32Array(length);
}

function placesOf(
  columns: readonly { readonly name: string; readonly column: string }[],
  state: FeatureState,
): Int32Array {
  const key = (column: string, feature: string) => JSON.stringify([column, feature]);
  const rawColumns = featureColumns(state);
  const placeOf = new Map(state.features.map((name, j) => [key(rawColumns[j], name), j]));
  return Int32Array.from(columns, ({ name, column }) => {
    const place = placeOf.get(key(column, name));
    if (place === undefined) throw damaged(`its features have no "${name}"`);
    return place;
  });
}
