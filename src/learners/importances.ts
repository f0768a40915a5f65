/** Feature importances as shares. */

/** `gains` divided by their sum; all zero if no feature brought any. */
export function normalised(gains: Float64Array): Float64Array {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return total > 0 ? gains.map((gain) => gain / total) : gains;
}
