/** Explains exported tree models, linear ones and models of spans from their file alone. */

import { ModelError, type WorkerPool } from "../base/mod.ts";
import { linearShap, type ShapValues, treeShap } from "../explain/mod.ts";
import {
  applyLink,
  type FeatureColumns,
  mostProbable,
  scores,
  type TreeEnsemble,
} from "../trees/mod.ts";
import {
  cutAt,
  damaged,
  type ModelPieces,
  readModelPieces,
  type Value,
} from "../onnx_format/mod.ts";
import type { Explainer, RowExplanation } from "./explanation.ts";
import { bagExplainer, type WordScores } from "./explain_words.ts";
import { leaveOutWords } from "./leave_out_words.ts";
import { type BagFacts, linearFactsKey, parseLinearFacts } from "./linear_facts.ts";
import { readEnsemble } from "./read_ensemble.ts";
import { ngramsOf } from "./text_inputs.ts";
import {
  loadSession,
  type ModelColumns,
  type PartResults,
  rankedInputs,
  runParts,
} from "./runtime.ts";
import { openSpanExplainer } from "./span_explainer.ts";
import { readTokenFacts } from "./token_inputs.ts";

export type { ClassExplanation, Explainer, RowExplanation, ScoreSpace } from "./explanation.ts";

/** How an explainer is made. */
export interface ExplainerOptions {
  /**
   * Names of the classes in the order of their codes; of a regression one name for its number; of
   * spans none count.
   */
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
  const tokens = readTokenFacts(onnx);
  if (tokens !== undefined) return openSpanExplainer(pieces, tokens);
  const { matrix: name, features, outputs, link, score, calibrated, bags = [] } = readScorer(
    pieces,
  );
  const scored = link === "logistic" ? 2 : outputs;
  if (classes.length !== scored) {
    throw damaged(`it tells ${scored} classes apart, ${classes.length} are named`);
  }
  const preprocessing = cutAt(pieces, [
    { name, type: "float", dims: ["N", features.length] },
    ...bags.flatMap(({ column, places, values }): Value[] => {
      const dims = ["N", ngramsOf(column)];
      return [{ name: values, type: "float", dims }, { name: places, type: "int64", dims }];
    }),
    ...calibrated ? [{ name: "label", type: "string", dims: ["N"] } satisfies Value] : [],
  ]);
  const { session, rules } = await loadSession(preprocessing, "the model's preprocessing", 1);
  const inputs = rankedInputs(session, "the model's preprocessing", rules);
  const explained = bags.map((bag) => bagExplainer(pieces, bag, rules[bag.column]?.rules, outputs));
  /** Of each bag the features that an encoder makes of its texts. */
  const encoded = bags.map(({ column, place }) =>
    features.flatMap((feature, j) => feature.column === column && j !== place ? [j] : [])
  );
  /** What some features add to each score, row by row. */
  const addedBy = (
    { values, features: all }: ShapValues,
    places: readonly number[],
    rows: number,
  ) =>
    Array.from(
      { length: rows },
      (_, row) =>
        Float64Array.from({ length: outputs }, (_, k) =>
          places.reduce((sum, j) => sum + values[(k * all + j) * rows + row], 0)),
    );
  const scoreMatrix = async (results: PartResults["results"], signal?: AbortSignal) => {
    const { data, dims: [rows] } = results[name];
    const X = columnMajor(data as Float32Array, rows, features.length);
    return { rows, ...await score(X, { pool, signal }) };
  };
  /** What words do by way of an encoder, beside what they do by their n-grams. */
  const withEncoded = async (
    { inOrder, totals, words }: WordScores,
    b: number,
    whole: Float64Array,
    row: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<WordScores> => {
    const { column } = bags[b];
    const left = await leaveOutWords(inOrder, whole, async (texts) => {
      const others = Object.fromEntries(
        inputs.map(({ name }) => [name, texts.map((text) => name === column ? text : row[name])]),
      );
      const found: Float64Array[] = [];
      if (texts.length === 0) return found;
      for await (const { results } of runParts(session, inputs, others as ModelColumns)) {
        const { rows, shap } = await scoreMatrix(results, signal);
        found.push(...addedBy(shap, encoded[b], rows));
      }
      return found;
    });
    const all = new Map(words);
    for (const [word, added] of left) {
      const feature = `${column}: ${word}`;
      const own = all.get(feature);
      all.set(feature, own ? own.map((value, k) => value + added[k]) : added);
    }
    return { inOrder, totals, words: all };
  };
  return {
    space: link === "identity" ? "probability" : "margin",
    columns: inputs.map(({ name }) => name),
    async explain(columns, signal) {
      const found: RowExplanation[] = [];
      for await (const { from, results } of runParts(session, inputs, columns)) {
        const { rows, shap, totals } = await scoreMatrix(results, signal);
        const words: WordScores[][] = [];
        for (const [b, explain] of explained.entries()) {
          const whole = addedBy(shap, encoded[b], rows);
          const own = whole.map((_, row) => {
            const text = columns[bags[b].column][from + row];
            return explain(typeof text === "string" ? text : "", results, row);
          });
          if (encoded[b].length > 0) {
            for (const [row, scores] of own.entries()) {
              const raw = Object.fromEntries(
                inputs.map(({ name }) => [name, columns[name][from + row]]),
              );
              own[row] = await withEncoded(scores, b, whole[row], raw, signal);
            }
          }
          words.push(own);
        }
        words.forEach((ofRows) =>
          ofRows.forEach((own, row) =>
            own.totals.forEach((added, output) => totals[output * rows + row] += added)
          )
        );
        const predicted = calibrated
          ? (results.label.data as string[]).map((label) => classes.indexOf(label))
          : mostProbable(applyLink(link, Float32Array.from(totals), rows), rows);
        predicted.forEach((code, row) =>
          found.push({
            prediction: classes[code],
            classes: Object.fromEntries(classes.map((name, k) => {
              // One logistic output scores class 1; class 0 is its opposite.
              const sign = link === "logistic" && k === 0 ? -1 : 1;
              const output = link === "logistic" ? 0 : k;
              const values = features.map((_, j) =>
                sign * shap.values[(output * shap.features + j) * rows + row]
              );
              const named = byName(features, values);
              bags.forEach(({ column, place }, b) => {
                const { totals, words: own } = words[b][row];
                for (const j of [place, ...encoded[b]]) delete named.features[features[j].name];
                named.columns[column] += sign * totals[output];
                for (const [word, added] of own) named.features[word] = sign * added[output];
              });
              return [name, {
                score: sign * totals[output * rows + row],
                base: sign * shap.base[output],
                ...named,
              }];
            })),
          })
        );
      }
      return found;
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
  /** Whether the most probable class need not have the highest score. */
  readonly calibrated?: boolean;
  /** The columns that hold bags of terms. */
  readonly bags?: readonly BagFacts[];
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
): Record<"features" | "columns", Record<string, number>> {
  const columns = new Map<string, number>();
  features.forEach(({ column }, j) => columns.set(column, (columns.get(column) ?? 0) + values[j]));
  return {
    features: Object.fromEntries(features.map(({ name }, j) => [name, values[j]])),
    columns: Object.fromEntries(columns),
  };
}
