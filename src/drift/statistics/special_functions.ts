/** Special functions behind the p-values, to about 14 digits. */

// Lanczos' approximation with g = 7 and nine terms.
const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];
const MOST_TERMS = 10_000;
const TINY = 1e-300;

/** The natural logarithm of the gamma function, for `x` above 0. */
export function logGamma(x: number): number {
  const shifted = x - 1;
  const t = shifted + 7.5;
  const sum = LANCZOS.reduce((total, c, i) => i === 0 ? c : total + c / (shifted + i), 0);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The natural logarithm of `n` over `k`, for 0 ≤ k ≤ n. */
export function logBinomial(n: number, k: number): number {
  if (k === 0 || k === n) return 0;
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/**
 * The upper regularised incomplete gamma function Q(a, x).
 *
 * Source: DLMF 8.11.4 (series) and 8.9.2 (continued fraction, by Lentz's method).
 */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MOST_TERMS && term > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / nonZero(b + factor * d);
    c = nonZero(b + factor / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return scale * fraction;
}

/** The chance that chi-square with `df` degrees of freedom is `x` or more. */
export function chiSquareTail(x: number, df: number): number {
  return gammaQ(df / 2, x / 2);
}

/** The chance that a standard normal value lies `z` or further from 0, to either side. */
export function normalTwoSided(z: number): number {
  return gammaQ(0.5, z * z / 2);
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
