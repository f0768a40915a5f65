/** Runs exported models with ONNX Runtime. */

import { emptyMatrix, type Matrix } from "../dataset/mod.ts";
import { type InputFrame, inputFrame } from "./frame.ts";
import {
  loadSession,
  type ModelColumns,
  type ModelInput,
  rankedInputs,
  rowsOf,
  runParts,
  unusable,
} from "./runtime.ts";

/** What a model says about some rows. */
export interface SessionPredictions {
  /** The most probable class of each row, shape [rows]. */
  readonly labels: readonly string[];
  /** Probability of each class, shape [rows, classes]. */
  readonly probabilities: Matrix;
}

/** A loaded model. */
export interface OnnxModel {
  /** The columns that it reads. */
  readonly inputs: readonly ModelInput[];
  /** The classes that it tells apart, in the order of its probabilities. */
  readonly classes: readonly string[];
  /**
   * Predicts the rows of `columns`; columns that the model does not read are
   * ignored. ONNX Runtime's binding for JavaScript reads a text up to its first
   * NUL character.
   *
   * @throws {ModelError} if a column is missing, holds values of another
   * kind, or differs in length.
   */
  predict(columns: ModelColumns): Promise<SessionPredictions>;
  /** Memory for `rows` rows, at least 1, to predict from again and again. */
  frame(rows: number): InputFrame;
  /** Frees the model's memory; it cannot predict any more. */
  close(): Promise<void>;
}

/** A loaded regression. */
export interface OnnxRegression {
  /** The columns that it reads. */
  readonly inputs: readonly ModelInput[];
  /**
   * The number predicted for each row of `columns`, shape [rows]; columns that
   * the model does not read are ignored.
   *
   * @throws {ModelError} if a column is missing, holds values of another
   * kind, or differs in length.
   */
  predict(columns: ModelColumns): Promise<Float64Array>;
  /** Memory for `rows` rows, at least 1, to predict from again and again; one score for each. */
  frame(rows: number): InputFrame;
  /** Frees the model's memory; it cannot predict any more. */
  close(): Promise<void>;
}

/** How a model is run. */
export interface SessionOptions {
  /** Threads for one prediction; 1 unless it is set, because a server predicts many at once. */
  readonly threads?: number;
}

const prefix = "probability_";

/**
 * Loads an exported classifier.
 *
 * @param source Path of the file, or its bytes.
 * @throws {ModelError} if it cannot be read, or is not a model with the
 * outputs `label` and `probability_<class>`.
 *
 * @example
 * ```ts ignore
 * const model = await openModel("models/Over_RandomForest_v_20261121_101500.onnx");
 * const { labels } = await model.predict({ Age: [28, null], Occupation: ["Lawyer", null] });
 * ```
 */
export async function openModel(
  source: string | Uint8Array,
  { threads = 1 }: SessionOptions = {},
): Promise<OnnxModel> {
  const name = typeof source === "string" ? source : "the model";
  const { session, rules } = await loadSession(source, name, threads);
  const inputs = rankedInputs(session, name, rules);
  const outputs = session.outputNames.filter((output) => output.startsWith(prefix));
  if (!session.outputNames.includes("label") || outputs.length === 0) {
    throw unusable(name, `its outputs are ${session.outputNames.join(", ")}`);
  }
  return {
    inputs: inputs.map(({ name, kind }) => ({ name, kind })),
    classes: outputs.map((output) => output.slice(prefix.length)),
    async predict(columns) {
      const rows = rowsOf(inputs, columns);
      const probabilities = emptyMatrix(rows, outputs.length);
      const labels: string[] = [];
      for await (const { from, results } of runParts(session, inputs, columns)) {
        outputs.forEach((output, k) =>
          probabilities.data.set(results[output].data as Float32Array, k * rows + from)
        );
        for (const label of results.label.data as string[]) labels.push(label);
      }
      return { labels, probabilities };
    },
    frame: (rows) => inputFrame(session, inputs, outputs, rows),
    close: () => session.release(),
  };
}

/**
 * Loads an exported regression.
 *
 * @param source Path of the file, or its bytes.
 * @throws {ModelError} if it cannot be read, or is not a model with the
 * output `prediction`.
 *
 * @example
 * ```ts ignore
 * const model = await openRegression("models/debt.onnx");
 * const [debt] = await model.predict({ Age: [28], Occupation: ["Lawyer"] });
 * ```
 */
export async function openRegression(
  source: string | Uint8Array,
  { threads = 1 }: SessionOptions = {},
): Promise<OnnxRegression> {
  const name = typeof source === "string" ? source : "the model";
  const { session, rules } = await loadSession(source, name, threads);
  const inputs = rankedInputs(session, name, rules);
  if (!session.outputNames.includes("prediction")) {
    throw unusable(name, `its outputs are ${session.outputNames.join(", ")}`);
  }
  return {
    inputs: inputs.map(({ name, kind }) => ({ name, kind })),
    async predict(columns) {
      const predicted = new Float64Array(rowsOf(inputs, columns));
      for await (const { from, results } of runParts(session, inputs, columns)) {
        // Older files give Float32.
        predicted.set(results.prediction.data as Float32Array | Float64Array, from);
      }
      return predicted;
    },
    frame: (rows) => inputFrame(session, inputs, ["prediction"], rows),
    close: () => session.release(),
  };
}
