/** Whether a classifier can tell two samples apart. */

import { rocAuc } from "../../metrics/mod.ts";
import { Random } from "../../base/mod.ts";
import { fitAndScore, type SparseRow } from "./sparse_logistic.ts";
import { normalTwoSided } from "./special_functions.ts";

/** Texts of a side from which on it says something whether they can be told apart. */
export const FEWEST_TEXTS = 8;

/** How well two samples can be told apart. */
export interface Separation {
  /** Area under the ROC curve on rows the classifier has not seen, in [0, 1]; 0.5 is chance. */
  readonly score: number;
  /** Chance of such an area under no drift. */
  readonly pValue: number;
}

/**
 * The score of {@link separate} that chance alone goes beyond once in forty times at the most. It
 * is that of one half: both go by the same differences, so their mean varies as much.
 */
export function chanceArea(reference: number, current: number): number {
  return 0.5 + 1.96 * deviationOf(reference / 2, current / 2);
}

/** Without ties; with ties it is smaller, and p-values err to the safe side. */
function deviationOf(n: number, m: number): number {
  return Math.sqrt((n + m + 1) / (12 * n * m));
}

/**
 * Fits a classifier to one half of the rows, scores the other, and the other
 * way round. On each half the area under the ROC curve is Mann and Whitney's
 * statistic of rows that played no part in the fit, so its p-value is valid
 * whatever the classifier; of the two the smaller counts, twice.
 *
 * Source: Lopez-Paz and Oquab, 2017, "Revisiting classifier two-sample tests".
 *
 * @param reference Rows of the reference, at least 4.
 * @param current Rows of the current data, at least 4.
 * @param features Number of features.
 */
export function separate(
  reference: readonly SparseRow[],
  current: readonly SparseRow[],
  features: number,
  seed: number,
): Separation {
  const random = new Random(seed);
  const [r, c] = [random.shuffle([...reference]), random.shuffle([...current])];
  const halves = [0, 1].map((half) => {
    const ofHalf = <T>(rows: T[]) => rows.filter((_, i) => i % 2 === half);
    const [inR, inC] = [ofHalf(r), ofHalf(c)];
    const labels = new Uint8Array(inR.length + inC.length).fill(1, inR.length);
    return { rows: [...inR, ...inC], labels, n: inR.length, m: inC.length };
  });
  const areas = halves.map(({ rows, labels, n, m }, half) => {
    const learned = halves[1 - half];
    const scores = fitAndScore(learned.rows, learned.labels, rows, features, random);
    const area = rocAuc(labels, scores);
    const z = (area - 0.5) / deviationOf(n, m);
    const pValue = z > 0 ? normalTwoSided(z) / 2 : 1;
    return { area, pValue };
  });
  return {
    score: (areas[0].area + areas[1].area) / 2,
    pValue: Math.min(1, 2 * Math.min(areas[0].pValue, areas[1].pValue)),
  };
}
