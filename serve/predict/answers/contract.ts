/**
 * What the server does differently for each kind of task. A task is one file
 * behind this contract, listed in `tasks.ts`; nothing else asks what kind a model is of.
 */

import type { z } from "@hono/zod-openapi";
import type {
  OnnxModel,
  OnnxRegression,
  OnnxSpans,
  RowExplanation,
  ScoreSpace,
} from "../../../src/onnx_runtime/mod.ts";
import type { Decision, ModelMetadata } from "../../../src/registry/mod.ts";
import type { PredictionRecord, RawRecord } from "../../contract.ts";
import type { Scores } from "../../model/inference.ts";
import type { ParsedRecord } from "../../model/record_parser.ts";

/** A loaded model of any task. */
export type TaskModel = OnnxModel | OnnxRegression | OnnxSpans;

/** A probability from which the business acts. */
export type ServedThreshold = Pick<Decision, "threshold"> & Partial<Pick<Decision, "label">>;

/** What the prediction log keeps of the model's word. */
export type Logged = Pick<PredictionRecord, "prediction" | "probabilities">;

/** A part of an answer that comes true by itself, as a month of a forecast. */
export interface AnswerPart extends Logged {
  /** Its name, as `2026-03`. */
  readonly part: string;
  /** The inputs that ask for it alone. */
  readonly inputs: RawRecord;
}

/** A prediction whose truth is known. */
export interface JudgedPrediction extends Logged {
  /** The true class or number, as {@linkcode TaskAnswers.truth} reads it. */
  readonly label: string | number;
}

/** An output of the model's file, as the Open Inference Protocol names it. */
export interface OutputTensor {
  readonly name: string;
  readonly datatype: "BYTES" | "FP32";
  /** Its value in a row. */
  readonly of: (scores: Scores) => string | number;
}

/** Speaks for one model. */
export interface AnswerWriter {
  /**
   * Writes an answer as JSON; an id holds no letter that JSON escapes.
   *
   * @throws {Problem} 422 if the model gives no finite number.
   */
  write(id: string, scores: Scores, latencyMs: number, record: ParsedRecord): string;
  /** What the log keeps; of an answer in parts, of the first. */
  logged(scores: Scores, record: ParsedRecord): Logged;
  /** The parts of an answer, where each comes true by itself; the first one is what is logged. */
  parts?(scores: Scores, record: ParsedRecord): readonly AnswerPart[];
  /** The outputs of its file. */
  readonly tensors: readonly OutputTensor[];
}

/** A kind of task. */
export interface TaskAnswers {
  /**
   * Loads a model's file in ONNX Runtime; absent where its file is none of that.
   *
   * @throws {ModelError} if the file gives something else.
   */
  open?(onnx: Uint8Array): Promise<TaskModel>;
  /** The schema of a record, where it is no row of the model's columns. */
  record?(metadata: ModelMetadata): Readonly<Record<string, unknown>>;
  /** Whether answers tell what each column adds to a score, where the model's trees compute it. */
  readonly reasons?: true;
  /**
   * Makes what speaks for a model.
   *
   * @param threshold Goes before the one in its metadata.
   * @throws {ModelError} if the threshold does not fit it.
   */
  writer(metadata: ModelMetadata, threshold?: ServedThreshold): AnswerWriter;
  /** What is wrong with the first scores of a model; undefined if nothing is. */
  fault(scores: readonly number[]): string | undefined;
  /** An answer of `POST /predict`. */
  readonly answer: z.ZodType;
  /** Names of what can be explained: the classes, the number, or the labels of spans. */
  explained(metadata: ModelMetadata): readonly string[];
  /** What the values of an explanation add up to, by the space of the trees' scores. */
  space(trees: ScoreSpace): "probability" | "margin" | "value" | "log";
  /** The prediction in an explanation: the class that was found, or the number that it scored. */
  explainedPrediction(found: RowExplanation, trees: ScoreSpace): string | number;
  /**
   * Which parts of an explanation are told.
   *
   * @param asked One of {@linkcode TaskAnswers.explained}, or `all`; undefined if nobody asked.
   */
  explainedParts(found: RowExplanation, asked: string | undefined): readonly string[];
  /**
   * The truth that feedback tells.
   *
   * @param classes The classes of the model; none if it predicts a number.
   * @returns What is wrong with it as `{ fault }`.
   */
  truth(label: string | number, classes: readonly string[]): string | number | Unfit;
  /** Figures of quality by name, over one prediction or more. */
  quality(judged: readonly JudgedPrediction[]): Readonly<Record<string, number>>;
  /** Whether two models say the same of a record. */
  agree(one: string | number, other: string | number): boolean;
}

/** What is wrong with a truth. */
export interface Unfit {
  readonly fault: string;
}
