/** Where a column's features stand, before and after conversion. */

import type { OnnxGraph } from "../../onnx_format/mod.ts";

/** A raw column to convert. */
export interface Placed<State> {
  /** What the column learned. */
  readonly state: State;
  /** Name of the tensor with its raw values, shape [N]. */
  readonly input: string;
  /** Index of its first feature in the matrix of the native model. */
  readonly first: number;
  /** Model files of sentence encoders, by name. */
  readonly encoders?: Encoders;
}

/** Converted columns. */
export interface FeatureBlock {
  /** Name of the tensor, shape [N, features]. */
  readonly output: string;
  /** For each of its columns the index of that feature in the matrix of the native model. */
  readonly features: readonly number[];
  /** The terms of a column that holds bags. */
  readonly bag?: ConvertedBag;
}

/** A column of bags inside the graph. */
export interface ConvertedBag {
  /** Index of its feature in the matrix of the native model. */
  readonly column: number;
  readonly terms: number;
  /** Name of the tensor with the terms of each row, `terms` for none, shape [N, L]. */
  readonly places: string;
  /** Name of the tensor with their values, 0 for none, shape [N, L]. */
  readonly values: string;
}

/** Nodes that columns share: a few for all of them, which keeps single predictions quick. */
export interface Shared<Part> {
  /** Converts all parts at once. */
  convert(graph: OnnxGraph, parts: readonly Part[]): FeatureBlock[];
}

/** What becomes of a column: a block of its own, or parts of what others share. */
export type Converted = FeatureBlock | SharedParts<never>;

/** Parts of a column that are converted with those of others. */
export interface SharedParts<Part> {
  readonly shared: Shared<Part>;
  readonly parts: readonly Part[];
}

/** Hands parts over to shared nodes. */
export function together<Part>(shared: Shared<Part>, ...parts: Part[]): Converted {
  // The parts come back to the nodes that they were handed over for, and to no others.
  return { shared, parts } as SharedParts<unknown> as SharedParts<never>;
}

/** Model files of sentence encoders, by name. */
export type Encoders = Readonly<Record<string, Uint8Array>>;

/** Converts one column. */
export type Converter<State> = (graph: OnnxGraph, column: Placed<State>) => Converted;

/** `count` indices from `first` on. */
export function following(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
