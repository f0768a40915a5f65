/** The Anderson-Darling test of two samples. */

import type { Measurement, Statistic } from "./contract.ts";

/** Significance levels and critical values of two samples (Scholz and Stephens, 1987, table 2). */
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
const CRITICAL = [0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546];

/**
 * The k-sample Anderson-Darling test of two samples, ties at their midrank. The
 * p-value is interpolated from a table and so stays in [0.001, 0.25].
 *
 * Source: SciPy 1.17 `anderson_ksamp([reference, current])`; Evidently `anderson`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const same = Float64Array.of(1, 2, 3, 4);
 * assertEquals(andersonDarling.measure(same, same).score, 0.25);
 * ```
 */
export const andersonDarling: Statistic<Float64Array> = {
  name: "anderson",
  kinds: ["number"],
  threshold: 0.1,
  drifts: "below",
  goodFor: "changes in the tails of a number, where Kolmogorov-Smirnov is weak",
  measure(reference, current): Measurement {
    const pValue = tail(andersonDarlingScore(reference, current));
    return { score: pValue, pValue };
  },
};

/**
 * The normalised statistic (A²aₖₙ − 1) / σ.
 *
 * @param reference Rising numbers without NaN, shape [values]; both sides together at least 4.
 * @param current The same, of any length.
 * @returns The statistic; 0 if all values are the same or fewer than 4.
 */
export function andersonDarlingScore(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [reference.length, current.length];
  const rows = n + m;
  if (rows < 4) return 0;
  let [i, j, sum] = [0, 0, 0];
  while (i < n || j < m) {
    const value = Math.min(i < n ? reference[i] : Infinity, j < m ? current[j] : Infinity);
    const [i0, j0] = [i, j];
    while (i < n && reference[i] === value) i++;
    while (j < m && current[j] === value) j++;
    const ties = i - i0 + j - j0;
    // Ranks of the tied values count half, in each sample and in both together.
    const [ofReference, ofCurrent, ofBoth] = [(i0 + i) / 2, (j0 + j) / 2, (i0 + i + j0 + j) / 2];
    const spread = ofBoth * (rows - ofBoth) - rows * ties / 4;
    if (spread === 0) return 0;
    sum += ties / rows * ((rows * ofReference - ofBoth * n) ** 2 / n +
      (rows * ofCurrent - ofBoth * m) ** 2 / m) /
      spread;
  }
  return (sum * (rows - 1) / rows - 1) / Math.sqrt(variance(n, m));
}

/** The variance of the statistic under no drift, for two samples. */
function variance(n: number, m: number): number {
  const rows = n + m;
  const inverse = 1 / n + 1 / m;
  let [h, g] = [0, 0];
  for (let i = rows - 1; i > 1; i--) {
    h += 1 / i;
    g += h / (rows - i + 1);
  }
  h += 1;
  const a = (4 * g - 6) + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * 4 - 8 * h;
  return (a * rows ** 3 + b * rows ** 2 + c * rows + d) / ((rows - 1) * (rows - 2) * (rows - 3));
}

/** The level by the parabola that fits the logarithms of the table best. */
function tail(score: number): number {
  if (score < CRITICAL[0]) return LEVELS[0];
  if (score > CRITICAL[CRITICAL.length - 1]) return LEVELS[LEVELS.length - 1];
  return Math.exp(PARABOLA[0] + PARABOLA[1] * score + PARABOLA[2] * score * score);
}

const PARABOLA = fitParabola(CRITICAL, LEVELS.map(Math.log));

/** Least squares by the normal equations, solved by Cramer's rule. */
function fitParabola(x: readonly number[], y: readonly number[]): readonly number[] {
  const sums = [0, 1, 2, 3, 4].map((p) => x.reduce((sum, value) => sum + value ** p, 0));
  const right = [0, 1, 2].map((p) => x.reduce((sum, value, i) => sum + value ** p * y[i], 0));
  const rows = [0, 1, 2].map((r) => [0, 1, 2].map((c) => sums[r + c]));
  const whole = determinant(rows);
  return [0, 1, 2].map((column) =>
    determinant(rows.map((row, r) => row.map((v, c) => c === column ? right[r] : v))) / whole
  );
}

function determinant([[a, b, c], [d, e, f], [g, h, i]]: number[][]): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}
