/** Where a column's features stand, before and after conversion. */

/** A raw column to convert. */
export interface Placed<State> {
  /** What the column learned. */
  readonly state: State;
  /** Name of the tensor with its raw values, shape [N]. */
  readonly input: string;
  /** Index of its first feature in the matrix of the native model. */
  readonly first: number;
}

/** Converted columns. */
export interface Block {
  /** Name of the tensor, shape [N, features]. */
  readonly output: string;
  /** For each of its columns the index of that feature in the matrix of the native model. */
  readonly features: readonly number[];
}

/** `count` indices from `first` on. */
export function following(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
