/** A model that predicts in this thread, until its last prediction is done. */

import type { RowModelParts } from "../../src/onnx/row_model.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { Cancellation, ServedModel } from "../contract.ts";
import type { Fault } from "../http/problem.ts";
import type { AnswerWriter, ServedThreshold, TaskAnswers } from "../predict/answers/contract.ts";
import { answersOf } from "../predict/answers/tasks.ts";
import type { Scores } from "./inference.ts";
import { type ParsedRecord, type ParserOptions, RecordParser } from "./record_parser.ts";
import { type ModelRuntime, type ModelRuntimeOptions, openRun, treeRun } from "./model_runtime.ts";

/** How models are run and spoken to. */
export interface ModelOptions extends ParserOptions, ModelRuntimeOptions {
  /** What answers compare and echo, before what the model's metadata say. */
  readonly threshold?: ServedThreshold;
}

/** A model that was checked, as another thread takes it. */
export interface ModelCopy {
  readonly source: string;
  readonly metadata: ModelMetadata;
  /** Its trees, or the file where ONNX Runtime has to run it. */
  readonly content:
    | { readonly columns: readonly string[]; readonly trees: RowModelParts }
    | { readonly onnx: Uint8Array };
}

/** A model that answers. */
export class RunningModel implements ServedModel {
  readonly name: string;
  readonly version: string;
  /** What it predicts. */
  readonly task: TaskAnswers;
  /** Writes its answers. */
  readonly answers: AnswerWriter;
  readonly #parser: RecordParser;
  #users = 0;
  #drained?: () => void;

  /** Takes the model and what runs it. */
  constructor(
    readonly source: string,
    readonly metadata: ModelMetadata,
    protected readonly run: ModelRuntime,
    options: ModelOptions,
  ) {
    this.name = metadata.model_name;
    this.version = metadata.version;
    const columnOf = new Map(metadata.input_schema.map((column) => [column.name, column]));
    const columns = run.columns.map((name) => columnOf.get(name)!);
    this.task = answersOf(metadata.task);
    this.answers = this.task.writer(metadata, options.threshold);
    const routingKey = options.routingKey ?? metadata.declared_features?.group;
    this.#parser = new RecordParser(columns, metadata, { ...options, routingKey });
  }

  /**
   * Runs a copy from another thread.
   *
   * @throws {ModelError} as {@linkcode openRun}.
   */
  static async open(
    { source, metadata, content }: ModelCopy,
    options: ModelOptions,
  ): Promise<RunningModel> {
    const run = "trees" in content
      ? treeRun(content.columns, content.trees, options)
      : await openRun(source, content.onnx, metadata, options);
    return new RunningModel(source, metadata, run, options);
  }

  /** What computes its predictions. */
  get runtime(): ModelRuntime["runtime"] {
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
    const release = this.hold();
    try {
      return await this.run.inference.predict(values, cancellation);
    } finally {
      release();
    }
  }

  /** Keeps it from being freed until the result is called. */
  hold(): () => void {
    this.#users++;
    return () => {
      if (--this.#users === 0) this.#drained?.();
    };
  }

  /** Frees the memory once the last prediction is done. Nobody may predict any more. */
  async retire(): Promise<void> {
    if (this.#users > 0) await new Promise<void>((done) => this.#drained = done);
    await this.run.close();
  }
}
