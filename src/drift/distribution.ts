/** Two distributions in the same bins, small enough to draw. */

/** How numbers are distributed, in bins whose first and last are open to infinity. */
export interface NumberDistribution {
  /** Tells the kinds apart. */
  readonly kind: "number";
  /** Rising edges between bins; a value on an edge belongs to the bin below it. At most 29. */
  readonly edges: readonly number[];
  /** Share of the reference's values in each bin, one more than edges; the sum is 1. */
  readonly reference: readonly number[];
  /** The same of the current values. */
  readonly current: readonly number[];
}

/** How categories are distributed. */
export interface CategoryDistribution {
  /** Tells the kinds apart. */
  readonly kind: "category";
  /** Categories by their greater share, at most 20, then `null` for all others where there are. */
  readonly names: readonly (string | null)[];
  /** Share of each in the reference; the sum is 1. */
  readonly reference: readonly number[];
  /** Share of each in the current data; the sum is 1. */
  readonly current: readonly number[];
}

/** Distributions of the reference and the current data side by side. */
export type Distribution = NumberDistribution | CategoryDistribution;
