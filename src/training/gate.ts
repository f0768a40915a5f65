/** What a figure must reach. */

/** What a metric must reach. */
export interface Gate {
  /** Least value. */
  readonly min?: number;
  /** Greatest value. */
  readonly max?: number;
}
