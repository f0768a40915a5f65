/** What learners of sequences read and give. */

import type { WorkerPool } from "../../base/mod.ts";
import type { TagOrder } from "../../tag_chain/mod.ts";
import type { LearnerParams } from "../contract.ts";

/** Texts as runs of tokens, each told by groups of attributes; on shared memory where workers read it. */
export interface Sequences {
  /** Text `t` has the tokens `offsets[t]` to `offsets[t + 1]` − 1, shape [texts + 1]. */
  readonly offsets: Int32Array;
  /** Number of groups of each token. */
  readonly width: number;
  /** The groups of each token, shape [tokens × width]. */
  readonly groups: Int32Array;
  /** Group `g` has the attributes from `attributeOffsets[g]` on, shape [groups + 1]. */
  readonly attributeOffsets: Int32Array;
  /** The attributes of the groups, numbered from 0. */
  readonly attributes: Int32Array;
  /** Number of attributes. */
  readonly attributeCount: number;
}

/** A fitted model of sequences as plain data. */
export interface SequenceModel {
  /** Which learner made it. */
  readonly kind: "Crf" | "AveragedPerceptron";
  /** The parameters it was fitted with. */
  readonly params: LearnerParams;
  /** What each attribute adds to the score of each tag, shape [attributes × tags]. */
  readonly weights: Float32Array;
  /** What each tag (second) after another (first) adds, shape [tags × tags]. */
  readonly transitions: Float32Array;
  /** Which sequences of tags it may give. */
  readonly order: TagOrder;
  /** Steps or rounds that the fit took. */
  readonly iterations: number;
  /** Whether the fit came to rest before it was stopped. */
  readonly converged: boolean;
}

/** How a fit of sequences is seeded, watched and stopped. */
export interface SequenceOptions {
  /** Which tags may follow which; the model gives no others. */
  readonly order: TagOrder;
  /** Seed of the order in which texts are learned. */
  readonly seed: number;
  /** Workers to spread the work over; the result does not depend on it. */
  readonly pool?: WorkerPool;
  /** Stops the fit. */
  readonly signal?: AbortSignal;
  /** Hears the share that is done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/** A learner of sequences before it is fitted. */
export interface SequenceLearner {
  /** Name in reports and file names, as `Crf`. */
  readonly name: string;
  /** The parameters that a fit uses, defaults filled in. */
  readonly params: LearnerParams;
  /**
   * Fits the learner.
   *
   * @param tags The tag of each token, shape [tokens].
   */
  fit(sequences: Sequences, tags: Int32Array, options: SequenceOptions): Promise<SequenceModel>;
}
