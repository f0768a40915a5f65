/** A model in memory: loaded, checked, warm, and freed once nobody uses it. */

import { ModelError } from "../../src/base/mod.ts";
import { openModel } from "../../src/onnx/session.ts";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { Cancellation, ServedModel } from "../contract.ts";
import { AnswerWriter, type Threshold } from "../predict/answer.ts";
import type { Fault } from "../http/problem.ts";
import { MicroBatcher, type Scores } from "./micro_batcher.ts";
import { openModelThread, type ServableModel } from "./model_thread.ts";
import { type ParsedRecord, type ParserOptions, RecordParser } from "./record_parser.ts";
import type { Candidate } from "./source.ts";

/** Inferences of each warm-up size before a model takes requests. */
const WARM_UPS = 20;

/**
 * Bytes from which a model gets a thread of its own: it takes some hundred
 * milliseconds to load, and so long to predict that the way to another thread,
 * about 40 µs for a batch, matters little.
 */
const BIG_MODEL = 4 << 20;

/** How models are run. */
export interface ModelOptions extends ParserOptions {
  /** Records that one inference may take. */
  readonly microBatch: number;
  /** What answers compare and echo. */
  readonly threshold?: Threshold;
  /** Hears how many records each inference took. */
  readonly onBatch: (rows: number) => void;
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
  readonly #batcher: MicroBatcher;
  #active = 0;
  #drained?: () => void;

  private constructor(
    private readonly candidate: Candidate,
    readonly metadata: ModelMetadata,
    private readonly model: ServableModel,
    options: ModelOptions,
  ) {
    this.name = metadata.model_name;
    this.version = metadata.version;
    this.source = candidate.source;
    this.identity = candidate.identity;
    const columnOf = new Map(metadata.input_schema.map((column) => [column.name, column]));
    const columns = model.inputs.map(({ name }) => columnOf.get(name)!);
    this.answers = new AnswerWriter(metadata, options.threshold);
    this.#parser = new RecordParser(columns, options);
    this.#batcher = new MicroBatcher(model, options.microBatch, options.onBatch);
  }

  /**
   * Loads a model and makes sure that it predicts before anybody relies on it.
   *
   * @throws {ModelError} where it cannot be read, contradicts its metadata, or
   * its first predictions are none.
   */
  static async load(candidate: Candidate, options: ModelOptions): Promise<LoadedModel> {
    const { metadata, onnx } = await candidate.read();
    const model = await (onnx.length < BIG_MODEL ? openModel : openModelThread)(onnx);
    try {
      checkSchema(candidate.source, model, metadata);
      await smokeTest(candidate.source, model, [1, options.microBatch]);
      return new LoadedModel(candidate, metadata, model, options);
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  /** Records that wait for an inference. */
  get waiting(): number {
    return this.#batcher.waiting;
  }

  /** Reads a request's record; see {@linkcode RecordParser.parse}. */
  parse(record: unknown, at: string, faults: Fault[]): ParsedRecord | undefined {
    return this.#parser.parse(record, at, faults);
  }

  /** Predicts a record that this model parsed. */
  async predict({ values }: ParsedRecord, cancellation?: Cancellation): Promise<Scores> {
    this.#active++;
    try {
      return await this.#batcher.predict(values, cancellation);
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
    await this.model.close();
  }
}

function checkSchema(source: string, model: ServableModel, metadata: ModelMetadata): void {
  const described = new Map(metadata.input_schema.map(({ name, kind }) => [name, kind]));
  for (const { name, kind } of model.inputs) {
    if (described.get(name) !== kind) {
      throw unusable(source, `its input "${name}" is ${kind}, but not in its metadata`);
    }
  }
  if (described.size !== model.inputs.length) {
    throw unusable(
      source,
      `it reads ${model.inputs.length} columns, its metadata ${described.size}`,
    );
  }
  const [has, says] = [model.classes.join(", "), metadata.class_labels.join(", ")];
  if (has !== says) throw unusable(source, `its classes are ${has}, its metadata says ${says}`);
}

/** Predicts rows in which everything is missing, which every model must be able to. */
async function smokeTest(
  source: string,
  model: ServableModel,
  sizes: readonly number[],
): Promise<void> {
  for (const rows of sizes) {
    const frame = model.frame(rows);
    for (let i = 0; i < WARM_UPS; i++) {
      const { labels, probabilities } = await frame.predict();
      const total = probabilities.reduce((sum, ofClass) => sum + ofClass[0], 0);
      if (!model.classes.includes(labels[0]) || !(Math.abs(total - 1) < 1e-3)) {
        throw unusable(
          source,
          `it predicts "${labels[0]}" with probabilities that sum to ${total}`,
        );
      }
    }
  }
}

function unusable(source: string, found: string): ModelError {
  return new ModelError(`Cannot serve ${source}: ${found}`, { next: "export the model again" });
}
