/**
 * Runs exported models with ONNX Runtime. An entry of its own: what serves a
 * model needs nothing of what makes one.
 *
 * @module
 */

import { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelError } from "../base/mod.ts";
import { emptyMatrix, type Matrix } from "../table/matrix.ts";

export type { Matrix } from "../table/mod.ts";

/** A column of raw values; null is a missing value. */
export type ModelColumn = Float32Array | readonly (number | null)[] | readonly (string | null)[];

/** Columns of raw values by name, all of one length. */
export type ModelColumns = Readonly<Record<string, ModelColumn>>;

/** A raw column that a model reads. */
export interface ModelInput {
  /** Name of the column. */
  readonly name: string;
  /** What it holds. */
  readonly kind: "number" | "text";
}

/** What a model says about some rows. */
export interface Predictions {
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
   * @throws {ModelError} where a column is missing, holds values of another
   * kind, or differs in length.
   */
  predict(columns: ModelColumns): Promise<Predictions>;
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
 * Loads an exported model.
 *
 * @param source Path of the file, or its bytes.
 * @throws {ModelError} where it cannot be read, or is not a model with the
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
  const session = await load(source, name, threads);
  const inputs = session.inputMetadata.map((input): ModelInput & { rank: number } => {
    if (!input.isTensor || (input.type !== "float32" && input.type !== "string")) {
      throw unusable(name, `input "${input.name}" is neither float nor text`);
    }
    const kind = input.type === "string" ? "text" : "number";
    return { name: input.name, kind, rank: input.shape.length };
  });
  const outputs = session.outputNames.filter((output) => output.startsWith(prefix));
  if (!session.outputNames.includes("label") || outputs.length === 0) {
    throw unusable(name, `its outputs are ${session.outputNames.join(", ")}`);
  }
  return {
    inputs: inputs.map(({ name, kind }) => ({ name, kind })),
    classes: outputs.map((output) => output.slice(prefix.length)),
    async predict(columns) {
      const rows = columns[inputs[0].name]?.length ?? 0;
      const feeds: Record<string, Tensor> = {};
      for (const input of inputs) {
        feeds[input.name] = tensorOf(input, columns[input.name], rows, input.rank);
      }
      const probabilities = emptyMatrix(rows, outputs.length);
      // A batch without rows has no longest text to split, so the graph cannot run.
      if (rows === 0) return { labels: [], probabilities };
      const results = await session.run(feeds);
      outputs.forEach((output, k) =>
        probabilities.data.set(results[output].data as Float32Array, k * rows)
      );
      return { labels: results.label.data as string[], probabilities };
    },
    close: () => session.release(),
  };
}

async function load(
  source: string | Uint8Array,
  name: string,
  threads: number,
): Promise<InferenceSession> {
  try {
    const bytes = typeof source === "string" ? await Deno.readFile(source) : source;
    return await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Errors reach the caller as exceptions; ONNX Runtime need not print them too.
      logSeverityLevel: 4,
    });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(`Cannot load ${name}: ${found}`, {
      cause,
      next: "give the path of a model file that the export wrote",
    });
  }
}

function tensorOf(
  { name, kind }: ModelInput,
  column: ModelColumn | undefined,
  rows: number,
  rank: number,
): Tensor {
  if (column === undefined) {
    throw badInput(`column "${name}" is missing`);
  }
  if (column.length !== rows) {
    throw badInput(`column "${name}" has ${column.length} rows, the first column has ${rows}`);
  }
  const dims = rank === 2 ? [rows, 1] : [rows];
  if (kind === "text") {
    const texts = Array.from<unknown, string>(column, (value, row) => {
      if (typeof value === "string") return value;
      if (value === null || value === undefined) return "";
      throw badInput(`column "${name}" holds ${value} in row ${row + 1}, wanted text`);
    });
    return new Tensor("string", texts, dims);
  }
  const numbers = Float32Array.from<unknown>(column, (value, row) => {
    if (typeof value === "number") return value;
    if (value === null || value === undefined) return NaN;
    throw badInput(`column "${name}" holds "${value}" in row ${row + 1}, wanted a number`);
  });
  return new Tensor("float32", numbers, dims);
}

function badInput(found: string): ModelError {
  return new ModelError(`Cannot predict: ${found}`, {
    next: "give every column that the model reads, null where a value is missing",
  });
}

function unusable(name: string, found: string): ModelError {
  return new ModelError(
    `Cannot use ${name}: ${found}; wanted the outputs label and ${prefix}<class>`,
    { next: "give a model file that the export wrote" },
  );
}
