/** A model in memory: loaded, checked, warm, and freed once nobody uses it. */

import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { Cancellation, ServedModel } from "../contract.ts";
import type { Fault } from "../http/problem.ts";
import { AnswerWriter, type Threshold } from "../predict/answer.ts";
import type { Scores } from "./inference.ts";
import { type ParsedRecord, type ParserOptions, RecordParser } from "./record_parser.ts";
import { openRun, type Run, type RunOptions } from "./run.ts";
import type { Candidate } from "./source.ts";

/** How models are run and spoken to. */
export interface ModelOptions extends ParserOptions, RunOptions {
  /** What answers compare and echo. */
  readonly threshold?: Threshold;
}

/** A model that answers. */
export class LoadedModel implements ServedModel {
  readonly name: string;
  readonly version: string;
  readonly source: string;
  /** Tells it from other models behind the same reference. */
  readonly identity: string;
  /** When it was ready to answer. */
  readonly loadedAt: Date = new Date();
  /** Writes its answers. */
  readonly answers: AnswerWriter;
  readonly #parser: RecordParser;
  #active = 0;
  #drained?: () => void;

  private constructor(
    private readonly candidate: Candidate,
    readonly metadata: ModelMetadata,
    private readonly run: Run,
    options: ModelOptions,
  ) {
    this.name = metadata.model_name;
    this.version = metadata.version;
    this.source = candidate.source;
    this.identity = candidate.identity;
    const columnOf = new Map(metadata.input_schema.map((column) => [column.name, column]));
    const columns = run.columns.map((name) => columnOf.get(name)!);
    this.answers = new AnswerWriter(metadata, options.threshold);
    this.#parser = new RecordParser(columns, options);
  }

  /**
   * Loads a model; see {@linkcode openRun}.
   *
   * @throws {ModelError} where it cannot be read or run.
   */
  static async load(candidate: Candidate, options: ModelOptions): Promise<LoadedModel> {
    const { metadata, onnx } = await candidate.read();
    const run = await openRun(candidate.source, onnx, metadata, options);
    try {
      return new LoadedModel(candidate, metadata, run, options);
    } catch (error) {
      await run.close();
      throw error;
    }
  }

  /** What computes its predictions. */
  get runtime(): Run["runtime"] {
    return this.run.runtime;
  }

  /** Records that wait for an inference. */
  get waiting(): number {
    return this.run.inference.waiting;
  }

  /** Reads a request's record; see {@linkcode RecordParser.parse}. */
  parse(record: unknown, at: string, faults: Fault[]): ParsedRecord | undefined {
    return this.#parser.parse(record, at, faults);
  }

  /** Predicts a record that this model parsed. */
  async predict({ values }: ParsedRecord, cancellation?: Cancellation): Promise<Scores> {
    this.#active++;
    try {
      return await this.run.inference.predict(values, cancellation);
    } finally {
      if (--this.#active === 0) this.#drained?.();
    }
  }

  async readOnnx(): Promise<Uint8Array> {
    return (await this.candidate.read()).onnx;
  }

  /** Frees the memory once the last prediction is done. Nobody may predict any more. */
  async retire(): Promise<void> {
    if (this.#active > 0) await new Promise<void>((done) => this.#drained = done);
    await this.run.close();
  }
}
