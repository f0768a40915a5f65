/** What an explanation is. */

import type { ModelColumns } from "./runtime.ts";

/**
 * What the values add up to: the probability itself for a forest (of a
 * regression the predicted number), the margin
 * for boosting and linear models. The margin of one of two classes is its log odds; of several
 * it is the score before the softmax; of a number that trees tell the logarithm of it is that.
 */
export type ScoreSpace = "probability" | "margin";

/** How the score of one class came about: `score` is `base` plus all values. */
export interface ClassExplanation {
  /** What the model scores this class with. */
  readonly score: number;
  /** Mean score over the training rows; free texts are measured from an empty one. */
  readonly base: number;
  /**
   * What each encoded feature adds; of free text what each word adds, as `column: word`: exactly by
   * its n-grams, and by way of a sentence encoder as it is missed where it is left out.
   */
  readonly features: Readonly<Record<string, number>>;
  /** What each raw column adds: the sum over the features made from it. */
  readonly columns: Readonly<Record<string, number>>;
  /** Of a span what else the text would be read as there, undefined of others. */
  readonly instead?: string;
}

/** Why a row is predicted as it is. */
export interface RowExplanation {
  /** The most probable class; of a regression the name of its number; of spans all that were found. */
  readonly prediction: string;
  /** The explanation of each class, or of each span. */
  readonly classes: Readonly<Record<string, ClassExplanation>>;
}

/** A model that can be asked why. */
export interface Explainer {
  /** What the values add up to. */
  readonly space: ScoreSpace;
  /** The raw columns that it reads, in the order of the file's inputs. */
  readonly columns: readonly string[];
  /**
   * Explains the rows of `columns`, exactly: trees by path-dependent TreeSHAP,
   * linear models by coefficient × distance from the mean, spans by what the text scores without them.
   *
   * @param signal Gives up.
   * @throws {ModelError} if a column is missing, holds values of another
   * kind, or differs in length.
   */
  explain(columns: ModelColumns, signal?: AbortSignal): Promise<RowExplanation[]>;
  /** Frees the memory; it cannot explain any more. */
  close(): Promise<void>;
}
