/** What is kept so that it need not be made again. */

/** A cache that an operator may empty. */
export interface Cache {
  /** What it keeps, as `explainers`. */
  readonly name: string;
  /** Forgets everything and tells how much that was. */
  clear(): number | Promise<number>;
}
