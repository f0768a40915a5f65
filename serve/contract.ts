/**
 * What the parts of the server say to each other. The prediction path speaks to
 * an {@linkcode Observer} and asks a {@linkcode Router}; neither knows HTTP.
 */

import type { PredictionRecord, Role } from "../src/prediction_log/mod.ts";
import type { ModelMetadata } from "../src/registry/mod.ts";

export type {
  FeedbackRecord,
  PredictionRecord,
  RawRecord,
  Role,
} from "../src/prediction_log/mod.ts";

/** Where the time of a prediction went, in milliseconds. */
export interface Timings {
  /** From the parsed request to the start of the inference. */
  readonly queueMs: number;
  /** The inference, of the whole micro-batch. */
  readonly inferenceMs: number;
  /** From the model's numbers to the answer's bytes; 0 if nobody gets them. */
  readonly serialiseMs: number;
}

/** A model that is loaded, checked and warm. */
export interface ServedModel {
  /** Sampler and learner, as `Over_RandomForest`. */
  readonly name: string;
  /** Version, `YYYYMMDD_HHMMSS`. */
  readonly version: string;
  /** Where it came from: a file, or an alias of a registry. */
  readonly source: string;
  /** Schema, classes, digests, feature state. */
  readonly metadata: ModelMetadata;
}

/** Severity of a line in the server's log. */
export type Level = "debug" | "info" | "warn" | "error";

/** Why there is no prediction: the record was refused, or the model failed, took too long or was too busy. */
export type Unpredicted = "invalid" | "failed" | "timeout" | "shed";

/** An answer of which each part comes true by itself, as the months of a forecast. */
export interface AnswerParts {
  /** Which part the prediction itself is. */
  readonly first: string;
  /** The others, with ids of their own. */
  readonly later: readonly PredictionRecord[];
}

/** Hears what the server does. No method may throw or wait; all run on the request's way. */
export interface Observer {
  /** A model predicted a record, of the group with this key; of none if it is empty. */
  predicted(
    record: PredictionRecord,
    timings: Timings,
    model: ServedModel,
    group: string,
    parts?: AnswerParts,
  ): void;
  /** A model did not predict a record. */
  unpredicted(model: ServedModel, role: Role, status: Unpredicted): void;
  /**
   * A request got its answer. `route` is the pattern that matched, never the raw
   * path, `caller` its address and the name of its key.
   */
  httpRequest(
    method: string,
    route: string,
    status: number,
    ms: number,
    requestId: string,
    caller: { readonly address: string; readonly key?: string },
  ): void;
  /** Hears of the stages of a request that takes several, from now on. */
  stages(requestId: string): StageEnded;
  /** An inference took so many records at once. */
  batch(size: number): void;
  /** A model took over a role. */
  modelLoaded(role: Role, model: ServedModel): void;
  /** A model could not be loaded; the role keeps what it had. */
  modelFailed(role: Role, reference: string, reason: string): void;
  /** Something that an operator should know. */
  log(level: Level, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Writes out what is still in memory; the last call of a life. */
  close(): Promise<void>;
}

/** Hears that a stage ended, which began when the one before did. */
export type StageEnded = (name: string, attributes?: Readonly<Record<string, string>>) => void;

/** Decides who answers. */
export interface Router {
  /**
   * The challenger's part in a request: `champion` leaves it out, `challenger`
   * lets it answer, `shadow` runs it beside the champion, unseen. The same key
   * gets the same part. Asked only while there is a challenger.
   */
  choose(key: string): Role;
}

/** Something that may be called off. */
export interface Cancellation {
  /** On whose behalf, and what those may do; nobody's where it is not told. */
  readonly caller?: { readonly rights?: string };
  /** Calls `cancel` once with the reason when it is called off. */
  onCancel(cancel: (reason: unknown) => void): void;
}
