/** What sessions of ONNX Runtime share: how a file is loaded and fed with raw columns. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelError } from "../base/mod.ts";

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

/** A raw column with the rank of its tensor, 1 or 2. */
export type RankedInput = ModelInput & { readonly rank: number };

/**
 * Starts a session.
 *
 * @param name What messages call the model.
 * @throws {ModelError} if the source cannot be read or is no model.
 */
export async function loadSession(
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

/**
 * The raw columns that a session reads.
 *
 * @throws {ModelError} if one is neither float nor text.
 */
export function rankedInputs(session: InferenceSession, name: string): RankedInput[] {
  return session.inputMetadata.map((input) => {
    if (!input.isTensor || (input.type !== "float32" && input.type !== "string")) {
      throw unusable(name, `input "${input.name}" is neither float nor text`);
    }
    const kind = input.type === "string" ? "text" : "number";
    return { name: input.name, kind, rank: input.shape.length };
  });
}

/**
 * The tensors of a session's inputs.
 *
 * @throws {ModelError} if a column is missing, holds values of another
 * kind, or differs in length.
 */
export function feedsOf(
  inputs: readonly RankedInput[],
  columns: ModelColumns,
): Record<string, Tensor> {
  const rows = rowsOf(inputs, columns);
  return Object.fromEntries(
    inputs.map((input) => [input.name, tensorOf(input, columns[input.name], rows)]),
  );
}

/** How many rows the columns have: as many as the first that is read. */
export function rowsOf(inputs: readonly ModelInput[], columns: ModelColumns): number {
  return columns[inputs[0].name]?.length ?? 0;
}

/** What is said of a file that is a model, but none of ours. */
export function unusable(name: string, found: string): ModelError {
  return new ModelError(
    `Cannot use ${name}: ${found}; wanted the outputs label and probability_<class>`,
    { next: "give a model file that the export wrote" },
  );
}

function tensorOf(
  { name, kind, rank }: RankedInput,
  column: ModelColumn | undefined,
  rows: number,
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
