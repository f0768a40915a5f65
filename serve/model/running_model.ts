/** A model that predicts in this thread, until its last prediction is done. */

import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { Cancellation, ServedModel } from "../contract.ts";
import type { Fault } from "../http/problem.ts";
import type { AnswerWriter, ServedThreshold, TaskAnswers } from "../predict/answers/contract.ts";
import { answersOf } from "../predict/answers/tasks.ts";
import type { PredictionCache } from "../cache/prediction_cache.ts";
import { EventReader } from "./event_reader.ts";
import type { Inference, Scores } from "./inference.ts";
import { type ParsedRecord, type ParserOptions, RecordParser } from "./record_parser.ts";
import type { ModelRuntime, ModelRuntimeOptions, RecordReader, RowParts } from "./model_runtime.ts";
import { rowRun } from "./onnx_run.ts";
import { openRun } from "./open_run.ts";

/** How models are run and spoken to. */
export interface ModelOptions extends ParserOptions, ModelRuntimeOptions {
  /** What answers compare and echo, before what the model's metadata say. */
  readonly threshold?: ServedThreshold;
  /** Where what they say is kept, if anywhere. */
  readonly cache?: Pick<PredictionCache, "around">;
}

/** A model that was checked, as another thread takes it. */
export interface ModelCopy {
  readonly source: string;
  readonly metadata: ModelMetadata;
  /** What predicts its rows, or the file where ONNX Runtime does. */
  readonly content:
    | { readonly columns: readonly string[]; readonly parts: RowParts }
    | { readonly file: Uint8Array };
}

/** A model that answers. */
export class RunningModel implements ServedModel {
  readonly name: string;
  readonly version: string;
  /** What it predicts. */
  readonly task: TaskAnswers;
  /** Writes its answers. */
  readonly answers: AnswerWriter;
  readonly #parser: RecordReader;
  /** Its inference behind what it said before, where that is kept. */
  readonly #kept?: Inference;
  /** Reads records that are events. */
  readonly #events?: EventReader;
  #users = 0;
  #drained?: () => void;

  constructor(
    readonly source: string,
    readonly metadata: ModelMetadata,
    protected readonly run: ModelRuntime,
    options: ModelOptions,
  ) {
    this.name = metadata.model_name;
    this.version = metadata.version;
    if (metadata.profiles !== undefined) this.#events = new EventReader(metadata.profiles);
    const columnOf = new Map(metadata.input_schema.map((column) => [column.name, column]));
    const columns = run.columns.map((name) => columnOf.get(name)!);
    this.task = answersOf(metadata.task);
    this.answers = this.task.writer(metadata, options.threshold);
    const group = metadata.declared_features?.group;
    const routingKey = options.routingKey ?? group;
    const { runtime } = run;
    // Reasons are told with the scores, of the record that is there: these are not kept; nor is
    // what takes no longer than to look it up.
    this.#kept = this.task.reasons || runtime === "recursion"
      ? undefined
      : options.cache?.around(run.inference, {
        name: this.name,
        version: this.version,
        metadata,
        runtime,
      });
    const parserOptions = { ...options, routingKey, group };
    this.#parser = run.reader?.(parserOptions) ??
      new RecordParser(columns, metadata, parserOptions);
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
    const run = "parts" in content
      ? rowRun(content.columns, content.parts, options)
      : await openRun(source, content.file, metadata, options);
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
    if (!this.#events?.reads(record)) return this.#parser.parse(record, at, faults);
    const described = this.#events.describe(record, at, faults);
    if (described === undefined) return undefined;
    const parsed = this.#parser.parse(described.record, at, faults);
    if (parsed === undefined) return undefined;
    const warnings = [...parsed.warnings ?? [], ...described.warnings];
    const { entity: key } = described;
    return { ...parsed, key, ...warnings.length > 0 && { warnings } };
  }

  /** Whether a record may hold a field of that name. */
  knows(name: string): boolean {
    return this.#parser.knows(name);
  }

  /** Predicts a record that this model parsed. */
  async predict({ values }: ParsedRecord, cancellation?: Cancellation): Promise<Scores> {
    const release = this.hold();
    try {
      return await (this.#kept ?? this.run.inference).predict(values, cancellation);
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
