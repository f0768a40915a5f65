/** Local regression at even steps. */

/**
 * Smooths series of one length by the nearest values of each step. The weights depend on places
 * alone: they are found once, those of the middle steps are the same.
 *
 * Source: Cleveland et al., STL (1990), `est` and `ess` of its Fortran, without jumps.
 */
export class Loess {
  readonly #n: number;
  readonly #width: number;
  /** First value of each step's neighbourhood. */
  readonly #left: Int32Array;
  /** Which row of weights is each step's. */
  readonly #row: Int32Array;
  readonly #weights: Float64Array;

  /**
   * Takes the values of the series, those that a step is smoothed by, and the degree of the local
   * line: 0 for a mean.
   */
  constructor(n: number, window: number, degree: 0 | 1) {
    const width = Math.min(window, n);
    const half = (window + 1) >> 1;
    this.#n = n;
    this.#width = width;
    this.#left = new Int32Array(n);
    this.#row = new Int32Array(n);
    const rows: Float64Array[] = [];
    let middle = -1;
    let left = 0;
    for (let t = 0; t < n; t++) {
      if (window < n && t + 1 > half && left + width < n) left++;
      this.#left[t] = left;
      const centred = window < n && t - left === half - 1;
      if (centred && middle >= 0) this.#row[t] = middle;
      else {
        this.#row[t] = rows.push(loessWeights(n, window, degree, t, left, width)) - 1;
        if (centred) middle = this.#row[t];
      }
    }
    this.#weights = new Float64Array(rows.length * width);
    rows.forEach((row, k) => this.#weights.set(row, k * width));
  }

  /** Writes the smoothed values of `y` from place `from` on to `to`. */
  smooth(y: Float64Array, from: number, to: Float64Array): void {
    const [n, width, weights] = [this.#n, this.#width, this.#weights];
    for (let t = 0; t < n; t++) {
      let at = this.#row[t] * width;
      let sum = 0;
      for (let j = from + this.#left[t], end = j + width; j < end; j++) sum += weights[at++] * y[j];
      to[t] = sum;
    }
  }
}

/**
 * Weights of the values from `left` on by which the one at `x` is estimated, both counted from 0;
 * `x` may lie a step before or after the series.
 */
export function loessWeights(
  n: number,
  window: number,
  degree: 0 | 1,
  x: number,
  left: number,
  width: number,
): Float64Array {
  const weights = new Float64Array(width);
  let h = Math.max(x - left, left + width - 1 - x);
  if (window > n) h += Math.floor((window - n) / 2);
  let total = 0;
  for (let j = 0; j < width; j++) {
    const r = Math.abs(left + j - x);
    if (r > 0.999 * h) continue;
    const far = r / h;
    const near = 1 - far * far * far;
    total += weights[j] = r > 0.001 * h ? near * near * near : 1;
  }
  if (!(total > 0)) {
    weights[Math.min(n - 1, Math.max(0, x)) - left] = 1;
    return weights;
  }
  for (let j = 0; j < width; j++) weights[j] /= total;
  if (degree === 0 || !(h > 0)) return weights;
  let centre = 0;
  for (let j = 0; j < width; j++) centre += weights[j] * (left + j);
  let spread = 0;
  for (let j = 0; j < width; j++) spread += weights[j] * (left + j - centre) ** 2;
  if (Math.sqrt(spread) > 0.001 * (n - 1)) {
    const slope = (x - centre) / spread;
    for (let j = 0; j < width; j++) weights[j] *= slope * (left + j - centre) + 1;
  }
  return weights;
}
