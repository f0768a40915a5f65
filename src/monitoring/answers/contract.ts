/** What a model says of rows, whatever kind of answer it gives. */

import type { ColumnSample } from "../../drift/mod.ts";
import type { ModelColumns } from "../../onnx_runtime/mod.ts";
import type { Section } from "../../report/mod.ts";
import type { Cell } from "../../dataset/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { Slices } from "../slices.ts";

/** What a model said of the rows of one side, and what turned out to be true. */
export interface Answers {
  /** The target, the prediction and what else it says, as columns to compare. */
  readonly columns: Readonly<Record<string, ColumnSample>>;
  /** Metrics on the rows whose truth is known; absent if none is. */
  readonly scores?: Readonly<Record<string, number | null>>;
  /** Rows that they are of. */
  readonly scored?: number;
  /** How good the answers are; undefined if nothing can be told of it. */
  quality(slices: Slices, reference: Answers): AnswerQuality | undefined;
}

/** How good answers are, in every form that is written down. */
export interface AnswerQuality {
  /** For the verdict, one sentence each. */
  readonly words: readonly string[];
  /** For the page. */
  readonly sections: readonly Section[];
  /** For the JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Answers as a prediction log holds them, row by row. */
export interface LoggedAnswers {
  readonly predictions: readonly (string | number)[];
  /**
   * Probability of each class by its name, shape [rows]; of other models what they tell beside
   * their answer, as the ends of an interval, NaN where nothing is told.
   */
  readonly probabilities: Readonly<Record<string, ArrayLike<number>>>;
  /** What turned out to be true; undefined where nobody knows yet, as of all where it is left out. */
  readonly labels?: readonly (string | number | undefined)[];
}

/** Rows to predict: a batch of the model's inputs from one row up to another. */
export interface PredictableRows {
  readonly rows: number;
  /** The inputs of rows `from` to `to` − 1. */
  inputs(from: number, to: number): ModelColumns;
}

/** How the answers of a kind of model are had. A kind is one file with this. */
export interface AnswerKind {
  /** Those that came with the model, on training rows that were held out from it. */
  kept(model: WatchedModel): Answers;
  /** Those in a prediction log. */
  logged(
    answers: LoggedAnswers,
    model: WatchedModel,
    groups: Int32Array | undefined,
  ): Answers;
  /**
   * Those that the model gives now.
   *
   * @param truth Cells of the column of true values, where the rows have it.
   */
  predicted(
    rows: PredictableRows,
    truth: readonly Cell[] | undefined,
    model: WatchedModel,
    groups: Int32Array | undefined,
  ): Promise<Answers>;
}
