/** The scale that a series is forecast on. */

/** A scale: as it is, logarithms, or a power between (Box and Cox). */
export type SeriesScale =
  | { readonly kind: "raw" }
  | { readonly kind: "log" }
  | { readonly kind: "boxCox"; readonly lambda: number };

/** Whether values can be brought to a scale. */
export function fitsScale({ kind }: SeriesScale, y: ArrayLike<number>): boolean {
  return kind === "raw" || Array.from(y).every((value) => value > 0);
}

/** Values on a scale. */
export function toScale(scale: SeriesScale, y: Float64Array): Float64Array {
  if (scale.kind === "raw") return y;
  if (scale.kind === "log" || scale.lambda === 0) return y.map(Math.log);
  const { lambda } = scale;
  return y.map((value) => (value ** lambda - 1) / lambda);
}

/**
 * Values back from a scale, as medians: what is as often too high as too low stays so. What no
 * value can become is 0.
 */
export function fromScale(scale: SeriesScale, z: Float64Array): Float64Array {
  if (scale.kind === "raw") return z;
  if (scale.kind === "log" || scale.lambda === 0) return z.map(Math.exp);
  const { lambda } = scale;
  return z.map((value) => Math.max(0, lambda * value + 1) ** (1 / lambda));
}

/** Powers that are tried. */
const POWERS = Array.from({ length: 21 }, (_, i) => i / 20);

/**
 * The power from 0 to 1 that makes seasons of a series vary most alike: the least coefficient of
 * variation of spread / mean^(1 − λ) over its seasons.
 *
 * Source: Guerrero (1993); R `forecast::BoxCox.lambda`.
 *
 * @param y Values above 0, at least two seasons.
 */
export function guerreroLambda(y: Float64Array, season: number): number {
  const width = Math.max(2, season);
  const parts = Array.from({ length: Math.floor(y.length / width) }, (_, k) => {
    const end = y.length - k * width;
    const own = y.subarray(end - width, end);
    const mean = own.reduce((sum, value) => sum + value / width, 0);
    const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { mean, spread: Math.sqrt(squares / (width - 1)) };
  });
  const variation = (lambda: number) => {
    const ratios = parts.map(({ mean, spread }) => spread / mean ** (1 - lambda));
    const centre = ratios.reduce((sum, ratio) => sum + ratio / ratios.length, 0);
    const squares = ratios.reduce((sum, ratio) => sum + (ratio - centre) ** 2, 0);
    return Math.sqrt(squares / ratios.length) / centre;
  };
  return POWERS.reduce((best, one) => variation(one) < variation(best) ? one : best, 0);
}
