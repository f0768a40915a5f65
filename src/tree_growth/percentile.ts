/** Quantiles as pinball loss and baselines need them. */

/**
 * A quantile of some values. Without weights between the two nearest, as
 * LightGBM and numpy have it; with weights the lowest value up to which at least
 * that share of the weight lies, as scikit-learn has it.
 *
 * @param share From 0 to 1.
 * @param weights All above 0; missing if each value counts alike.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(percentile(Float64Array.of(4, 1, 3, 2), 0.5), 2.5);
 * assertEquals(percentile(Float64Array.of(4, 1, 3), 0.5, Float64Array.of(9, 1, 1)), 4);
 * ```
 */
export function percentile(
  values: ArrayLike<number>,
  share: number,
  weights?: ArrayLike<number>,
): number {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i)
    .sort((a, b) => values[a] - values[b]);
  const at = (place: number) => values[order[place]];
  if (!weights) {
    const position = share * (order.length - 1);
    const [low, high] = [at(Math.floor(position)), at(Math.ceil(position))];
    return low + (high - low) * (position - Math.floor(position));
  }
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  let reached = 0;
  for (let place = 0; place < order.length; place++) {
    reached += weights[order[place]];
    if (reached >= share * total) return at(place);
  }
  return at(order.length - 1);
}
