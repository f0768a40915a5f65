/** How a model is run and its records are read, whatever its file holds. */

import { ModelError, UserError } from "../../src/base/mod.ts";
import type { RowModelParts, SpanModelParts } from "../../src/onnx_runtime/mod.ts";
import type { Fault } from "../http/problem.ts";
import type { Inference } from "./inference.ts";
import type { ParsedRecord, ParserOptions } from "./record_parser.ts";

/** Reads the records of a model. */
export interface RecordReader {
  /**
   * Reads a record.
   *
   * @param at JSON pointer to the record within the body.
   * @param faults Gets everything that is wrong with the record.
   * @returns undefined if something is wrong.
   */
  parse(record: unknown, at: string, faults: Fault[]): ParsedRecord | undefined;
  /** Whether a record may hold a field of that name. */
  knows(name: string): boolean;
}

/** What predicts row by row without ONNX Runtime, as plain data. */
export type RowParts = RowModelParts | SpanModelParts;

/** A model that runs. */
export interface ModelRuntime {
  /** Names of its raw columns, in the order of a record's values. */
  readonly columns: readonly string[];
  /** What computes its predictions. */
  readonly runtime: "trees" | "tag chain" | "ONNX Runtime" | "recursion";
  /** What computes them row by row, where ONNX Runtime does not. */
  readonly parts?: RowParts;
  /** Makes what reads its records, where they are no rows of its columns. */
  readonly reader?: (options: ParserOptions) => RecordReader;
  readonly inference: Inference;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** What a {@linkcode ModelRuntime} needs. */
export interface ModelRuntimeOptions {
  /** Records that one inference may take. */
  readonly microBatch: number;
  /** Seconds for a first prediction in a thread of its own; undefined if another has tried it. */
  readonly loadSeconds?: number;
  /** Hears how many records each inference took. */
  readonly onBatch: (rows: number) => void;
  /** Hears why ONNX Runtime runs the model from `source`, which could do without. */
  readonly onDoubt: (source: string, reason: string) => void;
}

/** What cannot be done with a file, as allocate its memory, is a fault of the file. */
export async function refusing<T>(source: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelError(`Cannot serve ${source}: it cannot be run: ${reason.slice(0, 300)}`, {
      cause: error,
      next: "export the model again, or give the server more memory",
    });
  }
}

/** A model that contradicts itself. */
export function unusableModel(source: string, found: string): ModelError {
  return new ModelError(`Cannot serve ${source}: ${found}`, { next: "export the model again" });
}
