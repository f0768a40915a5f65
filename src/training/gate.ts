/** What a figure must reach. */

/** What a metric must reach. */
export interface MetricGate {
  /** Least value. */
  readonly min?: number;
  /** Greatest value. */
  readonly max?: number;
}
