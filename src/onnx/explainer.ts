/**
 * Explains exported tree models and linear ones from their file alone. An entry of its own, as
 * the session is: what serves a model needs nothing of what makes one.
 *
 * @module
 */

import { ModelError, type WorkerPool } from "../base/mod.ts";
import { linearShap, type ShapValues, treeShap } from "../explain/mod.ts";
import {
  applyLink,
  type FeatureColumns,
  mostProbable,
  scores,
  type TreeEnsemble,
} from "../trees/mod.ts";
import { linearFactsKey, parseLinearFacts } from "./linear_facts.ts";
import { damaged } from "./protobuf_reader.ts";
import { readEnsemble } from "./read_ensemble.ts";
import { cutAt, type ModelPieces, readModelPieces } from "./read_model.ts";
import { feedsOf, loadSession, type ModelColumns, rankedInputs, rowsOf } from "./runtime.ts";

export type { Task, TaskContext, TaskOptions, WorkerPool } from "../base/mod.ts";
export type { ModelColumn, ModelColumns } from "./runtime.ts";

/**
 * What the values add up to: the probability itself for a forest (of a
 * regression the predicted number), the margin
 * for boosting and linear models. The margin of one of two classes is its log odds; of several
 * it is the score before the softmax.
 */
export type ScoreSpace = "probability" | "margin";

/** How the score of one class came about: `score` is `base` plus all values. */
export interface ClassExplanation {
  /** What the model scores this class with. */
  readonly score: number;
  /** Mean score over the training rows. */
  readonly base: number;
  /** What each encoded feature adds. */
  readonly features: Readonly<Record<string, number>>;
  /** What each raw column adds: the sum over the features made from it. */
  readonly columns: Readonly<Record<string, number>>;
}

/** Why a row is predicted as it is. */
export interface RowExplanation {
  /** The most probable class; of a regression the name of its number. */
  readonly prediction: string;
  /** The explanation of each class. */
  readonly classes: Readonly<Record<string, ClassExplanation>>;
}

/** A model that can be asked why. */
export interface Explainer {
  /** What the values add up to. */
  readonly space: ScoreSpace;
  /** The raw columns that it reads, in the order of the file's inputs. */
  readonly columns: readonly string[];
  /**
   * Explains the rows of `columns`, exactly: trees by path-dependent TreeSHAP,
   * linear models by coefficient × distance from the mean.
   *
   * @param signal Gives up.
   * @throws {ModelError} if a column is missing, holds values of another
   * kind, or differs in length.
   */
  explain(columns: ModelColumns, signal?: AbortSignal): Promise<RowExplanation[]>;
  /** Frees the memory; it cannot explain any more. */
  close(): Promise<void>;
}

/** How an explainer is made. */
export interface ExplainerOptions {
  /** Names of the classes in the order of their codes; of a regression one name for its number. */
  readonly classes: readonly string[];
  /** Workers that explain, so that long explanations keep nobody waiting. */
  readonly pool?: WorkerPool;
}

/**
 * Reads the model and the preprocessing of a file: ONNX Runtime makes the
 * features of raw columns with the part of the graph that leads to them, and
 * `src/explain` explains the scores that the model makes of them.
 *
 * @throws {ModelError} if the file is damaged, its model is calibrated, or an
 * older version of the framework wrote it.
 *
 * @example
 * ```ts ignore
 * const onnx = await Deno.readFile("models/Over_RandomForest_v_20261121_101500.onnx");
 * const explainer = await openExplainer(onnx, { classes: ["Poor", "Standard", "Good"] });
 * const [{ prediction, classes }] = await explainer.explain({ Age: [28], Occupation: ["Lawyer"] });
 * console.log(classes[prediction].columns.Age);
 * ```
 */
export async function openExplainer(
  onnx: Uint8Array,
  { classes, pool }: ExplainerOptions,
): Promise<Explainer> {
  const pieces = readModelPieces(onnx);
  const { matrix: name, features, outputs, link, score } = readScorer(pieces);
  const scored = link === "logistic" ? 2 : outputs;
  if (classes.length !== scored) {
    throw damaged(`it tells ${scored} classes apart, ${classes.length} are named`);
  }
  const preprocessing = cutAt(pieces, name, features.length);
  const session = await loadSession(preprocessing, "the model's preprocessing", 1);
  const inputs = rankedInputs(session, "the model's preprocessing");
  return {
    space: link === "identity" ? "probability" : "margin",
    columns: inputs.map(({ name }) => name),
    async explain(columns, signal) {
      const rows = rowsOf(inputs, columns);
      const feeds = feedsOf(inputs, columns);
      // A batch without rows has no longest text to split, so the graph cannot run.
      if (rows === 0) return [];
      const { [name]: matrix } = await session.run(feeds);
      const X = columnMajor(matrix.data as Float32Array, rows, features.length);
      const { shap, totals } = await score(X, { pool, signal });
      const predicted = mostProbable(applyLink(link, Float32Array.from(totals), rows), rows);
      return Array.from(predicted, (code, row): RowExplanation => ({
        prediction: classes[code],
        classes: Object.fromEntries(classes.map((name, k) => {
          // One logistic output scores class 1; class 0 is its opposite.
          const sign = link === "logistic" && k === 0 ? -1 : 1;
          const output = link === "logistic" ? 0 : k;
          const values = features.map((_, j) =>
            sign * shap.values[(output * shap.features + j) * rows + row]
          );
          return [name, {
            score: sign * totals[output * rows + row],
            base: sign * shap.base[output],
            ...byName(features, values),
          }];
        })),
      }));
    },
    close: () => session.release(),
  };
}

/** What scores features, and says why. */
interface Scorer {
  /** Name of the tensor that it reads, shape [N, features]. */
  readonly matrix: string;
  /** Each column of that tensor, and the raw column that it was made from. */
  readonly features: readonly { readonly name: string; readonly column: string }[];
  readonly outputs: number;
  /** From scores to probabilities. */
  readonly link: TreeEnsemble["link"];
  /** Shapley values, and the scores that they add up to. */
  score(
    X: FeatureColumns,
    options: { readonly pool?: WorkerPool; readonly signal?: AbortSignal },
  ): Promise<{ readonly shap: ShapValues; readonly totals: Float32Array | Float64Array }>;
}

function readScorer(pieces: ModelPieces): Scorer {
  const found = readEnsemble(pieces);
  if (found !== undefined) {
    const { facts, trees } = found;
    return {
      ...facts,
      outputs: trees.outputs,
      score: async (X, options) => ({
        shap: await treeShap(trees, X, options),
        totals: await scores(trees, X),
      }),
    };
  }
  const text = pieces.metadata.get(linearFactsKey);
  if (text === undefined) {
    throw new ModelError("Cannot explain the model: its file does not describe its scores", {
      next: "explain a model that is not calibrated, exported by this version",
    });
  }
  const facts = parseLinearFacts(text);
  return {
    ...facts,
    outputs: facts.intercepts.length,
    score(X, { signal }) {
      signal?.throwIfAborted();
      const shap = linearShap(facts, X);
      return Promise.resolve({ shap, totals: shap.scores });
    },
  };
}

/** From row after row, as ONNX Runtime gives them, to column after column. */
function columnMajor(data: Float32Array, rows: number, columns: number): FeatureColumns {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  }
  return { rows, columns, data: turned };
}

function byName(
  features: Scorer["features"],
  values: readonly number[],
): Pick<ClassExplanation, "features" | "columns"> {
  const columns = new Map<string, number>();
  features.forEach(({ column }, j) => columns.set(column, (columns.get(column) ?? 0) + values[j]));
  return {
    features: Object.fromEntries(features.map(({ name }, j) => [name, values[j]])),
    columns: Object.fromEntries(columns),
  };
}
