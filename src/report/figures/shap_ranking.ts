/** Which features matter most, by their SHAP values. */

/** A feature and how much it moves scores. */
export interface RankedFeature {
  /** Its place among the features. */
  readonly feature: number;
  /** Mean of its absolute SHAP values, summed over outputs. */
  readonly mean: number;
}

/**
 * The features that move scores most, the first most.
 *
 * @param outputs SHAP values of each output, feature by feature, shape [features × rows].
 */
export function rankByShap(
  features: number,
  rows: number,
  outputs: readonly ArrayLike<number>[],
  most: number,
): RankedFeature[] {
  return Array.from({ length: features }, (_, feature) => ({
    feature,
    mean: outputs.reduce((sum, shap) => sum + meanAbsolute(shap, feature, rows), 0),
  })).sort((a, b) => b.mean - a.mean).slice(0, most);
}

/** The mean absolute SHAP value of one feature. */
export function meanAbsolute(shap: ArrayLike<number>, feature: number, rows: number): number {
  let sum = 0;
  for (let i = feature * rows; i < (feature + 1) * rows; i++) sum += Math.abs(shap[i]);
  return sum / rows;
}
