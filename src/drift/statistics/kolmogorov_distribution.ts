/** How likely a Kolmogorov-Smirnov distance is by chance. */

import { logBinomial, logGamma } from "./special_functions.ts";

/** Rows of the larger sample up to which SciPy, and so we, count paths exactly. */
const EXACT_ROWS = 10_000;

/**
 * The chance that samples of `n` and `m` rows of one continuous distribution lie
 * `distance` or more apart.
 *
 * Exact where the larger sample has 10,000 rows or fewer; above, the one-sample
 * distribution at the rounded effective size n × m / (n + m).
 *
 * @param mostPairs Above so many pairs of rows it is never exact, which takes their time.
 *
 * Source: SciPy 1.17 `ks_2samp` with `method="auto"`; Hodges, 1958, "The
 * significance probability of the Smirnov two-sample test"; Simard and
 * L'Ecuyer, 2011, "Computing the two-sided Kolmogorov-Smirnov distribution".
 */
export function twoSampleTail(
  distance: number,
  n: number,
  m: number,
  mostPairs: number = Infinity,
): number {
  if (Math.max(n, m) > EXACT_ROWS || n * m > mostPairs) {
    return oneSampleTail(distance, Math.round(n * m / (n + m)));
  }
  const common = greatestDivisor(n, m);
  const steps = Math.round(distance * n / common * m);
  if (steps === 0) return 1;
  return n === m ? equalSizesTail(n, steps) : pathsOutside(n, m, common, steps);
}

/** Reflection gives a closed form if both samples have `n` rows. */
function equalSizesTail(n: number, steps: number): number {
  let tail = 0;
  for (let k = Math.floor(n / steps); k >= 0; k--) {
    let factor = 1;
    for (let j = 0; j < steps; j++) factor *= (n - k * steps - j) / (n + k * steps + j + 1);
    tail = factor * (1 - tail);
  }
  return Math.min(1, 2 * tail);
}

/**
 * The share of lattice paths from (0, 0) to (n, m) that leave the band of width
 * `steps`. Chances flow forward along the band; what flows out is summed, so
 * that a small tail is not a difference of large numbers.
 */
function pathsOutside(n: number, m: number, common: number, steps: number): number {
  const [across, up] = [m / common, n / common];
  const inside = new Float64Array(m + 1);
  inside[0] = 1;
  let [outside, lowest] = [0, 0];
  for (let x = 0; x <= n; x++) {
    const first = Math.max(0, Math.floor((x * across - steps) / up) + 1);
    const last = Math.min(m, Math.ceil((x * across + steps) / up) - 1);
    // A step to the right may leave the band at its lower edge.
    for (; lowest < first; lowest++) {
      outside += inside[lowest];
      inside[lowest] = 0;
    }
    for (let y = first; y <= last; y++) {
      const left = n - x + m - y;
      if (left === 0) break;
      const upward = inside[y] * (m - y) / left;
      if (y < m) {
        if (y + 1 <= last) inside[y + 1] += upward;
        else outside += upward;
      }
      inside[y] *= (n - x) / left;
    }
  }
  return Math.min(1, outside);
}

/** The chance that `n` rows lie `distance` or more from their own continuous distribution. */
function oneSampleTail(distance: number, n: number): number {
  if (distance >= 1) return 0;
  const t = n * distance;
  if (t <= 0.5) return 1;
  const squared = t * distance;
  // Twice the one-sided tail is exact to 1e-6 and better from here on.
  if (distance >= 0.5 || t >= n - 1 || squared >= (n <= 140 ? 4 : 2.2)) {
    return Math.min(1, 2 * oneSidedTail(distance, n));
  }
  const matrix = n <= 140 || (n <= 100_000 && n * distance ** 1.5 <= 1.4);
  return Math.min(1, Math.max(0, 1 - (matrix ? durbin(distance, n) : pelzGood(distance, n))));
}

/** The one-sided tail, a sum of positive terms (Smirnov, 1944). */
function oneSidedTail(distance: number, n: number): number {
  let sum = 0;
  for (let j = 0; j <= Math.floor(n * (1 - distance)); j++) {
    const above = distance + j / n;
    if (above >= 1) continue;
    sum += Math.exp(
      logBinomial(n, j) + (j - 1) * Math.log(above) + (n - j) * Math.log(1 - above),
    );
  }
  return distance * sum;
}

/** The distribution function by powers of a matrix (Durbin, 1973; Marsaglia, Tsang and Wang, 2003). */
function durbin(distance: number, n: number): number {
  const k = Math.ceil(n * distance);
  const h = k - n * distance;
  const size = 2 * k - 1;
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < Math.min(size, i + 2); j++) {
      let value = 1;
      if (j === 0) value -= h ** (i + 1);
      if (i === size - 1) value -= h ** (size - j);
      if (i === size - 1 && j === 0) value += Math.max(0, 2 * h - 1) ** size;
      matrix[i * size + j] = value * Math.exp(-logGamma(i - j + 2));
    }
  }
  let power: Float64Array<ArrayBuffer> = matrix;
  let result: Float64Array<ArrayBuffer> | undefined;
  let [logPower, logResult] = [0, 0];
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      [result, logResult] = result
        ? scaled(product(result, power, size), logResult + logPower)
        : [power, logPower];
    }
    if (left > 1) [power, logPower] = scaled(product(power, power, size), 2 * logPower);
  }
  const middle = result![(k - 1) * size + k - 1];
  return middle * Math.exp(logResult + logGamma(n + 1) - n * Math.log(n));
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      for (let j = 0; j < size; j++) result[i * size + j] += factor * b[k * size + j];
    }
  }
  return result;
}

/** Takes a common factor out, so that powers neither overflow nor vanish. */
function scaled(matrix: Float64Array, log: number): [Float64Array<ArrayBuffer>, number] {
  const largest = matrix.reduce((most, value) => Math.max(most, value), 0);
  return [Float64Array.from(matrix, (value) => value / largest), log + Math.log(largest)];
}

/** The distribution function by an expansion in powers of 1/√n (Pelz and Good, 1976). */
function pelzGood(distance: number, n: number): number {
  const z = distance * Math.sqrt(n);
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const [p2, p4, p6] = [Math.PI ** 2, Math.PI ** 4, Math.PI ** 6];
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  let [extra2, extra3] = [0, 0];
  for (let k = 1; k <= Math.ceil(16 * z / Math.PI); k++) {
    const odd2 = (2 * k - 1) ** 2;
    const [odd4, odd6] = [odd2 ** 2, odd2 ** 3];
    const odd = Math.exp(-p2 * odd2 / (8 * z2));
    k0 += odd;
    k1 += odd * (p2 / 4 * odd2 - z2);
    k2 += odd *
      (6 * z6 + 2 * z4 + p2 / 4 * (2 * z4 - 5 * z2) * odd2 + p4 / 16 * (1 - 2 * z2) * odd4);
    k3 += odd * (-30 * z6 - 90 * z8 + p2 / 4 * (135 * z4 - 96 * z6) * odd2 +
      p4 / 16 * (212 * z4 - 60 * z2) * odd4 + p6 / 64 * (5 - 30 * z2) * odd6);
    const even = Math.exp(-p2 * k * k / (2 * z2)) * k * k;
    extra2 += even;
    extra3 += even * (3 * z2 - p2 * k * k);
  }
  const root = Math.sqrt(2 * Math.PI);
  k0 *= root / z;
  k1 *= root / (6 * z4);
  k2 = k2 * root / (72 * z ** 7) - extra2 * p2 * root / (36 * z ** 3);
  k3 = k3 * root / (6480 * z ** 10) + extra3 * p2 * root / (216 * z6);
  return k0 + k1 / Math.sqrt(n) + k2 / n + k3 / n ** 1.5;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
